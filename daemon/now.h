/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The clocks, in microseconds. lib/ has none: there the time is a parameter. */
#include <time.h>

#include "util/clock.h"

static inline usec_t now_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + (usec_t)ts.tv_nsec / 1000;
}
