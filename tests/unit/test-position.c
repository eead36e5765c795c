/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/position: where to go on, whatever went with the daemon. */
#include "daemon/position.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/tally-fixture.h"

#define BOOT "0123456789abcdef0123456789abcdef"

static const PositionMark mark = {
	.cursor = "s=1;i=2;b=3;m=4;t=5;x=6",
	.boot = BOOT,
	.serial = 77,
	.has_serial = true,
	.consumed = 10,
};

/* The file's descriptor is left to the end of the test program. */
static Tally *must_tally(void)
{
	Tally *t = NULL;

	assert_int_equal(tally_open(tally_memory(), 1, &t), 0);
	return t;
}

static void store(Ledger *l, const Tally *t, uint64_t unfolded)
{
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(position_store(&mark, l, t, unfolded), 0);
	assert_int_equal(ledger_commit(l), 0);
}

static void consume(Tally *t, uint64_t n)
{
	tally_totals(t)->begun = tally_totals(t)->consumed = n;
}

static void count_one(Tally *t)
{
	TallyCall call = make_call(must_subject(t, 1, NOW), 1, NOW);
	uint32_t slot;

	assert_true(tally_count(t, &call, &slot) >= 0);
}

static void test_without_any_it_is_empty(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(tally_freep) Tally *t = must_tally();
	PositionStart s;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(position_load(l, t, &s), 0);
	assert_string_equal(s.mark.cursor, "");
	assert_false(s.same_tally);
}

static void test_with_its_tally_it_passes_over_what_that_has(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(tally_freep) Tally *t = must_tally();
	PositionStart s;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	store(l, t, 3);
	consume(t, 14);
	assert_int_equal(position_load(l, t, &s), 0);
	assert_true(s.same_tally);
	assert_int_equal(s.skip, 4);
	assert_int_equal(s.unfolded, 0);
	assert_int_equal(s.mark.consumed, 14);
	assert_string_equal(s.mark.cursor, mark.cursor);
	assert_string_equal(s.mark.boot, BOOT);
	assert_true(s.mark.has_serial && s.mark.serial == 77);
}

static void test_without_its_tally_it_knows_what_went(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(tally_freep) Tally *t = must_tally();
	_cleanup_(tally_freep) Tally *other = must_tally();
	PositionStart s;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	store(l, t, 3);
	assert_int_equal(position_load(l, other, &s), 0);
	assert_false(s.same_tally);
	assert_int_equal(s.skip, 0);
	assert_int_equal(s.unfolded, 3);
}

/* Killed between the mark before a record and the one behind it. */
static void test_a_record_in_the_midst_of_which_we_are_killed(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(tally_freep) Tally *t = must_tally();
	PositionStart s;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	store(l, t, 0);
	for (int counted = 0; counted < 2; counted++) {
		consume(t, 10);
		tally_totals(t)->counted_before = tally_counted(t);
		tally_totals(t)->begun = 11;
		if (counted)
			count_one(t);
		assert_int_equal(position_load(l, t, &s), 0);
		assert_int_equal(s.skip, counted);
		assert_int_equal(tally_totals(t)->begun, tally_totals(t)->consumed);
	}
}

static void test_what_is_damaged_is_none(void **state)
{
	static const char *const texts[] = { "x", "x 1 2 audit - -", "x 1 2 audit - - ",
					     "x y 2 audit - - s=1", "x 1 z audit - - s=1" };
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(tally_freep) Tally *t = must_tally();
	PositionStart s;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		assert_int_equal(ledger_begin(l), 0);
		assert_int_equal(ledger_set_meta(l, "journal_position", texts[i]), 0);
		assert_int_equal(ledger_commit(l), 0);
		assert_int_equal(position_load(l, t, &s), 0);
		assert_string_equal(s.mark.cursor, "");
	}
}

UNIT_MAIN(cmocka_unit_test(test_without_any_it_is_empty),
	  cmocka_unit_test(test_with_its_tally_it_passes_over_what_that_has),
	  cmocka_unit_test(test_without_its_tally_it_knows_what_went),
	  cmocka_unit_test(test_a_record_in_the_midst_of_which_we_are_killed),
	  cmocka_unit_test(test_what_is_damaged_is_none))
