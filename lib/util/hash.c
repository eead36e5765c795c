/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/hash.h"

uint64_t hash_bytes(Span s, uint64_t seed)
{
	uint64_t h = seed ^ (s.n * 0x9e3779b97f4a7c15ULL), word;

	for (; s.n >= sizeof(word); s = span_from(s, sizeof(word))) {
		memcpy(&word, s.p, sizeof(word));
		h = hash_u64(h ^ word) * 0x9e3779b97f4a7c15ULL;
	}
	word = 0;
	if (s.n > 0)
		memcpy(&word, s.p, s.n);
	return hash_u64(h ^ word);
}
