/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "evidence/coverage.h"

#define DAY (24 * 3600 * USEC_PER_SEC)

/*
 * @n independent units without anything new: by the exact form of the rule of three (3/n), at 95 %
 * the next one shows something new no more often than so.
 */
static double bound_of(double n)
{
	return n > 0 ? 1 - pow(0.05, 1 / n) : -1;
}

/* Bias-corrected, so that none seen twice is no division by zero. */
static double chao2(const CoverageInput *in)
{
	double once = (double)in->once, twice = (double)in->twice, n = (double)in->lifetimes;

	if (in->lifetimes == 0)
		return -1;
	return fmax(0, (n - 1) / n * once * (once - 1)) / (2 * (twice + 1));
}

void coverage_find(const CoverageInput *in, Coverage *ret)
{
	double days = (double)in->quiet / (double)DAY;

	*ret = (Coverage){
		.next_new =
			in->lifetimes > 0 ? fmin(1, (double)in->once / (double)in->lifetimes) : -1,
		.unseen_least = chao2(in),
		.lifetime_bound = bound_of((double)in->quiet_lifetimes),
		/* a part of a day bounds nothing */
		.day_bound = bound_of(floor(days)),
	};
}

const char *coverage_caveat(void)
{
	return "This is coverage of what happened, not confidence in what will: instances resemble "
	       "each other, and what happens rarely (the end of a month, a full disk, a failing "
	       "peer) is not drawn at random.";
}
