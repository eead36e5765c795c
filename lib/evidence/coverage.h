/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * How much of what a workload may ever call has been seen, as far as counting can tell. The unit is
 * a lifetime, or a day: single calls are copies of each other. None of this is a probability that
 * the profile fits, see coverage_caveat().
 */
#include "util/clock.h"

typedef struct CoverageInput {
	uint64_t lifetimes;       /* that were watched from their start */
	uint64_t once, twice;     /* sightings made in exactly one, two of them */
	uint64_t quiet_lifetimes; /* started behind the last new sighting */
	usec_t quiet;             /* time since then */
} CoverageInput;

/* Each is negative where there is nothing to compute it from. */
typedef struct Coverage {
	double next_new;     /* Good-Turing: share of lifetimes that will show something new */
	double unseen_least; /* Chao2: so many sightings at least are still to come */
	double lifetime_bound, day_bound; /* 95 % upper bounds of showing something new, per one */
} Coverage;

void coverage_find(const CoverageInput *in, Coverage *ret);

/* What these figures do not say. One sentence; static. */
const char *coverage_caveat(void) _const_;
