/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The only place where text becomes a number. The whole span must be the number: no blanks, no
 * sign unless stated, no overflow. Returns 0, -EINVAL or -ERANGE. */
#include "util/span.h"

int parse_u64(Span s, uint64_t *ret);
int parse_u32(Span s, uint32_t *ret);
int parse_i64(Span s, int64_t *ret);
int parse_i32(Span s, int32_t *ret);

/* Lower- or upper-case hexadecimal without "0x". */
int parse_hex_u64(Span s, uint64_t *ret);
int parse_hex_u32(Span s, uint32_t *ret);

/* "64", "64K", "16M", "1G" (1024-based). */
int parse_size(Span s, uint64_t *ret);

/* "yes" "no" "true" "false" "1" "0" "on" "off". */
int parse_bool(Span s, bool *ret);

/* Value of one hexadecimal digit, or -1. */
static inline int parse_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}
