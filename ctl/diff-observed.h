/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile change, tried on what a workload was seen to do. */
#include "ctl/context.h"
#include "ctl/evidence.h"
#include "suggest/dry-run.h"

typedef struct ObservedDiff {
	const char *paths[2], *workload;
	ContextOptions context; /* without a dialect: the workload's */
	bool json;
} ObservedDiff;

typedef struct ObservedView {
	const ObservedDiff *o;
	const Workload *workload;
	const DryRun *run;
	size_t n_calls;   /* different ones that were seen */
	bool ran_is_file; /* the filter that it ran under is not known: A is taken for it */
	bool complete;
	char why[EVIDENCE_WHY_MAX];
	ProfileContext context;
	Dialect dialect;
	RuntimeFacts facts;
	bool color;
	int exit_code;
} ObservedView;

/* An exit code: 1 when a call that was seen is answered otherwise, else 5 when nobody can know,
 * else 0. */
int diff_observed(const Ctl *ctl, const ObservedDiff *o);

/* 0, -ENOMEM, -EIO. */
int observed_print_text(const ObservedView *v, FILE *f);
int observed_print_json(const ObservedView *v, FILE *f);
