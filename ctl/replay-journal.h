/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "replay --journal": a ledger from what seccompd wrote into journals. */
#include "ctl/replay-options.h"
#include "evidence/journal-replay.h"

/* A file of the journal that could not be read, or not to its end. */
typedef struct UnreadJournal {
	char *path;
	int error; /* -errno */
} UnreadJournal;

typedef struct JournalReading {
	JournalReplayReport report;
	uint64_t files; /* that were read */
	UnreadJournal *unread;
	size_t n_unread, allocated_unread;
} JournalReading;

/* An exit code. */
int replay_journal(const ReplayOptions *o);

/* Why a file cannot be read, for the end of a sentence. */
const char *replay_journal_error(int r);

/* ---- replay-journal-output.c ---- */

/* What surprises, on standard error. */
void replay_journal_remark(const JournalReading *r);

void replay_journal_print(const JournalReading *r);
int replay_journal_json(const JournalReading *r);
