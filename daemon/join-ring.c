/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/join-ring.h"
#include "util/hash.h"

struct JoinRing {
	uint64_t n;
	uint64_t rows[JOIN_RING_LENGTH];
};

int join_ring_new(JoinRing **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

JoinRing *join_ring_free(JoinRing *r)
{
	free(r);
	return NULL;
}

uint64_t join_ring_hash(Span id)
{
	return hash_bytes(id, 0);
}

void join_ring_note(JoinRing *r, uint64_t hash)
{
	uint64_t n = r->n;

	__atomic_store_n(&r->rows[n % JOIN_RING_LENGTH], hash, __ATOMIC_RELAXED);
	__atomic_store_n(&r->n, n + 1, __ATOMIC_RELEASE);
}

uint64_t join_ring_count(const JoinRing *r)
{
	return __atomic_load_n(&r->n, __ATOMIC_ACQUIRE);
}

bool join_ring_take(const JoinRing *r, uint64_t *at, uint64_t *ret_hash)
{
	uint64_t n = join_ring_count(r);

	if (n > *at + JOIN_RING_LENGTH)
		*at = n - JOIN_RING_LENGTH;
	if (*at >= n)
		return false;
	*ret_hash = __atomic_load_n(&r->rows[*at % JOIN_RING_LENGTH], __ATOMIC_RELAXED);
	++*at;
	return true;
}
