/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A ledger rebuilt from what seccompd wrote into journals. As one made from logs it is a file of
 * its own, and it is one or the other. Each ledger that the journals tell of has a host row of its
 * own, since the numbers in it are no other's; a loss and a run have its row number, 40 bits up,
 * and their own number there. Of sightings it keeps which parts of their counts were told
 * (told-counts.h).
 *
 * Within a transaction. Errors are those of ledger.h.
 */
#include "evidence/journal-event.h"
#include "evidence/ledger-replay.h"

#define LEDGER_JOURNAL_SIGHTINGS                                        \
	65536 /* of one workload: those that gave way to others as well \
	       */
#define LEDGER_LOSS_JOURNAL_GAP "journal-gap"

/* Opens as ledger_open_replay(), for journals. */
int ledger_open_journal(const char *path, Ledger **ret, Diag *d);

/* A ledger that was told of. */
typedef struct LedgerTeller {
	int64_t host; /* its row */
	char ledger[JOURNAL_ID_SIZE], machine[JOURNAL_ID_SIZE];
	char hostname[256];
	usec_t named;   /* when the host was last called so */
	usec_t heard;   /* the newest that was told */
	usec_t retired; /* as in ledger-host.h */
	bool doubled;
} LedgerTeller;

int ledger_each_teller(Ledger *l, int (*f)(const LedgerTeller *row, void *userdata),
		       void *userdata);

/* Gives @t, which is new, its .host. */
int ledger_add_teller(Ledger *l, LedgerTeller *t);
int ledger_put_teller(Ledger *l, const LedgerTeller *t);

/* Names its host row. Give all of them names that none has (ledger_unname_tellers()) first. */
int ledger_name_teller(Ledger *l, const LedgerTeller *t, const char *name);
int ledger_unname_tellers(Ledger *l);

/* Take in what an entry tells that journald took at @now: 1 when something of it was new, else 0.
 * -ENOSPC for more workloads or sightings than a ledger has room for. */
int ledger_take_sighting(Ledger *l, int64_t host, const JournalEvent *e, usec_t now);
int ledger_take_stage(Ledger *l, int64_t host, const JournalEvent *e, usec_t now);
int ledger_take_loss(Ledger *l, int64_t host, const JournalEvent *e, usec_t now);
int ledger_take_run(Ledger *l, int64_t host, const JournalEvent *e);
int ledger_take_lifetimes(Ledger *l, int64_t host, const JournalEvent *e);

/* What was told by entries that are gone. */
typedef struct LedgerUntold {
	uint64_t records;   /* counted in a sum that a later entry tells: when is not known */
	uint64_t sightings; /* with such records */
	uint64_t losses, runs;
	uint64_t entries; /* on lifetimes and runs */
} LedgerUntold;

/* Of one host row; with anything untold it gets a loss of the kind journal-gap, over all of its
 * time.
 */
int ledger_find_untold(Ledger *l, int64_t host, LedgerUntold *ret);

/* At the end: what follows from the rest. */
int ledger_settle_workloads(Ledger *l);

typedef struct LedgerJournalFigures {
	uint64_t workloads, sightings, records, losses, runs, lifetimes;
	usec_t first, last;
} LedgerJournalFigures;

int ledger_journal_figures(Ledger *l, LedgerJournalFigures *ret);
