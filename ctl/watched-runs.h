/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Runs of a workload that were watched from their start and of which nothing was lost: what was
 * not recorded then was not called, unless their filter leaves no record of it. */
#include "ctl/evidence.h"

typedef struct WatchedRuns {
	WorkloadWindow window;
	Span *filters;       /* OCI JSON, each different one once; owned */
	const char **hashes; /* of these, in the window */
	size_t n_filters;
	size_t whole, running; /* of .whole those that still run */
	usec_t time;           /* how long the whole ones ran, together */
	size_t set_aside;
	char why[EVIDENCE_WHY_MAX]; /* the newest that was set aside was so; "" */
} WatchedRuns;

/* -errno as of the ledger. */
int watched_runs_read(const Evidence *e, const Workload *of, WatchedRuns *ret);
void watched_runs_done(WatchedRuns *w);
#define _cleanup_watched_runs_ _cleanup_(watched_runs_done)
