/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/serial-gaps: each gap is told once, with the time that it lies in. */
#include <string.h>

#include "evidence/serial-gaps.h"
#include "tests/unit/unit.h"

#define GAPS_MAX 16

typedef struct Told {
	SerialGap rows[GAPS_MAX];
	size_t n;
	uint64_t total;
} Told;

static int note(const SerialGap *gap, void *userdata)
{
	Told *t = userdata;

	assert_true(gap->count > 0 && gap->from <= gap->to);
	assert_true(t->n < GAPS_MAX);
	t->rows[t->n++] = *gap;
	t->total += gap->count;
	return 0;
}

/* Serials from @from to @to, one each second, at the time of their number. */
static void add_run(SerialGaps *g, uint32_t from, uint32_t to)
{
	for (uint32_t s = from; s != to + 1; s++)
		assert_int_equal(serial_gaps_add(g, s, s * USEC_PER_SEC), 0);
}

static SerialGaps *start(Told *t)
{
	SerialGaps *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	g->f = note;
	g->userdata = t;
	return g;
}

static void test_gaps_lie_between_their_neighbours(void **state)
{
	_cleanup_free_ SerialGaps *g = NULL;
	Told t = { 0 };

	(void)state;
	g = start(&t);
	add_run(g, 100, 200);
	add_run(g, 211, 3000);
	add_run(g, 9001, 9002);
	assert_int_equal(serial_gaps_finish(g), 0);
	assert_int_equal(t.n, 2);
	assert_true(t.rows[0].from == 200 * USEC_PER_SEC && t.rows[0].to == 211 * USEC_PER_SEC);
	assert_int_equal(t.rows[0].count, 10);
	assert_true(t.rows[1].from == 3000 * USEC_PER_SEC && t.rows[1].to == 9001 * USEC_PER_SEC);
	assert_int_equal(t.rows[1].count, 6000);
}

static void test_what_comes_late_is_no_gap(void **state)
{
	_cleanup_free_ SerialGaps *g = NULL;
	Told t = { 0 };

	(void)state;
	g = start(&t);
	add_run(g, 1, 10);
	add_run(g, 12, 20);
	add_run(g, 11, 11);
	add_run(g, 11, 11);
	add_run(g, 23, 3000);
	add_run(g, 20, 21); /* too late, and a number that was there */
	assert_int_equal(serial_gaps_finish(g), 0);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.total, 2);
	assert_true(t.rows[0].from == 20 * USEC_PER_SEC && t.rows[0].to == 23 * USEC_PER_SEC);
}

static void test_a_reboot_is_no_gap(void **state)
{
	_cleanup_free_ SerialGaps *g = NULL;
	Told t = { 0 };

	(void)state;
	g = start(&t);
	add_run(g, 500000, 500100);
	for (uint32_t s = 3; s < 2000; s++)
		assert_int_equal(serial_gaps_add(g, s, (600000 + s) * USEC_PER_SEC), 0);
	assert_int_equal(serial_gaps_finish(g), 0);
	assert_int_equal(t.n, 0);
}

/* A machine that wrote few records: the next boot's numbers lie within the window of the last's. */
static void test_a_short_boot_hides_no_gap(void **state)
{
	_cleanup_free_ SerialGaps *g = NULL;
	const uint32_t second[] = { 5, 5, 6, 7, 12, 13, 130, 131 };
	Told t = { 0 };

	(void)state;
	g = start(&t);
	add_run(g, 1, 100);
	for (size_t i = 0; i < ELEMENTSOF(second); i++)
		assert_int_equal(serial_gaps_add(g, second[i], (9000 + second[i]) * USEC_PER_SEC),
				 0);
	assert_int_equal(serial_gaps_finish(g), 0);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.total, 4 + 116);
	assert_true(t.rows[0].from == 9007 * USEC_PER_SEC && t.rows[0].to == 9130 * USEC_PER_SEC);
}

/* Put in order of time, these are stragglers: they fill a hole, or come at once. */
static void test_a_clock_that_was_set_back_is_no_boot(void **state)
{
	_cleanup_free_ SerialGaps *g = NULL;
	Told t = { 0 };

	(void)state;
	g = start(&t);
	add_run(g, 1, 100);
	for (uint32_t i = 0; i < 50; i++) {
		assert_int_equal(serial_gaps_add(g, 151 + i, (101 + 60 * i) * USEC_PER_SEC), 0);
		assert_int_equal(serial_gaps_add(g, 101 + i, (131 + 60 * i) * USEC_PER_SEC), 0);
	}
	assert_int_equal(serial_gaps_finish(g), 0);
	assert_int_equal(t.n, 0);
}

static void test_the_count_wraps(void **state)
{
	_cleanup_free_ SerialGaps *g = NULL;
	Told t = { 0 };

	(void)state;
	g = start(&t);
	for (uint32_t s = UINT32_MAX - 50, time = 1000; s != 50; s++, time++)
		if (s != UINT32_MAX && s != 0)
			assert_int_equal(serial_gaps_add(g, s, time * USEC_PER_SEC), 0);
	assert_int_equal(serial_gaps_finish(g), 0);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.total, 2);
	assert_true(t.rows[0].to == t.rows[0].from + 3 * USEC_PER_SEC);
}

/* The total is the tracker's, whatever is missing. */
static void test_the_total_is_that_of_the_tracker(void **state)
{
	uint64_t random = 88172645463325252ULL;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		_cleanup_free_ SerialGaps *g = calloc(1, sizeof(*g));
		SerialTracker plain = { 0 };
		uint32_t serial = 5;
		Told *t = calloc(1, sizeof(*t));

		assert_true(g && t);
		g->f = note;
		g->userdata = t;
		for (unsigned i = 0; i < 300; i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			/* few gaps, of any size; and stragglers */
			serial += (random >> 20) % 40 == 0 && t->n < 10 ? (random >> 30) % 3000 : 1;
			(void)serial_add(&plain, serial - (random >> 50) % 2);
			assert_int_equal(serial_gaps_add(g, serial - (random >> 50) % 2,
							 (i + 1) * USEC_PER_SEC),
					 0);
			if (t->n >= 10)
				break;
		}
		(void)serial_flush(&plain);
		assert_int_equal(serial_gaps_finish(g), 0);
		assert_int_equal(t->total, plain.missing);
		free(t);
	}
}

UNIT_MAIN(cmocka_unit_test(test_gaps_lie_between_their_neighbours),
	  cmocka_unit_test(test_what_comes_late_is_no_gap),
	  cmocka_unit_test(test_a_reboot_is_no_gap),
	  cmocka_unit_test(test_a_short_boot_hides_no_gap),
	  cmocka_unit_test(test_a_clock_that_was_set_back_is_no_boot),
	  cmocka_unit_test(test_the_count_wraps),
	  cmocka_unit_test(test_the_total_is_that_of_the_tracker))
