/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Numbers at the start of a longer text, for readers that go through much text once. Eight bytes
 * are looked at together, since numbers of changing length are what a branch predictor cannot
 * learn: this halves the time that decoding a record takes.
 */
#include <endian.h>
#include "util/span.h"

#define PREFIX_BYTES(b) (0x0101010101010101ULL * (b))
#define PREFIX_HIGH PREFIX_BYTES(0x80)

/* The eight bytes at @p, first one lowest. */
static inline uint64_t prefix_load8(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

/* The next eight bytes; behind the end of @s there are zeros. */
static inline uint64_t prefix_load(Span s)
{
	uint64_t w = 0;

	if (s.n >= sizeof(w))
		return prefix_load8(s.p);
	for (size_t i = 0; i < s.n; i++)
		w |= (uint64_t)(unsigned char)s.p[i] << 8 * i;
	return w;
}

/* How many bytes of @w come before the first one whose high bit is set in @stop. */
static inline size_t prefix_count(uint64_t stop)
{
	return stop ? (unsigned)__builtin_ctzll(stop) / 8 : 8;
}

/* The high bit of each byte of @w (7-bit bytes) that is @least or more. */
static inline uint64_t prefix_at_least(uint64_t w, unsigned least)
{
	return w + PREFIX_BYTES(0x80 - least);
}

/* Eight digits' values, the first one lowest, joined to pairs, fours and one number. */
static inline uint64_t prefix_join_decimal(uint64_t w)
{
	w = (w * (1 + (10 << 8)) >> 8) & 0x00ff00ff00ff00ffULL;
	w = (w * (1 + (100 << 16)) >> 16) & 0x0000ffff0000ffffULL;
	return w * (1 + (10000ULL << 32)) >> 32;
}

static inline uint64_t prefix_join_hex(uint64_t w)
{
	w = (w * (1 + (0x10 << 8)) >> 8) & 0x00ff00ff00ff00ffULL;
	w = (w * (1 + (0x100 << 16)) >> 16) & 0x0000ffff0000ffffULL;
	return w * (1 + (0x10000ULL << 32)) >> 32;
}

/* Up to eight decimal digits; returns how many there are. */
static inline size_t prefix_decimal8(Span s, uint64_t *ret)
{
	uint64_t w = prefix_load(s) ^ PREFIX_BYTES('0');
	size_t n = prefix_count((prefix_at_least(w & ~PREFIX_HIGH, 10) | w) & PREFIX_HIGH);

	if (n == 0)
		return 0;
	/* Right-aligned, zeros in front. */
	*ret = prefix_join_decimal(w << 8 * (8 - n));
	return n;
}

/* The same for hexadecimal digits in lower case. */
static inline size_t prefix_hex8(Span s, uint64_t *ret)
{
	uint64_t w = prefix_load(s), low = w & ~PREFIX_HIGH, decimal, letter;
	size_t n;

	decimal = prefix_at_least(low, '0') & ~prefix_at_least(low, '9' + 1);
	letter = prefix_at_least(low, 'a') & ~prefix_at_least(low, 'f' + 1);
	n = prefix_count((~(decimal | letter) | w) & PREFIX_HIGH);
	if (n == 0)
		return 0;
	w = (w & PREFIX_BYTES(0x0f)) + 9 * (w >> 6 & PREFIX_BYTES(1));
	*ret = prefix_join_hex(w << 8 * (8 - n));
	return n;
}

/* Is there nothing behind the first @n bytes that could be a digit? Nearly always a space is. */
static inline bool prefix_ends(Span s, size_t n)
{
	return n < 8 || n >= s.n || s.p[n] == ' ';
}

/* Eight digits are in @ret, and more follow. */
static inline size_t prefix_decimal_long(Span s, uint64_t *ret)
{
	static const uint64_t powers[] = { 1,      10,      100,      1000,     10000,
					   100000, 1000000, 10000000, 100000000 };
	size_t n = 8, more = 8;
	uint64_t part = 0;

	while (more == 8) {
		more = prefix_decimal8(span_from(s, n), &part);
		if (more > 0 && (__builtin_mul_overflow(*ret, powers[more], ret) ||
				 __builtin_add_overflow(*ret, part, ret)))
			return 0;
		n += more;
	}
	return n;
}

/* The number at the start of @s. Returns the bytes that it takes, 0 when there is none or it does
 * not fit. Any text may follow. */
static inline size_t prefix_decimal(Span s, uint64_t *ret)
{
	size_t n = prefix_decimal8(s, ret);

	return prefix_ends(s, n) ? n : prefix_decimal_long(s, ret);
}

static inline size_t prefix_hex(Span s, uint64_t *ret)
{
	size_t n = prefix_hex8(s, ret), more;
	uint64_t part = 0;

	if (prefix_ends(s, n))
		return n;
	more = prefix_hex8(span_from(s, n), &part);
	if (more > 0)
		*ret = *ret << 4 * more | part;
	n += more;
	return n < 16 || prefix_hex8(span_from(s, n), &part) == 0 ? n : 0;
}

/*
 * Numbers of a known length: all of the @n bytes (1 to 8; 1 to 16) at @p must be digits. Eight
 * bytes must be readable at @p, whatever @n. False without touching *@ret when one is no digit.
 */
static inline bool exact_decimal8(const char *p, size_t n, uint64_t *ret)
{
	uint64_t w = (prefix_load8(p) ^ PREFIX_BYTES('0')) << 8 * (8 - n);

	if (((w + PREFIX_BYTES(0x80 - 10)) | w) & PREFIX_HIGH)
		return false;
	*ret = prefix_join_decimal(w);
	return true;
}

static inline bool exact_hex8(const char *p, size_t n, uint64_t *ret)
{
	/* A digit becomes 0 to 9 and a letter 0x51 to 0x56; then 1 to 6, with a 1 in @letter. */
	uint64_t w = (prefix_load8(p) ^ PREFIX_BYTES('0')) << 8 * (8 - n);
	uint64_t letter = w >> 6 & PREFIX_BYTES(1), over, under;

	w ^= letter * 0x50;
	over = w + PREFIX_BYTES(0x80 - 10) + letter * 3;
	under = ~(w + PREFIX_HIGH - letter);
	if ((w | over | under) & PREFIX_HIGH)
		return false;
	*ret = prefix_join_hex(w + letter * 9);
	return true;
}

static inline bool exact_decimal(const char *p, size_t n, uint64_t *ret)
{
	uint64_t high, low;

	if (n <= 8)
		return exact_decimal8(p, n, ret);
	if (!exact_decimal8(p, n - 8, &high) || !exact_decimal8(p + n - 8, 8, &low))
		return false;
	*ret = high * 100000000 + low;
	return true;
}

static inline bool exact_hex(const char *p, size_t n, uint64_t *ret)
{
	uint64_t high, low;

	if (n <= 8)
		return exact_hex8(p, n, ret);
	if (!exact_hex8(p, n - 8, &high) || !exact_hex8(p + n - 8, 8, &low))
		return false;
	*ret = high << 32 | low;
	return true;
}
