/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* util/similar: the name that was meant, and none where none was. */
#include <string.h>

#include "tests/unit/unit.h"
#include "util/similar.h"

static void test_distance_counts_slips(void **state)
{
	static const struct {
		const char *a, *b;
		size_t n;
	} cases[] = {
		{ "", "", 0 },           { "mount", "mount", 0 },  { "", "abc", 3 },
		{ "mout", "mount", 1 },  { "mouunt", "mount", 1 }, { "mounr", "mount", 1 },
		{ "muont", "mount", 1 }, { "list", "lint", 1 },    { "abcd", "dcba", 3 },
		{ "ca", "abc", 3 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		assert_int_equal(similar_distance(cases[i].a, cases[i].b), cases[i].n);
		assert_int_equal(similar_distance(cases[i].b, cases[i].a), cases[i].n);
	}
}

static void test_long_words_are_cut(void **state)
{
	char a[5000], b[5000];

	(void)state;
	memset(a, 'a', sizeof(a) - 1);
	memset(b, 'b', sizeof(b) - 1);
	a[sizeof(a) - 1] = b[sizeof(b) - 1] = '\0';
	assert_int_equal(similar_distance(a, b), SIMILAR_LENGTH_MAX);
	b[SIMILAR_LENGTH_MAX] = '\0';
	memset(b, 'a', SIMILAR_LENGTH_MAX);
	assert_int_equal(similar_distance(a, b), 0);
}

static const char *meant(const char *word)
{
	static const char *const names[] = {
		"status", "list", "lint", "show", "suggest", "promote"
	};
	Similar s = similar_begin(word);
	const char *best = NULL;

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (similar_offer(&s, names[i]))
			best = names[i];
	return best;
}

static void test_the_nearest_wins_and_the_far_is_none(void **state)
{
	(void)state;
	assert_string_equal(meant("sugest"), "suggest");
	assert_string_equal(meant("stauts"), "status");
	assert_string_equal(meant("lits"), "list");
	assert_string_equal(meant("lnit"), "lint");
	assert_string_equal(meant("prom"), "promote"); /* an abbreviation */
	assert_null(meant("frobnicate"));
	assert_null(meant("xy"));
	assert_null(meant("s"));
	assert_null(meant(""));
}

UNIT_MAIN(cmocka_unit_test(test_distance_counts_slips), cmocka_unit_test(test_long_words_are_cut),
	  cmocka_unit_test(test_the_nearest_wins_and_the_far_is_none))
