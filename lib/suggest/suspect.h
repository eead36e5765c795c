/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Evidence that a single container may have planted: at stage LOG every call works, so whoever gets
 * into a container can make it call anything, and would have a profile taught that. Such calls are
 * marked, and nobody is offered them without a person's word. Pure.
 */
#include "evidence/ledger-history.h"
#include "suggest/risk-settings.h"

typedef enum Mark {
	MARK_EXEC_ONLY,   /* only programs that were brought in from outside made it */
	MARK_ONE_REPLICA, /* only one of the instances that ran side by side */
	MARK_AFTER_RISK,  /* in no lifetime before that lifetime's first high-risk call */
	MARK_BURST,       /* one of many new calls of strangers to the container's first program */
	_MARK_MAX,
} Mark;

const char *mark_name(Mark m) _const_; /* "exec-only" */

/* -EINVAL for another word. */
int mark_parse(Span word, Mark *ret);

/* All of it our own judgement. */
typedef struct SuspectPolicy {
	uint32_t marks;    /* 1 << Mark: those that are made */
	uint64_t replicas; /* so many must have run side by side, at the least */
	uint64_t burst;    /* so many different calls, */
	usec_t burst_time; /* all of them first made within this time */
} SuspectPolicy;

void suspect_policy_default(SuspectPolicy *ret);

/* A sighting; several of one (arch, nr) are one call. */
typedef struct SuspectRow {
	uint32_t arch;
	int64_t nr;
	const char *name; /* NULL when nothing knows the number */
	Origin origin;
	usec_t first;
	uint32_t serial;   /* of its first record; 0 = not known */
	uint32_t subjects; /* that made it */
	bool trusted;      /* a person allowed it: what comes behind it is not suspect for that */
	const LedgerMaking *makings; /* by .lifetime */
	size_t n_makings;
} SuspectRow;

typedef struct SuspectInput {
	const SuspectRow *rows; /* all of one workload, under whatever profile */
	size_t n_rows;
	const LedgerLifetime *lifetimes; /* of that workload */
	size_t n_lifetimes;
	const SuspectPolicy *policy;
	const RiskSettings *risks; /* may be NULL */
	usec_t now;
} SuspectInput;

/* What speaks against a call; .marks 0: nothing. */
typedef struct Suspicion {
	uint32_t marks;    /* 1 << Mark */
	uint32_t replicas; /* of MARK_ONE_REPLICA: that ran side by side, the one included */
	const char *after; /* of MARK_AFTER_RISK: the risky call; the input's */
	uint32_t burst;    /* of MARK_BURST: calls in it */
} Suspicion;

/* One answer per row, the same for all rows of a call. -ENOMEM. */
int suspect_find(const SuspectInput *in, Suspicion *ret);

/* "only programs that were brought in from outside (exec) made it; ..." Returns @buf. */
#define SUSPICION_TEXT_MAX 400
char *suspicion_tell(const Suspicion *s, char buf[static SUSPICION_TEXT_MAX]);

/* Is it of high risk, other than by the arguments it may have? Programs that call what may be risky
 * and mostly is not, such as clone, are no reason for suspicion. */
bool suspect_is_risky(const RiskSettings *risks, const char *name);
