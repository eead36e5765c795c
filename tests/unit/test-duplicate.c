/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/duplicate.h"
#include "tests/unit/unit.h"

static Line record(uint64_t sec, uint32_t serial, int32_t pid)
{
	return (Line){ .has_stamp = true,
		       .record = { .sec = sec, .msec = 5, .serial = serial, .pid = pid } };
}

static bool mark(DuplicateWindow *w, Line line)
{
	bool seen = duplicate_mark(w, &line);

	assert_int_equal(line.status, seen ? LINE_SKIP : LINE_RECORD);
	assert_int_equal(!!line.reason, seen);
	return seen;
}

static void test_the_same_record_is_seen_once(void **state)
{
	static DuplicateWindow w;

	(void)state;
	assert_false(mark(&w, record(1, 7, 100)));
	assert_true(mark(&w, record(1, 7, 100)));
	assert_true(mark(&w, record(1, 7, 100)));
	assert_false(mark(&w, record(2, 7, 100)));
	assert_false(mark(&w, record(2, 8, 100)));
	assert_false(mark(&w, record(2, 8, 101)));
}

static void test_the_window_reaches_back_its_size(void **state)
{
	static DuplicateWindow w;

	(void)state;
	for (uint32_t i = 0; i < DUPLICATE_WINDOW; i++)
		assert_false(mark(&w, record(1, i, 1)));
	for (uint32_t i = 0; i < DUPLICATE_WINDOW; i++)
		assert_true(mark(&w, record(1, i, 1)));
	assert_false(mark(&w, record(1, DUPLICATE_WINDOW, 1)));
	assert_false(mark(&w, record(1, 0, 1)));
}

static void test_what_has_no_stamp_or_is_no_record_is_left_alone(void **state)
{
	static DuplicateWindow w;
	Line line = { .record = { .pid = 1 } };

	(void)state;
	assert_false(mark(&w, line));
	assert_false(mark(&w, line));
	line = record(1, 7, 100);
	line.status = LINE_REJECT;
	line.reason = "damaged";
	assert_false(duplicate_mark(&w, &line));
	assert_false(duplicate_mark(&w, &line));
	assert_int_equal(line.status, LINE_REJECT);
	assert_string_equal(line.reason, "damaged");
}

UNIT_MAIN(cmocka_unit_test(test_the_same_record_is_seen_once),
	  cmocka_unit_test(test_the_window_reaches_back_its_size),
	  cmocka_unit_test(test_what_has_no_stamp_or_is_no_record_is_left_alone))
