/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile against what really runs: the filters of a workload's containers. */
#include "ctl/context.h"

typedef struct RunningDiff {
	const char *file, *workload;
	ContextOptions context; /* without a dialect: that of the containers' engine */
	bool json;
	bool live; /* the loaded filter itself */
} RunningDiff;

/* An exit code: 1 when a container runs under another filter, else 5 when one's is not known or
 * nothing of the workload runs, else 0. */
int diff_running(const Ctl *ctl, const RunningDiff *o);

/* In what context profiles are read for the workload's containers; the dialect goes into @o, where
 * it has none. 0, or an exit code after a sentence. */
int diff_running_context(const Ctl *ctl, const char *workload, ContextOptions *o,
			 ProfileContext *ret, RuntimeFacts *ret_facts);
