/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What one workload called, gathered from lines in any order: whatever comes first, the same lines
 * make the same calls, first and last times, and examples. Bounded: of too many different calls the
 * ones with the highest numbers are dropped (a program may call any number, and real ones are
 * small), of a call's examples those by the first LEDGER_EXAMPLES_MAX programs are kept.
 */
#include "audit/record.h"
#include "evidence/ledger-replay.h"

/* Calls that may be new between two replay_calls_trim(). */
#define REPLAY_CALLS_BETWEEN 16384

#define REPLAY_COMM_MAX 64
#define REPLAY_EXE_MAX 512

/* The earliest record by a program, and of those of one moment the one with the lowest pid. */
typedef struct ReplayExample {
	usec_t time;
	int32_t pid;
	uint64_t ip;
	size_t comm_n, exe_n;
	char *exe; /* decoded bytes; NULL: there is none */
	char comm[REPLAY_COMM_MAX];
} ReplayExample;

typedef struct ReplayCall {
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	uint64_t count; /* the caller's */
	usec_t first, last;
	uint32_t serial; /* of the first */
	bool changed;    /* since it was read from the ledger */
	int64_t row;     /* there; 0: not yet */
	size_t n_examples;
	ReplayExample *examples; /* by time and program */
} ReplayCall;

typedef struct ReplayCalls ReplayCalls;

/* At most @max of them. */
int replay_calls_new(uint64_t seed, uint32_t max, ReplayCalls **ret);
ReplayCalls *replay_calls_free(ReplayCalls *c);
DEFINE_CLEANUP(ReplayCalls, replay_calls_free);

uint32_t replay_calls_n(const ReplayCalls *c);
/* Good until the next of the functions below. */
ReplayCall *replay_calls_at(ReplayCalls *c, uint32_t i);

/* The call of these, made when it is new; REPLAY_CALL_DROPPED when there are more with lower
 * numbers than are kept. The index is good until the next trim. -ENOMEM. */
#define REPLAY_CALL_DROPPED UINT32_MAX
int replay_calls_find(ReplayCalls *c, uint32_t arch, int64_t nr, Action action, Origin origin,
		      uint32_t *ret);

/* Takes in all of a record but that it counts; the same again changes nothing. -ENOMEM. */
int replay_call_note(ReplayCall *call, const Record *record, usec_t time);

/* From the ledger. */
int replay_call_load(ReplayCall *call, const LedgerSightingRow *row);
int replay_call_load_example(ReplayCall *call, const LedgerExampleRow *row);

/* Drops the calls that are too many, after @f has been told of each. */
int replay_calls_trim(ReplayCalls *c, int (*f)(const ReplayCall *call, void *userdata),
		      void *userdata);
