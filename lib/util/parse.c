/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "util/parse.h"

static int parse_digits(Span s, unsigned base, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (s.n == 0)
		return -EINVAL;
	for (size_t i = 0; i < s.n; i++) {
		int digit = parse_hex_digit(s.p[i]);

		if (digit < 0 || (unsigned)digit >= base)
			return -EINVAL;
		if (value > (max - (unsigned)digit) / base)
			return -ERANGE;
		value = value * base + (unsigned)digit;
	}
	*ret = value;
	return 0;
}

int parse_u64(Span s, uint64_t *ret)
{
	return parse_digits(s, 10, UINT64_MAX, ret);
}

int parse_u32(Span s, uint32_t *ret)
{
	uint64_t value;
	int r = parse_digits(s, 10, UINT32_MAX, &value);

	if (r == 0)
		*ret = (uint32_t)value;
	return r;
}

static int parse_signed(Span s, uint64_t max, int64_t *ret)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	uint64_t value;
	int r;

	r = parse_digits(negative ? span_from(s, 1) : s, 10, negative ? max + 1 : max, &value);
	if (r == 0)
		*ret = (int64_t)(negative ? 0 - value : value);
	return r;
}

int parse_i64(Span s, int64_t *ret)
{
	return parse_signed(s, INT64_MAX, ret);
}

int parse_i32(Span s, int32_t *ret)
{
	int64_t value;
	int r = parse_signed(s, INT32_MAX, &value);

	if (r == 0)
		*ret = (int32_t)value;
	return r;
}

int parse_hex_u64(Span s, uint64_t *ret)
{
	return parse_digits(s, 16, UINT64_MAX, ret);
}

int parse_hex_u32(Span s, uint32_t *ret)
{
	uint64_t value;
	int r = parse_digits(s, 16, UINT32_MAX, &value);

	if (r == 0)
		*ret = (uint32_t)value;
	return r;
}

int parse_size(Span s, uint64_t *ret)
{
	static const char suffixes[] = "KMG";
	const char *suffix = s.n > 0 ? strchr(suffixes, s.p[s.n - 1]) : NULL;
	unsigned shift = suffix && *suffix ? 10 * (unsigned)(suffix - suffixes + 1) : 0;
	uint64_t value;
	int r;

	r = parse_u64(span_first(s, s.n - (shift > 0)), &value);
	if (r < 0)
		return r;
	if (value > UINT64_MAX >> shift)
		return -ERANGE;
	*ret = value << shift;
	return 0;
}

int parse_bool(Span s, bool *ret)
{
	static const char *const words[][2] = {
		{ "no", "yes" }, { "false", "true" }, { "0", "1" }, { "off", "on" }
	};

	for (size_t i = 0; i < ELEMENTSOF(words) * 2; i++)
		if (span_is(s, words[i / 2][i % 2])) {
			*ret = i % 2;
			return 0;
		}
	return -EINVAL;
}
