/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * May a workload's profile move to the next stage? Named criteria, each with its value, its
 * threshold and a verdict, from figures that the caller has gathered. Pure. No evidence is never
 * read as good evidence: what was not observed is unknown, and unknown goes before not ready.
 */
#include "util/clock.h"

typedef enum GateTarget {
	GATE_TO_ERRNO, /* from log: calls outside the profile will fail */
	GATE_TO_KILL,  /* from errno: they will end the process */
	_GATE_TARGET_MAX,
} GateTarget;

typedef enum GateVerdict {
	GATE_READY,
	GATE_NOT_READY,
	GATE_UNKNOWN,
	_GATE_VERDICT_MAX,
} GateVerdict;

/* Of a count that nobody could take. */
#define GATE_NOT_KNOWN UINT64_MAX

/* Of a count that was not asked for: its criterion is left out. */
#define GATE_NOT_ASKED (UINT64_MAX - 1)

#define GATE_TEXT_MAX 192
#define GATE_NAME_MAX 64

/* All durations in microseconds. "Window": the longest stretch up to now (or to the end of what was
 * last observed) in which nothing was lost and nothing changed. */
typedef struct GateFigures {
	const char *stage;      /* of the applied filter: "log", "errno", "kill", "other", "" */
	const char *visibility; /* "full", "partial", "blind", "unknown", "" */
	bool contradicted;      /* records show actions that this stage does not make */
	bool heuristic;         /* instances were joined by a guess: they are no replicas */
	bool imported;          /* .asserted, and the log is one of strace's */
	bool asserted; /* somebody said of a log whose calls these are: nothing was watched */

	usec_t observed;         /* in which an instance was running and watched, over all time */
	usec_t window;           /* its length; 0 = there is none */
	usec_t since_loss;       /* from the end of the last loss to now; UINT64_MAX = never any */
	bool cut_by_loss;        /* a loss made the window begin where it does */
	char why[GATE_TEXT_MAX]; /* what did, in words */
	bool started;       /* some start of an instance was watched, in the window or before */
	bool blind_to_loss; /* the kernel's own count of lost records was not seen in the window */

	usec_t quiet;               /* without a new sighting, within the window */
	char newest[GATE_NAME_MAX]; /* the last that was new in it; "" = none was */
	uint64_t starts, graceful_stops, execs, replicas, hosts, lifetimes; /* within the window;
								lifetimes from start to end */
	uint64_t variants_unseen; /* runtime version, kernel, architecture in use without a start */
	uint64_t undecided, arguments, unknown_numbers,
		bad_archs;  /* calls that wait for a person */
	uint64_t preflight; /* problems that the next profile would have */

	uint64_t fleet;  /* hosts that have the workload; 0 = the ledger is of one host */
	uint64_t silent; /* of them, those that nothing was heard of */
	uint64_t others; /* and those that run it under another filter */
	bool doubled;    /* two write under one id */
	char silents[GATE_TEXT_MAX]; /* their names, as far as there is room */

	uint64_t denials;           /* in the window */
	char denied[GATE_TEXT_MAX]; /* which calls, as far as there is room */
	uint64_t probes_unanswered; /* probing calls without an ERRNO rule of their own */
	bool rollback_tested;
	char unexercised[GATE_TEXT_MAX]; /* what the owner has not ticked, "" = all is */
} GateFigures;

typedef struct GateThresholds {
	usec_t complete, quiet, cycle;
	uint64_t starts, graceful_stops, execs, replicas;
	usec_t kill_quiet;
	uint64_t kill_lifetimes;
	bool accept_unobservable_loss;
} GateThresholds;

typedef struct GateCriterion {
	const char *name; /* static: "quiet" */
	GateVerdict verdict;
	char value[GATE_TEXT_MAX], threshold[64];
	char sentence[2 * GATE_TEXT_MAX]; /* why it is so, and what would help */
} GateCriterion;

#define GATE_CRITERIA_MAX 24

typedef struct GateReport {
	GateTarget target;
	GateVerdict verdict; /* ready only when every criterion is; unknown when any is */
	size_t n;
	GateCriterion criteria[GATE_CRITERIA_MAX];
} GateReport;

/* Our own judgement: nobody has published figures that were tested. */
void gate_thresholds_default(GateThresholds *ret);

void gate_decide(const GateFigures *f, const GateThresholds *t, GateTarget target, GateReport *ret);

const char *gate_verdict_name(GateVerdict v) _const_; /* "ready", "not-ready", "unknown" */
const char *gate_target_name(GateTarget t) _const_;   /* "errno", "kill" */

/* -EINVAL for another word. */
int gate_target_parse(const char *word, GateTarget *ret);
