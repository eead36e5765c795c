/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Entries of journals into a ledger. What it comes to is the same in whatever order they are taken
 * in, how often, and over how many replays; each entry is judged by itself.
 */
#include "evidence/journal-event.h"
#include "evidence/tellers.h"

/* Who wrote an entry that is not seccompd's: an example. "" where journald does not say. */
typedef struct JournalForger {
	char uid[16], exe[256], comm[64], unit[128];
} JournalForger;

typedef struct JournalReplayCounts {
	uint64_t entries; /* with a message id of ours, or naming a ledger */
	uint64_t genuine; /* journald took them from seccompd */
	uint64_t forged;
	uint64_t rejected; /* of the genuine: of no form that seccompd writes, */
	uint64_t other;    /* of another ledger than the one asked for, or of no use for it, */
	uint64_t again;    /* or telling nothing that the ledger did not hold by then */
	uint64_t refused;  /* or of what it has no room for */
} JournalReplayCounts;

typedef struct JournalReplayReport {
	JournalReplayCounts counts;
	bool changed; /* the ledger */
	LedgerJournalFigures figures;
	LedgerUntold untold;
	JournalForger forger;   /* of the first one that was forged */
	JournalFault fault;     /* of the first one that was rejected */
	const Tellers *tellers; /* the replay's */
} JournalReplayReport;

typedef struct JournalReplay JournalReplay;

/* Within a transaction of @l. @uid: of the user seccompd here, see journal_is_genuine(). @only: the
 * one ledger whose entries count, or NULL. */
int journal_replay_new(Ledger *l, uint32_t uid, const char *only, JournalReplay **ret);
JournalReplay *journal_replay_free(JournalReplay *r);
DEFINE_CLEANUP(JournalReplay, journal_replay_free);

/* Takes an entry in that journald took at @now. @cut: fields of it are missing that were too long.
 * 0, or a failure of the ledger. */
int journal_replay_entry(JournalReplay *r, JournalFields fields, bool cut, usec_t now);

const JournalReplayCounts *journal_replay_counts(const JournalReplay *r) _pure_;

/* Writes what follows from all of it. Commit then; after a failure roll back. */
int journal_replay_finish(JournalReplay *r, JournalReplayReport *ret);
