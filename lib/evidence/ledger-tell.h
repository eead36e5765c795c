/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What the journal has been told of the ledger, and what it has not. Each row knows what was told
 * of it, so that nothing is told twice because of a restart, and nothing is left out because of a
 * limit: what had to wait is told later, as it is then.
 */
#include "evidence/gate.h"
#include "evidence/ledger.h"
#include "evidence/ledger-history.h"

/* This ledger's own id: 32 hex digits, made with it. */
#define LEDGER_ID_SIZE 33
int ledger_get_id(Ledger *l, char ret[static LEDGER_ID_SIZE]);

/*
 * ---- sightings ----
 *
 * Counts are told as differences that must add up, also over a crash. So what is about to be told
 * is written down and committed before, and stays the same until it was told.
 */

/* A sighting with what a journal entry says of it; names are those of the newest subject. */
typedef struct LedgerTelling {
	int64_t sighting;
	const char *workload, *container_name, *image, *stage, *profile_hash;
	SubjectKind kind;
	const char *subject; /* container id or unit */
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	Means means;
	uint64_t total, delta; /* as written down; delta is since what was told last */
	uint64_t own_filter;
	usec_t first, last;
	uint32_t serial;
	bool new;                     /* the journal has not heard of it yet */
	uint32_t subjects, lifetimes; /* that made it, up to now, as in ledger.h */
} LedgerTelling;

/*
 * Writes down counts, at most @limit, within a transaction. How many, or -errno. New ones, of
 * processes that were @killed or of the others: at most @of_one of each workload, and fewer where
 * many have some, so that one that makes a crowd of them does not keep the others waiting. Grown
 * ones: of those that were told last @before or earlier, the longest ago.
 */
int ledger_mark_new(Ledger *l, bool killed, uint32_t of_one, uint32_t limit);
int ledger_mark_grown(Ledger *l, usec_t before, uint32_t limit);

/* All that is written down, those of the killed first. */
int ledger_each_telling(Ledger *l, int (*f)(const LedgerTelling *t, void *userdata),
			void *userdata);

/* Within a transaction, as all of ledger_set_...(). */
int ledger_set_sighting_told(Ledger *l, int64_t sighting, usec_t now);

/* Somebody has set the clock back: nothing was told behind @now. */
int ledger_tell_clock(Ledger *l, usec_t now);

/* ---- workloads ---- */

typedef struct LedgerUntoldWorkload {
	int64_t id;
	const char *name, *runtime, *container_name, *image, *stage, *visibility;
	const char *profile_hash, *profile_source, *dialect;
	bool heuristic;
	uint64_t revision;
	uint64_t told; /* revision; 0 = the journal has not heard of it yet */
	const char *told_stage, *told_visibility;
} LedgerUntoldWorkload;

/* At most @limit of those that changed, or have a blind spot that was not told, and were told last
 * @before or earlier. */
int ledger_each_untold_workload(Ledger *l, usec_t before, usec_t now, uint32_t limit,
				int (*f)(const LedgerUntoldWorkload *w, void *userdata),
				void *userdata);
/* It was told as of @revision, and is due again when it changed since. @blind_spot: one is still to
 * be told of it, for which it stays due. */
int ledger_set_workload_told(Ledger *l, int64_t id, uint64_t revision, bool blind_spot, usec_t now);
int ledger_set_blind_spot_told(Ledger *l, int64_t id, uint64_t revision, usec_t now);

/* ---- gates ---- */

/* The next workload behind @after that has a gate before it, or was told to have reached one: 1, or
 * 0 when there is none. */
int ledger_next_gate(Ledger *l, int64_t after, int64_t *ret_id);

/* What was told of it last; GATE_NEVER_TOLD. */
#define GATE_NEVER_TOLD _GATE_VERDICT_MAX
int ledger_get_gate(Ledger *l, int64_t id, GateVerdict *ret);
int ledger_set_gate(Ledger *l, int64_t id, GateVerdict told);

/* ---- losses, lifetimes and runs ---- */

typedef struct LedgerUntoldLoss {
	int64_t id;
	const char *kind, *workload; /* "" = all of this host */
	usec_t from, to;
	uint64_t count; /* LEDGER_COUNT_UNKNOWN */
	uint64_t revision;
	bool longer; /* only that: its count is as it was told */
} LedgerUntoldLoss;

/* At most @limit of those that changed and were told last @before or earlier; @longer_before for
 * those that merely last longer. */
int ledger_each_untold_loss(Ledger *l, usec_t before, usec_t longer_before, usec_t now,
			    uint32_t limit, int (*f)(const LedgerUntoldLoss *loss, void *userdata),
			    void *userdata);
int ledger_set_loss_told(Ledger *l, int64_t id, uint64_t revision, usec_t now);

typedef struct LedgerUntoldLifetime {
	LedgerLifetime f;
	const char *workload;
	int64_t profile; /* its row */
	uint64_t revision;
} LedgerUntoldLifetime;

/* At most @limit of those that began, ended or changed since they were told, of workloads behind
 * @after: by workload, and those alike in all but their times together. */
int ledger_each_untold_lifetime(Ledger *l, int64_t after, uint32_t limit,
				int (*f)(const LedgerUntoldLifetime *row, void *userdata),
				void *userdata);
int ledger_set_lifetime_told(Ledger *l, int64_t id, uint64_t revision);

/* How many entries on lifetimes and runs were sent. */
int ledger_get_sequence(Ledger *l, uint64_t *ret);
int ledger_set_sequence(Ledger *l, uint64_t n);

typedef struct LedgerUntoldRun {
	int64_t id;
	const char *boot;
	usec_t from, to;
	usec_t told; /* until then; 0 = not at all */
} LedgerUntoldRun;

/* Runs that are over, and the newest when it is @longer than the journal was told, or it was not
 * told of it at all. */
int ledger_each_untold_run(Ledger *l, usec_t longer, uint32_t limit,
			   int (*f)(const LedgerUntoldRun *run, void *userdata), void *userdata);
int ledger_set_run_told(Ledger *l, int64_t id, usec_t to);
