/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A monotonic clock, preloaded, on which 300 ms pass from each look at it to the next: what shows
 * only after a while shows at once, however fast the machine is. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define STEP_MS 300

int clock_gettime(clockid_t id, struct timespec *ret)
{
	static unsigned long looks;
	unsigned long ms;

	if (id != CLOCK_MONOTONIC_COARSE)
		return (int)syscall(SYS_clock_gettime, id, ret);
	ms = __atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED) * STEP_MS;
	ret->tv_sec = (time_t)(ms / 1000);
	ret->tv_nsec = (long)(ms % 1000) * 1000000;
	return 0;
}
