/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "tests/unit/unit.h"
#include "util/hash.h"
#include "util/prefix.h"
#include "util/stops.h"

/* Exactly as many bytes as the text has, so that a sanitizer sees a read behind it. */
static size_t read_exact(size_t (*read)(Span s, uint64_t *ret), const char *text, size_t n,
			 uint64_t *ret)
{
	_cleanup_free_ char *copy = malloc(n > 0 ? n : 1);

	assert_non_null(copy);
	memcpy(copy, text, n);
	return read(span_make(copy, n), ret);
}

static void test_numbers_of_every_length_are_read(void **state)
{
	static const char *const ends[] = { "", " ", "x", "/", ":", "\xb0", "        " };
	char text[64];
	uint64_t value, shown = 0;

	(void)state;
	for (unsigned digits = 1; digits <= 19; digits++) {
		shown = shown * 10 + digits % 10;
		for (size_t i = 0; i < ELEMENTSOF(ends); i++) {
			int n = snprintf(text, sizeof(text), "%" PRIu64 "%s", shown, ends[i]);

			value = 0;
			assert_int_equal(read_exact(prefix_decimal, text, (size_t)n, &value),
					 digits);
			assert_true(value == shown);
		}
	}
	for (unsigned digits = 1; digits <= 16; digits++) {
		shown = 0xfedcba9876543210 >> 4 * (16 - digits);
		for (size_t i = 0; i < ELEMENTSOF(ends); i++) {
			int n = snprintf(text, sizeof(text), "%" PRIx64 "%s", shown,
					 ends[i][0] == 'x' ? "g" : ends[i]);

			value = 0;
			assert_int_equal(read_exact(prefix_hex, text, (size_t)n, &value), digits);
			assert_true(value == shown);
		}
	}
}

static void test_only_digits_are_digits(void **state)
{
	uint64_t value;

	(void)state;
	for (unsigned c = 0; c < 256; c++)
		for (unsigned at = 0; at < 9; at++) {
			char text[10] = "111111111";
			bool decimal = c >= '0' && c <= '9',
			     hex = decimal || (c >= 'a' && c <= 'f');

			text[at] = (char)c;
			assert_int_equal(read_exact(prefix_decimal, text, 9, &value),
					 decimal ? 9 : at);
			assert_int_equal(read_exact(prefix_hex, text, 9, &value), hex ? 9 : at);
		}
}

static void test_what_does_not_fit_is_no_number(void **state)
{
	static const struct {
		const char *text;
		size_t decimal, hex;
	} rows[] = {
		{ "18446744073709551615", 20, 0 },
		{ "18446744073709551616", 0, 0 },
		{ "99999999999999999999", 0, 0 },
		{ "184467440737095516150", 0, 0 },
		{ "ffffffffffffffff ", 0, 16 },
		{ "10000000000000000", 17, 0 },
		{ "00000000000000000001", 20, 0 },
		{ "11111111111111111111111111111111", 0, 0 },
		{ "", 0, 0 },
		{ "-1", 0, 0 },
		{ "F", 0, 0 },
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		size_t n = strlen(rows[i].text);

		assert_int_equal(read_exact(prefix_decimal, rows[i].text, n, &value),
				 rows[i].decimal);
		assert_int_equal(read_exact(prefix_hex, rows[i].text, n, &value), rows[i].hex);
	}
	assert_int_equal(prefix_decimal(SPAN_LIT("18446744073709551615"), &value), 20);
	assert_true(value == UINT64_MAX);
}

/* Each length, with each byte that there is at each place: what the reader of any text finds. */
static void test_numbers_of_a_known_length_are_read_whole_or_not(void **state)
{
	static const char digits[] = "9a07c3e18f5b2d64";
	uint64_t value, wanted;

	(void)state;
	for (size_t n = 1; n <= 16; n++)
		for (unsigned c = 0; c < 256 * n; c++) {
			char text[16 + 8];

			memset(text, '/', sizeof(text));
			memcpy(text, digits, n);
			text[c % n] = (char)(c / n);
			wanted = 0;
			assert_int_equal(exact_hex(text, n, &value),
					 prefix_hex(span_make(text, n), &wanted) == n);
			if (wanted != 0 && exact_hex(text, n, &value))
				assert_true(value == wanted);
			for (size_t i = 0; i < n; i++)
				text[i] = (char)(i == c % n ? c / n : '1' + i % 9);
			wanted = 0;
			assert_int_equal(exact_decimal(text, n, &value),
					 prefix_decimal(span_make(text, n), &wanted) == n);
			if (wanted != 0 && exact_decimal(text, n, &value))
				assert_true(value == wanted);
		}
}

static bool is_stop(unsigned char c)
{
	return c <= ' ' || c == '"' || c >= 0x7f;
}

static void test_all_stops_are_found(void **state)
{
	char text[STOPS_BLOCK];
	uint64_t random = 1;

	(void)state;
	for (unsigned round = 0; round < 4096; round++) {
		uint64_t wanted = 0;

		for (size_t i = 0; i < sizeof(text); i++) {
			random = hash_u64(random + i);
			/* Every byte stands somewhere; in half of the rounds most are letters. */
			text[i] = (char)(round % 2 && random % 8 ? 'x' : random >> 32);
			wanted |= (uint64_t)is_stop((unsigned char)text[i]) << i;
		}
		assert_true(stops_find64(text) == wanted);
		assert_true(stops_portable64(text) == wanted);
	}
}

UNIT_MAIN(cmocka_unit_test(test_numbers_of_every_length_are_read),
	  cmocka_unit_test(test_only_digits_are_digits),
	  cmocka_unit_test(test_what_does_not_fit_is_no_number),
	  cmocka_unit_test(test_numbers_of_a_known_length_are_read_whole_or_not),
	  cmocka_unit_test(test_all_stops_are_found))
