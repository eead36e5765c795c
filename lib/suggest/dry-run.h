/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Which of the calls that were seen would be answered otherwise if one filter took the place of
 * another; and of which calls that it answers otherwise nobody can know whether they are made.
 * Pure.
 */
#include "profile/proof.h"
#include "suggest/suggest.h"

typedef struct DryRunInput {
	const Filter *before, *after;
	const Observed *observed;
	size_t n_observed;
	const Filter *ran; /* under which it was seen; allowed calls left no record there */
	bool ran_logs;     /* it has SECCOMP_FILTER_FLAG_LOG */
} DryRunInput;

typedef struct DryRunCall {
	ProofChange change; /* the harshest, where several arguments change */
	bool by_arguments;  /* not for all of them, and records have none */
	bool observed;      /* false: the filter that it ran under would have left no record */
	uint64_t count;
	usec_t first, last;
	uint32_t origins; /* 1 << Origin */
} DryRunCall;

typedef struct DryRun {
	DryRunCall *calls; /* by architecture and number */
	size_t n, allocated;
	size_t n_different; /* of those that were seen */
	size_t n_unknown;
	bool same;          /* both filters answer every call alike */
	uint64_t evaluated; /* calls that were tried on both filters */
	bool assumed;
	char library[16];
} DryRun;

/* -ENOMEM. */
int dry_run(const DryRunInput *in, DryRun *ret);
void dry_run_done(DryRun *d);
#define _cleanup_dry_run_ _cleanup_(dry_run_done)
