/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/moment: how long ago, in words. */
#include "ctl/moment.h"
#include "tests/unit/unit.h"

#define NOW (1700000000 * USEC_PER_SEC) /* 2023-11-14T22:13:20 */
#define HOUR (3600 * USEC_PER_SEC)

static void assert_between(usec_t first, usec_t last, const char *wanted)
{
	char text[MOMENT_TEXT_MAX];

	assert_string_equal(moment_between(first, last, NOW, text), wanted);
}

static void assert_sentence(const char *s, const char *wanted)
{
	char text[160];

	assert_string_equal(moment_sentence(s, NOW, text, sizeof(text)), wanted);
}

static void test_a_stretch_has_two_ends_where_they_differ(void **state)
{
	(void)state;
	assert_between(NOW - 72 * HOUR, NOW - HOUR / 12, "from 3 d ago to 5 min ago");
	assert_between(NOW - HOUR / 12 - 1, NOW - HOUR / 12, "5 min ago");
	assert_between(0, NOW - HOUR, "1 h ago");
	assert_between(0, 0, "not known");
}

static void test_exact_times_in_a_sentence_are_told_as_how_long_ago(void **state)
{
	(void)state;
	assert_sentence("seccompd was not running until 2023-11-14T21:13:20.000001Z",
			"seccompd was not running until 59 min ago");
	assert_sentence("the image changed at 2023-11-12T22:13:20.123456Z.",
			"the image changed 47 h ago.");
	assert_sentence("from 2023-11-11T22:13:20.000000Z to 2023-11-14T22:13:20.000000Z",
			"from 3 d ago to 0 s ago");
	assert_sentence("look at the gate at 2 o'clock", "look at the gate at 2 o'clock");
	assert_sentence("2023-11-11T22:13:20.00000Z", "2023-11-11T22:13:20.00000Z");
	assert_sentence("2023-13-11T22:13:20.000000Z", "2023-13-11T22:13:20.000000Z");
	assert_sentence("", "");
}

static void test_what_does_not_fit_is_cut(void **state)
{
	char text[8];

	(void)state;
	assert_string_equal(moment_sentence("0123456789", NOW, text, sizeof(text)), "0123456");
}

UNIT_MAIN(cmocka_unit_test(test_a_stretch_has_two_ends_where_they_differ),
	  cmocka_unit_test(test_exact_times_in_a_sentence_are_told_as_how_long_ago),
	  cmocka_unit_test(test_what_does_not_fit_is_cut))
