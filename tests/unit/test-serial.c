/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/serial: what never arrived is counted once, whatever the order. */
#include <string.h>

#include "evidence/serial.h"
#include "tests/unit/unit.h"

static uint64_t random_state = 88172645463325252ULL;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 20) % n;
}

static void test_contiguous_serials_have_no_gap(void **state)
{
	SerialTracker t = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(serial_add(&t, 0xfffff000U + i), 0);
	assert_int_equal(serial_flush(&t), 0);
	assert_int_equal(t.missing, 0);
	assert_int_equal(t.jumps, 0);
}

static void test_gap_is_counted_when_the_window_has_passed(void **state)
{
	SerialTracker t = { 0 };

	(void)state;
	serial_resume(&t, 100);
	assert_int_equal(serial_add(&t, 101), 0);
	assert_int_equal(serial_add(&t, 105), 0); /* 102..104 open */
	assert_int_equal(serial_add(&t, 103), 0); /* late, in time */
	assert_int_equal(serial_add(&t, 104 + SERIAL_WINDOW), 2);
	assert_int_equal(t.missing, 2);
	/* 106 .. 103+WINDOW are open still. */
	assert_int_equal(serial_flush(&t), SERIAL_WINDOW - 2);
	assert_int_equal(serial_flush(&t), 0);
	assert_int_equal(serial_add(&t, 110), 0); /* too late, counted already, not twice */
	assert_int_equal(serial_flush(&t), 0);
}

static void test_long_gap_is_counted_whole(void **state)
{
	SerialTracker t = { 0 };

	(void)state;
	serial_resume(&t, 0xffffff00U);
	(void)serial_add(&t, 0xffffff00U + 1000001);
	(void)serial_flush(&t);
	assert_int_equal(t.missing, 1000000);
}

static void test_resumed_stream_counts_what_a_stop_missed(void **state)
{
	SerialTracker t = { 0 };

	(void)state;
	serial_resume(&t, 41);
	assert_int_equal(serial_add(&t, 42), 0);
	assert_int_equal(serial_flush(&t), 0);
	serial_resume(&t, 42);
	assert_int_equal(serial_add(&t, 50), 0);
	assert_int_equal(serial_flush(&t), 7);
}

static void test_lone_straggler_is_no_jump_but_a_new_count_is(void **state)
{
	SerialTracker t = { 0 };

	(void)state;
	for (uint32_t i = 100000; i < 100100; i++)
		(void)serial_add(&t, i);
	assert_int_equal(serial_add(&t, 5000), 0);
	assert_int_equal(serial_add(&t, 5000), 0); /* two records of one event */
	assert_int_equal(serial_add(&t, 100100), 0);
	assert_int_equal(t.jumps, 0);
	assert_int_equal(serial_add(&t, 12), 0);
	assert_int_equal(serial_add(&t, 14), 0);
	assert_int_equal(t.jumps, 1);
	assert_int_equal(t.highest, 14);
	assert_int_equal(serial_flush(&t), 1);
}

typedef struct Arrival {
	uint32_t offset, due;
} Arrival;

static int compare_due(const void *a, const void *b)
{
	const Arrival *x = a, *y = b;

	return (x->due > y->due) - (x->due < y->due);
}

/* Numbers from 0 to @n, some lost (alone or in long runs), each late by less than the window, some
 * twice. Returns how many are lost; the ends are not. */
static uint32_t make_arrivals(uint32_t n, Arrival *ret, uint32_t *ret_n)
{
	uint32_t lost = 0, k = 0, late = random_below(SERIAL_WINDOW) + 1;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t copies = 1 + (random_below(8) == 0), run = 1;

		if (i > 0 && random_below(10) == 0) {
			if (random_below(40) == 0)
				run = random_below(3 * SERIAL_WINDOW) + 1;
			run = MIN(run, n - 1 - i);
			lost += run;
			i += run;
		}
		while (copies-- > 0)
			ret[k++] = (Arrival){ i, i + (i == 0 ? 0 : random_below(late)) };
	}
	qsort(ret, k, sizeof(*ret), compare_due);
	*ret_n = k;
	return lost;
}

static void test_any_order_within_the_window_counts_exactly(void **state)
{
	enum { N = 6000 };
	static Arrival arrivals[2 * N];

	(void)state;
	for (int round = 0; round < 300; round++) {
		uint32_t start = 0U - random_below(2 * N), n, lost;
		SerialTracker t = { 0 };
		uint64_t sum = 0;

		lost = make_arrivals(N, arrivals, &n);
		for (uint32_t i = 0; i < n; i++)
			sum += serial_add(&t, start + arrivals[i].offset);
		sum += serial_flush(&t);
		assert_int_equal(sum, t.missing);
		assert_int_equal(t.missing, lost);
		assert_int_equal(t.jumps, 0);
	}
}

/* Killed again and again, at any moment: what a tracker waited for is not forgotten with it. */
static void test_who_is_killed_forgets_nothing(void **state)
{
	enum { N = 6000 };
	static Arrival arrivals[2 * N];

	(void)state;
	for (int round = 0; round < 300; round++) {
		uint32_t start = 0U - random_below(2 * N), n, lost;
		uint32_t lives = random_below(400) + 1;
		SerialMark mark = { 0 };
		SerialTracker t = { 0 };

		lost = make_arrivals(N, arrivals, &n);
		for (uint32_t i = 0; i < n; i++) {
			(void)serial_add(&t, start + arrivals[i].offset);
			serial_keep(&t, &mark);
			if (random_below(lives) > 0)
				continue;
			/* In the midst of the next writing. */
			memset(&mark.copies[(mark.turn + 1) % 2], (int)random_below(256),
			       sizeof(mark.copies[0]));
			t = (SerialTracker){ 0 };
			assert_true(serial_restore(&t, &mark,
						   (uint32_t)mark.copies[mark.turn % 2].highest));
		}
		(void)serial_flush(&t);
		assert_int_equal(t.missing, lost);
	}
}

static void test_a_mark_of_another_count_is_none(void **state)
{
	SerialTracker t = { .missing = 3 }, other = { 0 };
	SerialMark mark = { 0 };

	(void)state;
	assert_false(serial_restore(&t, &mark, 0));
	serial_keep(&other, &mark); /* has not begun */
	assert_false(serial_restore(&t, &mark, 0));
	serial_resume(&other, 5000);
	(void)serial_add(&other, 5010);
	serial_keep(&other, &mark);
	assert_false(serial_restore(&t, &mark, 5011));
	assert_false(serial_restore(&t, &mark, 5010 - SERIAL_WINDOW));
	assert_false(t.started);
	assert_true(serial_restore(&t, &mark, 5009)); /* killed before it was said elsewhere */
	assert_int_equal(t.missing, 3);
	assert_int_equal(serial_flush(&t), 9);
	assert_int_equal(t.missing, 12);
}

UNIT_MAIN(cmocka_unit_test(test_contiguous_serials_have_no_gap),
	  cmocka_unit_test(test_gap_is_counted_when_the_window_has_passed),
	  cmocka_unit_test(test_long_gap_is_counted_whole),
	  cmocka_unit_test(test_resumed_stream_counts_what_a_stop_missed),
	  cmocka_unit_test(test_lone_straggler_is_no_jump_but_a_new_count_is),
	  cmocka_unit_test(test_any_order_within_the_window_counts_exactly),
	  cmocka_unit_test(test_who_is_killed_forgets_nothing),
	  cmocka_unit_test(test_a_mark_of_another_count_is_none))
