/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What one run costs, when many are measured: CPU time, and of several figures the median. */
#include <stdlib.h>
#include <time.h>

static inline double bench_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline int bench_compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts @times. */
static inline double bench_median(double *times, size_t n)
{
	qsort(times, n, sizeof(*times), bench_compare);
	return times[n / 2];
}
