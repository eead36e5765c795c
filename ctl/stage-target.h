/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which workload a stage is changed of, and the filter that it runs under. */
#include "ctl/evidence.h"
#include "ctl/inventory.h"

typedef struct StageTarget {
	const Workload *workload; /* the ledger's row, or one of .running */
	Inventory running;        /* when the ledger does not have it */
	char *filter;             /* OCI JSON; NULL: it runs without one, or was not asked for */
} StageTarget;

/* The workload that @word means, of the ledger or of what runs now; with @need_filter what it runs
 * under, or ran last. 0, or the exit code after the sentence was printed for @verb. */
int stage_target_find(const Ctl *ctl, const Evidence *e, const char *verb, const char *word,
		      bool need_filter, StageTarget *ret);
void stage_target_done(StageTarget *t);
#define _cleanup_stage_target_ _cleanup_(stage_target_done)
