/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/told-counts: the set of what was told is the same however it was told. */
#include <errno.h>

#include "evidence/told-counts.h"
#include "tests/unit/unit.h"

static void test_stretches_join_where_they_meet(void **state)
{
	ToldCounts t = { .n = 0 };

	(void)state;
	assert_int_equal(told_counts_greatest(&t), 0);
	assert_int_equal(told_counts_missing(&t), 0);
	assert_true(told_counts_add(&t, 10, 20));
	assert_true(told_counts_add(&t, 30, 40));
	assert_int_equal(t.n, 2);
	assert_int_equal(told_counts_missing(&t), 20);
	assert_true(told_counts_add(&t, 20, 25));
	assert_int_equal(t.n, 2);
	assert_true(told_counts_add(&t, 24, 31));
	assert_int_equal(t.n, 1);
	assert_false(told_counts_add(&t, 10, 40));
	assert_false(told_counts_add(&t, 11, 39));
	assert_true(told_counts_add(&t, 0, 10));
	assert_int_equal(told_counts_missing(&t), 0);
	assert_int_equal(told_counts_greatest(&t), 40);
	/* and one that swallows the rest */
	assert_true(told_counts_add(&t, 50, 60));
	assert_true(told_counts_add(&t, 0, 100));
	assert_int_equal(t.n, 1);
	assert_int_equal(told_counts_greatest(&t), 100);
}

/* Against an array of what was told, one number at a time. */
static void test_it_is_the_set_that_it_says(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		bool told[64] = { false };
		ToldCounts t = { .n = 0 };
		uint64_t missing = 0, greatest = 0;

		for (unsigned i = 0; i < 12; i++) {
			unsigned from = (unsigned)random() % 63;
			unsigned to = from + 1 + (unsigned)random() % (63 - from);
			bool grew = false;

			for (unsigned n = from + 1; n <= to; n++) {
				grew = grew || !told[n];
				told[n] = true;
			}
			assert_int_equal(told_counts_add(&t, from, to), grew);
			greatest = MAX(greatest, to);
		}
		for (unsigned n = 1; n <= greatest; n++)
			missing += !told[n];
		assert_int_equal(told_counts_missing(&t), missing);
		assert_int_equal(told_counts_greatest(&t), greatest);
	}
}

static void test_its_bytes_come_back(void **state)
{
	static const ToldStretch rows[] = {
		{ 0, 1 }, { 127, 128 }, { 300, 70000 }, { UINT64_C(1) << 50, UINT64_C(1) << 60 }
	};
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	ToldCounts t = { .n = 0 }, back;

	(void)state;
	for (size_t i = ELEMENTSOF(rows); i > 0; i--)
		assert_true(told_counts_add(&t, rows[i - 1].from, rows[i - 1].to));
	told_counts_write(&t, &b);
	assert_int_equal(told_counts_read(buffer_span(&b), &back), 0);
	assert_int_equal(back.n, ELEMENTSOF(rows));
	assert_memory_equal(back.rows, rows, sizeof(rows));
	for (size_t n = 1; n < b.n; n++) {
		int r = told_counts_read(span_make(b.p, n), &back);

		assert_true(r == -EBADMSG || back.n < ELEMENTSOF(rows));
	}
}

static void test_what_is_no_set_is_refused(void **state)
{
	static const Span bad[] = {
		{ "\x01", 1 },             /* no end */
		{ "\x80", 1 },             /* cut */
		{ "\x01\x00", 2 },         /* empty stretch */
		{ "\x01\x01\x00\x01", 4 }, /* two that adjoin */
		{ "\x81\x00\x01", 3 },     /* another form of 1 */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11 },
	};
	ToldCounts t;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(bad); i++)
		assert_int_equal(told_counts_read(bad[i], &t), -EBADMSG);
	assert_int_equal(told_counts_read(SPAN_NULL, &t), 0);
	assert_int_equal(t.n, 0);
}

static void test_it_is_bounded_and_never_says_less_than_was_told(void **state)
{
	ToldCounts t = { .n = 0 };

	(void)state;
	for (uint64_t i = 0; i < 2 * TOLD_STRETCHES_MAX; i++) {
		assert_true(told_counts_add(&t, 10 * i + 1, 10 * i + 2));
		assert_true(t.n <= TOLD_STRETCHES_MAX);
	}
	assert_int_equal(t.n, TOLD_STRETCHES_MAX);
	assert_int_equal(told_counts_greatest(&t), 10 * (2 * TOLD_STRETCHES_MAX - 1) + 2);
	assert_true(told_counts_missing(&t) > 0);
}

UNIT_MAIN(cmocka_unit_test(test_stretches_join_where_they_meet),
	  cmocka_unit_test(test_it_is_the_set_that_it_says),
	  cmocka_unit_test(test_its_bytes_come_back),
	  cmocka_unit_test(test_what_is_no_set_is_refused),
	  cmocka_unit_test(test_it_is_bounded_and_never_says_less_than_was_told))
