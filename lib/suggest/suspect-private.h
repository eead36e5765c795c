/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the parts of suspect_find(). Not for other modules. */
#include "suggest/suspect.h"

typedef struct SuspectCall {
	const SuspectRow **rows; /* n_rows of them */
	size_t n_rows;
	uint32_t origins; /* 1 << Origin */
	usec_t first;     /* 0 = not known */
	Suspicion found;
} SuspectCall;

typedef struct Suspects {
	const SuspectRow **rows; /* by call */
	SuspectCall *calls;
	size_t n_calls;
	SuspectCall **order;              /* scratch, as many */
	const LedgerLifetime **lifetimes; /* by name */
	const SuspectRow **risky;         /* of no one's word */
	size_t n_risky;
	uint32_t origins; /* of all calls */
} Suspects;

/* By who else ran at the time (suspect-replica.c). */
void suspect_mark_replicas(const SuspectInput *in, Suspects *s);

/* By what came before (suspect-risk.c). */
void suspect_mark_after_risk(const SuspectInput *in, Suspects *s);
