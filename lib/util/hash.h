/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Hashing for bounded in-memory tables (not for identity: that is lib/profile/digest.h). The seed
 * keeps strangers from choosing keys that collide. */
#include "util/span.h"

uint64_t hash_bytes(Span s, uint64_t seed) _pure_;

static inline uint64_t hash_u64(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdULL;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ULL;
	return x ^ (x >> 33);
}
