/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/width: what a terminal makes of a text. */
#include "ctl/width.h"
#include "tests/unit/unit.h"

static void test_wide_ones_take_two_columns(void **state)
{
	(void)state;
	assert_int_equal(width_of(""), 0);
	assert_int_equal(width_of("abc"), 3);
	assert_int_equal(width_of("gr\xc3\xbc\xc3\x9f"), 4);
	assert_int_equal(width_of("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* two of CJK */
	assert_int_equal(width_of("e\xcc\x81"), 1);                /* combined */
	assert_int_equal(width_of("a\xff"), 2);                    /* no UTF-8 */
}

static void test_a_cut_is_between_characters(void **state)
{
	(void)state;
	assert_int_equal(width_cut("abc", 2), 2);
	assert_int_equal(width_cut("abc", 9), 3);
	assert_int_equal(width_cut("\xe6\xbc\xa2\xe5\xad\x97", 3), 3);
	assert_int_equal(width_cut("\xe6\xbc\xa2", 1), 0);
	assert_int_equal(width_cut("e\xcc\x81x", 1), 3);
}

static void test_the_widest_gives_first(void **state)
{
	static const size_t least[] = { 5, 2, 4 };
	size_t widths[] = { 5, 9, 7 };

	(void)state;
	assert_true(width_shrink(widths, least, 3, 21, 21));
	assert_int_equal(widths[1], 9);
	assert_true(width_shrink(widths, least, 3, 21, 17));
	assert_int_equal(widths[0], 5);
	assert_int_equal(widths[1], 6);
	assert_int_equal(widths[2], 6);
	assert_true(width_shrink(widths, least, 3, 17, 11));
	assert_int_equal(widths[1], 2);
	assert_int_equal(widths[2], 4);
	assert_false(width_shrink(widths, least, 3, 11, 10));
}

UNIT_MAIN(cmocka_unit_test(test_wide_ones_take_two_columns),
	  cmocka_unit_test(test_a_cut_is_between_characters),
	  cmocka_unit_test(test_the_widest_gives_first))
