/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/edits.c: what is kept is the same in both lists, and as much as can be. */
#include "profile/edits.h"
#include "tests/unit/unit.h"
#include "util/hash.h"

#define N 12

static size_t longest_common(const Span *a, size_t n, const Span *b, size_t m)
{
	size_t table[N + 1][N + 1] = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			table[i + 1][k + 1] = span_eq(a[i], b[k])
						      ? table[i][k] + 1
						      : MAX(table[i][k + 1], table[i + 1][k]);
	return table[n][m];
}

static void check(const Span *a, size_t n, const Span *b, size_t m)
{
	_cleanup_edits_ Edits e = { 0 };
	size_t x = 0, y = 0, kept = 0;

	assert_int_equal(edits_find(a, n, b, m, &e), 0);
	while (x < n || y < m) {
		if (x < n && e.deleted[x]) {
			x++;
		} else if (y < m && e.inserted[y]) {
			y++;
		} else {
			assert_true(x < n && y < m && span_eq(a[x], b[y]));
			x++, y++, kept++;
		}
	}
	assert_int_equal(kept, longest_common(a, n, b, m));
}

static void test_random_lists_keep_the_longest_common_part(void **state)
{
	static const char *const words[] = { "a", "b", "c", "" };
	uint64_t seed = 3;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		Span a[N], b[N];
		uint64_t r = hash_u64(seed++);
		size_t n = r % (N + 1), m = (r >> 8) % (N + 1);

		for (size_t k = 0; k < N; k++) {
			a[k] = span_of(words[(r >> (16 + 2 * k)) & 3]);
			b[k] = span_of(words[(r >> (40 + k)) & 3]);
		}
		check(a, n, b, m);
	}
}

static void test_very_different_lists_are_one_block(void **state)
{
	enum { MANY = 3000 };
	_cleanup_edits_ Edits e = { 0 };
	Span *a = calloc(2 * MANY, sizeof(*a)), *b = a + MANY;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		a[i] = SPAN_LIT("a");
		b[i] = SPAN_LIT("b");
	}
	b[0] = SPAN_LIT("a");
	assert_int_equal(edits_find(a, MANY, b, MANY, &e), 0);
	assert_false(e.deleted[0] || e.inserted[0]);
	for (size_t i = 1; i < MANY; i++)
		assert_true(e.deleted[i] && e.inserted[i]);
	free(a);
}

UNIT_MAIN(cmocka_unit_test(test_random_lists_keep_the_longest_common_part),
	  cmocka_unit_test(test_very_different_lists_are_one_block))
