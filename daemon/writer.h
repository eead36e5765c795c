/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The writer: folds the tally into the ledger, names what it finds, notes loss. Runs on the
 * manager's loop; it may wait for a disk, the reader does not wait for it.
 */
#include "daemon/joins.h"
#include "daemon/lifetime.h"
#include "daemon/loss.h"
#include "daemon/position.h"
#include "daemon/queue.h"
#include "daemon/resolve.h"
#include "suggest/risk-settings.h"

typedef struct Writer Writer;

typedef struct WriterSetup {
	Tally *tally; /* borrowed, as all of these */
	Queue *queue;
	Ledger *ledger;
	Resolver *resolver;
	WatchLock *lock;       /* taken for these two; NULL: nobody else has a part in them */
	Lifetimes *lifetimes;  /* NULL: none are followed */
	const JoinRing *joins; /* NULL: nobody tells of them */
	Loss *loss;
	Position *position;        /* NULL: the source keeps nothing */
	const RiskSettings *risks; /* the administrator's; NULL: none */
} WriterSetup;

/* Brings the tally's marks in line with the ledger, whatever happened to either. */
int writer_new(const WriterSetup *setup, usec_t now, Writer **ret);
Writer *writer_free(Writer *w);
DEFINE_CLEANUP(Writer, writer_free);

/* The ledger was opened anew, see lifetimes_renewed(): brings all that is kept of it in line. */
int writer_renewed(Writer *w, bool same_boot);

/*
 * One pass, one transaction. Returns 0 when all is folded; WRITER_MORE when something is left for a
 * next pass soon (the bound was reached, or a container's state is not there yet); -errno when the
 * ledger could not take it: nothing is lost, the tally keeps it.
 */
enum { WRITER_MORE = 1 };
int writer_fold(Writer *w, usec_t now);

/* Takes unresolved subjects as they are, so that the last pass before the end leaves nothing. */
void writer_hurry(Writer *w);

/* Sightings folded for the first time since writer_new(). */
uint64_t writer_new_sightings(const Writer *w);

/* The same, by risk. */
void writer_new_by_risk(const Writer *w, uint64_t ret[static _RISK_MAX]);
