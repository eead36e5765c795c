/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Lines of logs into a ledger. The clock is that of the records, and neither the order of the lines
 * nor how often one comes makes a difference: what was taken in is a set. What it takes for that
 * stands in the ledger (record-keys.h), so it holds over many replays; in memory there is one
 * batch.
 */
#include "audit/line.h"
#include "evidence/ledger-replay.h"

/* Whose calls these are taken to be. Borrowed. */
typedef struct ReplaySelection {
	const char *workload; /* NULL: nobody's, "unattributed" */
	const char *runtime;  /* of the workload, "" = not known */
	const char *dialect;  /* likewise */
	const char *exe;      /* glob for the record's program; NULL: any */
	usec_t since, until;  /* records from .since on and before .until; 0 = no bound */
} ReplaySelection;

typedef struct ReplayCounts {
	uint64_t records, skipped, rejected; /* lines, as decode counts them */
	uint64_t stamped;      /* of all lines, those that are an audit record of some type */
	uint64_t undated;      /* records without a time: they are left out, */
	uint64_t outside;      /* as these are for .since and .until, */
	uint64_t other_exe;    /* and these for .exe */
	uint64_t counted;      /* are new; what is left was taken in before */
	uint64_t dropped;      /* are new, but of calls that find no room */
	uint64_t damaged;      /* lines of which not even the stamp can be read */
	uint64_t loss_notices; /* of the kernel's own log */
} ReplayCounts;

typedef struct ReplayReport {
	ReplayCounts counts;
	bool changed;         /* the ledger: else there was nothing new */
	uint64_t calls;       /* different ones that the workload has now */
	usec_t first, last;   /* of its records */
	uint64_t serial_gaps; /* of all that the ledger holds now */
} ReplayReport;

typedef struct Replay Replay;

/* Within a transaction of @l. -EBADMSG when the ledger contradicts itself. */
int replay_new(const ReplaySelection *s, Ledger *l, uint64_t seed, Replay **ret);
Replay *replay_free(Replay *r);
DEFINE_CLEANUP(Replay, replay_free);

/* Takes a line in. A failure is kept: the rest is passed over, and replay_finish() returns it. */
void replay_line(Replay *r, const Line *line);

/* 0, or the failure so far. */
int replay_error(const Replay *r) _pure_;

/* Writes what is not written yet. Commit then; after a failure roll back, and the ledger is as it
 * was. -E2BIG: more lines within seconds than a kernel writes. */
int replay_finish(Replay *r, ReplayReport *ret);
