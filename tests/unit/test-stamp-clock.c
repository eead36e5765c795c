/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* who/stamp-clock: stamps keep their meaning over a step of the wall clock, or have two. */
#include "tests/unit/unit.h"
#include "who/stamp-clock.h"

#define S USEC_PER_SEC

static void test_without_a_step_a_stamp_has_one_meaning(void **state)
{
	StampClock c = { 0 };
	usec_t t[2];

	(void)state;
	assert_false(stamp_clock_note(&c, 1000 * S, 10 * S));
	assert_false(stamp_clock_note(&c, 1001 * S + 100, 11 * S));
	assert_int_equal(stamp_clock_times(&c, 1001 * S, 11 * S, t), 1);
	assert_int_equal(t[0], 11 * S - 100);
	assert_int_equal(stamp_clock_times(&c, 5, 11 * S, t), 1);
	assert_int_equal(t[0], 0);
	assert_int_equal(stamp_clock_set_back(&c, 11 * S), 0);
}

static void test_for_a_while_after_a_step_it_has_two(void **state)
{
	StampClock c = { 0 };
	usec_t t[2];

	(void)state;
	stamp_clock_note(&c, 1000 * S, 10 * S);
	assert_true(stamp_clock_note(&c, 941 * S, 11 * S));
	assert_int_equal(stamp_clock_times(&c, 1000 * S, 11 * S, t), 2);
	assert_int_equal(t[0], 70 * S);
	assert_int_equal(t[1], 10 * S);
	assert_int_equal(stamp_clock_set_back(&c, 11 * S), 60 * S);
	assert_int_equal(stamp_clock_times(&c, 951 * S, 11 * S + STAMP_DOUBT, t), 1);
	assert_int_equal(t[0], 21 * S);
	assert_int_equal(stamp_clock_set_back(&c, 11 * S + STAMP_DOUBT), 0);
}

static void test_the_first_of_two_steps_is_what_stays_in_doubt(void **state)
{
	StampClock c = { 0 };
	usec_t t[2];

	(void)state;
	stamp_clock_note(&c, 1000 * S, 10 * S);
	assert_true(stamp_clock_note(&c, 2001 * S, 11 * S));
	assert_true(stamp_clock_note(&c, 3002 * S, 12 * S));
	assert_int_equal(stamp_clock_times(&c, 1000 * S, 12 * S, t), 2);
	assert_int_equal(t[1], 10 * S);
	assert_int_equal(stamp_clock_set_back(&c, 12 * S), 0);
}

UNIT_MAIN(cmocka_unit_test(test_without_a_step_a_stamp_has_one_meaning),
	  cmocka_unit_test(test_for_a_while_after_a_step_it_has_two),
	  cmocka_unit_test(test_the_first_of_two_steps_is_what_stays_in_doubt))
