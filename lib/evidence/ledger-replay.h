/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A ledger made from logs. It holds nothing else: a daemon refuses it, and a ledger that a daemon
 * wrote is refused here, as is one made from journals (ledger-journal.h). It keeps which lines it
 * holds, so that none counts twice. All figures are set to what they are, not added to; within a
 * transaction. Errors are those of ledger.h.
 */
#include "evidence/ledger.h"
#include "evidence/record-keys.h"

/* Opens for writing, and makes the file when needed. As ledger_open_writer(), but a damaged file is
 * -EBADMSG, and one that holds what a daemon has seen -EEXIST. */
int ledger_open_replay(const char *path, Ledger **ret, Diag *d);

/* Closes it and removes its files: for one that was made and got nothing. */
void ledger_discard(Ledger *l, const char *path);

/* What was it made from? 0: what a daemon has seen. Or -errno. */
enum { LEDGER_OF_LOGS = 1, LEDGER_OF_JOURNALS, LEDGER_OF_STRACE, LEDGER_OF_LEDGERS };
int ledger_is_replayed(Ledger *l);

/* Notes that it was made from what it was opened for. */
int ledger_set_replayed(Ledger *l);

/* The lines of a stretch that are held for a workload, or for none (0). Nothing when there are
 * none. */
int ledger_get_keys(Ledger *l, uint64_t stretch, int64_t workload, RecordKeys *ret);
int ledger_put_keys(Ledger *l, uint64_t stretch, int64_t workload, const RecordKeys *keys);

/* By stretch and workload. */
int ledger_each_keys(Ledger *l,
		     int (*f)(uint64_t stretch, int64_t workload, const RecordKeys *keys,
			      void *userdata),
		     void *userdata);

typedef struct LedgerReplayed {
	uint64_t sightings, dropped;
	usec_t first, last;
} LedgerReplayed;

/* Sets .count, .first, .last and .serial of the sighting that the other fields name, made when it
 * is new; .subject may be 0. *ret is its id. It has no examples then. */
int ledger_set_sighting(Ledger *l, const LedgerCall *call, int64_t *ret);

/* With its examples. */
int ledger_forget_sighting(Ledger *l, int64_t sighting);

/* The subject of calls that were assigned to nobody: read from a log. */
int ledger_set_nobody(Ledger *l, int64_t workload, const LedgerReplayed *figures, int64_t *ret);

int ledger_set_workload(Ledger *l, int64_t workload, const LedgerReplayed *figures);

int ledger_clear_hours(Ledger *l, int64_t workload);
int ledger_clear_losses(Ledger *l);
