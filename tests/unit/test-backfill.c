/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/backfill: exactly what lies between the last that is known and the first that comes. */
#include "daemon/backfill.h"
#include "tests/unit/tally-fixture.h"

static BackfillChoice choose(const BackfillGap *gap, bool here, uint32_t serial, usec_t seconds)
{
	Line line = { .status = LINE_RECORD, .has_stamp = true };

	line.record.serial = serial;
	line.record.sec = seconds;
	return backfill_choose(gap, here, &line);
}

static void test_only_what_lies_strictly_between_is_taken(void **state)
{
	const BackfillGap gap = { .has_last = true, .last = 100, .has_end = true, .end = 104 };

	(void)state;
	assert_int_equal(choose(&gap, true, 99, 5), BACKFILL_PASS);
	assert_int_equal(choose(&gap, true, 100, 5), BACKFILL_PASS);
	assert_int_equal(choose(&gap, true, 101, 5), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 103, 5), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 104, 5), BACKFILL_OVER);
	assert_int_equal(choose(&gap, true, 105, 5), BACKFILL_OVER);
}

static void test_serials_that_wrap_have_their_order(void **state)
{
	const BackfillGap gap = {
		.has_last = true, .last = UINT32_MAX - 1, .has_end = true, .end = 2
	};

	(void)state;
	assert_int_equal(choose(&gap, true, UINT32_MAX - 1, 5), BACKFILL_PASS);
	assert_int_equal(choose(&gap, true, UINT32_MAX, 5), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 1, 5), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 2, 5), BACKFILL_OVER);
}

static void test_without_a_gap_nothing_is_taken(void **state)
{
	const BackfillGap gap = { .has_last = true, .last = 100, .has_end = true, .end = 101 };

	(void)state;
	assert_int_equal(choose(&gap, true, 100, 5), BACKFILL_PASS);
	assert_int_equal(choose(&gap, true, 101, 5), BACKFILL_OVER);
}

static void test_until_the_stream_has_one_there_is_no_end(void **state)
{
	const BackfillGap gap = { .has_last = true, .last = 100 };

	(void)state;
	assert_int_equal(choose(&gap, true, 100, 5), BACKFILL_PASS);
	assert_int_equal(choose(&gap, true, 1000000, 5), BACKFILL_TAKE);
}

/* Serials begin anew: those of the boot before say nothing about this one's. */
static void test_of_an_earlier_boot_the_time_decides(void **state)
{
	const BackfillGap gap = { .earlier = 50 * USEC_PER_SEC, .has_end = true, .end = 20 };

	(void)state;
	assert_int_equal(choose(&gap, false, 10, 50), BACKFILL_PASS);
	assert_int_equal(choose(&gap, false, 10, 51), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, false, 9999, 51), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 1, 60), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 19, 60), BACKFILL_TAKE);
	assert_int_equal(choose(&gap, true, 20, 60), BACKFILL_OVER);
}

static void test_within_a_boot_no_other_is_asked(void **state)
{
	const BackfillGap gap = { .has_last = true, .last = 100 };
	const Line unreadable = { .status = LINE_REJECT };

	(void)state;
	assert_int_equal(choose(&gap, false, 101, 5), BACKFILL_PASS);
	assert_int_equal(backfill_choose(&gap, true, &unreadable), BACKFILL_PASS);
}

static void count_one(Tally *t)
{
	TallyCall call = make_call(must_subject(t, 1, 7), 1, 7);
	uint32_t slot;

	assert_true(tally_count(t, &call, &slot) >= 0);
}

/* As it is left by a kill between two stores. */
static void test_the_record_it_was_killed_in_is_taken_once(void **state)
{
	_cleanup_(tally_freep) Tally *t = NULL;
	TallyTotals *totals;

	(void)state;
	assert_int_equal(tally_open(tally_memory(), 1, &t), 0);
	totals = tally_totals(t);
	totals->last_serial = 100;
	totals->fill_begun = 101 + 1;
	totals->fill_counted_before = tally_counted(t);
	backfill_settle(t);
	assert_int_equal(totals->last_serial, 100);
	totals->fill_begun = 101 + 1;
	count_one(t);
	backfill_settle(t);
	assert_int_equal(totals->last_serial, 101);
	assert_int_equal(totals->fill_begun, 0);
	count_one(t);
	backfill_settle(t);
	assert_int_equal(totals->last_serial, 101);
}

UNIT_MAIN(cmocka_unit_test(test_only_what_lies_strictly_between_is_taken),
	  cmocka_unit_test(test_serials_that_wrap_have_their_order),
	  cmocka_unit_test(test_without_a_gap_nothing_is_taken),
	  cmocka_unit_test(test_until_the_stream_has_one_there_is_no_end),
	  cmocka_unit_test(test_of_an_earlier_boot_the_time_decides),
	  cmocka_unit_test(test_within_a_boot_no_other_is_asked),
	  cmocka_unit_test(test_the_record_it_was_killed_in_is_taken_once))
