/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What manager.c (the loop) and manager-make.c (what it is made of) share. */
#include <limits.h>
#include <systemd/sd-event.h>

#include "daemon/ancestry.h"
#include "daemon/backfill.h"
#include "daemon/watch-thread.h"
#include "daemon/loss-watch.h"
#include "daemon/manager.h"
#include "daemon/ledger-renewal.h"
#include "daemon/opener.h"
#include "daemon/publish.h"
#include "daemon/reader.h"

struct Manager {
	Config *config;
	const ConfigOrigin *origin;
	bool once;
	sd_event *event;
	sd_event_source *timer, *queue_source, *done_source, *signals[3];
	int proc_fd, root_fd, cgroup_fd, tally_fd;
	Tally *tally;
	Ledger *ledger;
	Queue *queue;
	ContainerCache *containers;
	WatchThread *watch;
	WatchLock watch_lock;
	UnitBus *units;
	Resolver *resolver;
	ExitRing *exits;
	JoinRing *joins;
	Lifetimes *lifetimes;
	LossWatch *loss_watch;
	Loss loss;
	Writer *writer;
	Source *source;
	Opener *opener; /* NULL: we may open all of it ourselves */
	const char *opener_socket;
	int audit_fd;           /* passed, or -1; the source takes it */
	int connector_fd;       /* passed, or -1 */
	JournalAudit *backfill; /* until the source has it */
	Position *position;     /* of a source that keeps what is not read */
	Ancestry *ancestry;
	Reader *reader;
	Publisher publisher;
	LedgerRenewal renewal;
	int failed;  /* -errno: ending, for the next start to mend */
	bool kept;   /* the source has all that came while nobody ran */
	bool passed; /* the source was, so that it holds what came while nobody ran */
	char host[HOST_NAME_MAX + 1];
	char boot[64]; /* its id; "" = not known */
};

usec_t manager_now(void);

/* The roots, and the source of records: the opening of a pipe that nobody writes may wait. */
int manager_open(Manager *m, Diag *d);

/* The evidence, and who reads and writes it. */
int manager_make(Manager *m, Diag *d);

/* Serials start anew with each boot: stores the id of this one in the ledger. *ret_known: the
 * ledger had it already. */
int manager_note_boot(Manager *m, bool *ret_known);

/* The places of runtimes' state as the configuration has them now. */
StateRoots manager_state_roots(const Manager *m);
