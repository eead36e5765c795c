/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Where words end, for a reader that goes through much text once: one look at 64 bytes tells of
 * each whether it may stand within a word of the kernel's. What may not is a space, a control
 * character, a double quote, and any byte from 0x7f on.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include "util/prefix.h"

#define STOPS_BLOCK ((size_t)64)

/* Bit i for byte i of the eight at @p. */
static inline uint64_t stops_portable8(const char *p)
{
	uint64_t w = prefix_load(span_make(p, sizeof(w))), low = w & ~PREFIX_HIGH, plain;

	plain = prefix_at_least(low, 0x21) & ~prefix_at_least(low, 0x7f) &
		prefix_at_least(low ^ PREFIX_BYTES('"'), 1);
	/* The multiplication brings the eight bits together in the highest byte. */
	return (((~plain | w) & PREFIX_HIGH) >> 7) * 0x0102040810204080ULL >> 56;
}

static inline uint64_t stops_portable64(const char *p)
{
	uint64_t stops = 0;

	for (unsigned i = 0; i < 8; i++)
		stops |= stops_portable8(p + 8 * i) << 8 * i;
	return stops;
}

#ifdef __SSE2__
static inline uint64_t stops_sse16(const char *p)
{
	__m128i text = _mm_loadu_si128((const __m128i *)(const void *)p);
	/* Signed: one more than 0x7f, and all above it, is less than zero; 0xff becomes 0. */
	__m128i more = _mm_add_epi8(text, _mm_set1_epi8(1));
	__m128i other = _mm_cmplt_epi8(more, _mm_set1_epi8(0x22));
	__m128i quote = _mm_cmpeq_epi8(text, _mm_set1_epi8('"'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(other, quote));
}
#endif

/* Bit i for byte i of the 64 at @p: may it not stand within a word? */
static inline uint64_t stops_find64(const char *p)
{
#ifdef __SSE2__
	return stops_sse16(p) | stops_sse16(p + 16) << 16 | stops_sse16(p + 32) << 32 |
	       stops_sse16(p + 48) << 48;
#else
	return stops_portable64(p);
#endif
}
