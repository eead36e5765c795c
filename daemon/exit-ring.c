/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/exit-ring.h"

#define EXITS 16384 /* a power of two */

struct ExitRing {
	uint64_t n;
	uint64_t rows[EXITS]; /* pid and status */
};

int exit_ring_new(ExitRing **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

ExitRing *exit_ring_free(ExitRing *r)
{
	free(r);
	return NULL;
}

void exit_ring_note(ExitRing *r, pid_t pid, uint32_t status)
{
	uint64_t n = r->n;

	__atomic_store_n(&r->rows[n % EXITS], (uint64_t)(uint32_t)pid << 32 | status,
			 __ATOMIC_RELAXED);
	__atomic_store_n(&r->n, n + 1, __ATOMIC_RELEASE);
}

int exit_ring_find(const ExitRing *r, pid_t pid, uint32_t *ret_status)
{
	uint64_t n = __atomic_load_n(&r->n, __ATOMIC_ACQUIRE);

	for (uint64_t i = 0; i < MIN(n, (uint64_t)EXITS); i++) {
		uint64_t row = __atomic_load_n(&r->rows[(n - 1 - i) % EXITS], __ATOMIC_RELAXED);

		if ((uint32_t)(row >> 32) == (uint32_t)pid) {
			*ret_status = (uint32_t)row;
			return 0;
		}
	}
	return -ESRCH;
}
