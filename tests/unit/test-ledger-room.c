/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger-room: who gives way when a workload is full. */
#include "tests/unit/ledger-fixture.h"

#define FULL 64

static Ledger *small_ledger(const Folder *f)
{
	const LedgerLimits limits = { .sightings_per_workload = FULL };
	Ledger *l = NULL;

	assert_int_equal(ledger_open_writer(f->path, "h", NOW, &limits, &l, NULL), 0);
	assert_int_equal(ledger_begin(l), 0);
	return l;
}

/* @n calls from @nr on; how many of them found room. */
static unsigned make_calls(Ledger *l, int64_t workload, int64_t subject, Origin origin, int64_t nr,
			   unsigned n)
{
	unsigned kept = 0;
	int64_t id;

	for (unsigned i = 0; i < n; i++) {
		LedgerCall c = make_ledger_call(workload, subject, nr + i, 1);
		int r;

		c.origin = origin;
		r = ledger_add(l, &c, &id);
		assert_true(r == LEDGER_NEW || r == -ENOSPC || r == 0);
		kept += r >= 0;
	}
	return kept;
}

typedef struct Totals {
	uint64_t sightings, records, dropped;
} Totals;

static int take_totals(const LedgerWorkloadRow *row, void *userdata)
{
	*(Totals *)userdata = (Totals){ row->sightings, row->records, row->dropped };
	return 0;
}

typedef struct Range {
	int64_t from, to;
	unsigned n;
} Range;

static int count_in_range(const LedgerSightingRow *s, void *userdata)
{
	Range *range = userdata;

	range->n += s->nr >= range->from && s->nr < range->to;
	return 0;
}

static unsigned kept_of(Ledger *l, int64_t workload, int64_t from, unsigned n)
{
	Range range = { from, from + n, 0 };

	assert_int_equal(ledger_each_sighting(l, workload, count_in_range, &range), 0);
	return range.n;
}

static void test_a_flood_gives_way_to_other_containers_of_its_workload(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, early, flooding, late;
	Totals totals = { 0 };

	(void)state;
	folder_make(&f);
	l = small_ledger(&f);
	workload = put_workload(l, "docker:web");
	early = put_subject(l, workload, 1);
	flooding = put_subject(l, workload, 2);
	late = put_subject(l, workload, 3);
	assert_int_equal(make_calls(l, workload, early, ORIGIN_WORKLOAD, 0, 5), 5);
	assert_int_equal(make_calls(l, workload, flooding, ORIGIN_WORKLOAD, 1000, 500), FULL - 5);
	/* what it shares with others is theirs as well */
	assert_int_equal(make_calls(l, workload, early, ORIGIN_WORKLOAD, 1050, 3), 3);
	assert_int_equal(make_calls(l, workload, late, ORIGIN_WORKLOAD, 100, 10), 10);
	assert_int_equal(kept_of(l, workload, 0, 5), 5);
	assert_int_equal(kept_of(l, workload, 100, 10), 10);
	assert_int_equal(kept_of(l, workload, 1050, 3), 3);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_workload(l, take_totals, &totals), 0);
	assert_true(totals.sightings <= FULL);
	/* nothing is gone without being counted */
	assert_int_equal(totals.records + totals.dropped, 5 + 500 + 3 + 10);
}

/* The next flood of one that was made anew, and the next. */
static void test_floods_one_after_the_other_share_the_room(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, good;

	(void)state;
	folder_make(&f);
	l = small_ledger(&f);
	workload = put_workload(l, "docker:web");
	good = put_subject(l, workload, 1);
	assert_int_equal(make_calls(l, workload, good, ORIGIN_WORKLOAD, 0, 5), 5);
	for (unsigned i = 2; i < 12; i++)
		(void)make_calls(l, workload, put_subject(l, workload, i), ORIGIN_WORKLOAD,
				 1000 * (int64_t)i, 200);
	assert_int_equal(kept_of(l, workload, 0, 5), 5);
	assert_int_equal(make_calls(l, workload, good, ORIGIN_WORKLOAD, 5, 1), 1);
	assert_int_equal(ledger_commit(l), 0);
}

static void test_what_was_brought_in_gives_way_to_the_program(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, subject;

	(void)state;
	folder_make(&f);
	l = small_ledger(&f);
	workload = put_workload(l, "docker:web");
	subject = put_subject(l, workload, 1);
	assert_int_equal(make_calls(l, workload, subject, ORIGIN_EXEC, 1000, 500), FULL);
	assert_int_equal(make_calls(l, workload, subject, ORIGIN_WORKLOAD, 0, 10), 10);
	assert_int_equal(kept_of(l, workload, 0, 10), 10);
	assert_int_equal(ledger_commit(l), 0);
}

static int count_example(const LedgerExampleRow *row, void *userdata)
{
	(void)row;
	++*(unsigned *)userdata;
	return 0;
}

/* The writer remembers rows for examples that come later. */
static void test_a_row_that_gave_way_is_nobody_elses(void **state)
{
	LedgerExample e = { .comm = "evil", .pid = 1, .time = NOW };
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, flooding, ids[FULL], id = 0;
	unsigned n = 0;
	LedgerCall c;

	(void)state;
	folder_make(&f);
	l = small_ledger(&f);
	workload = put_workload(l, "docker:web");
	flooding = put_subject(l, workload, 1);
	for (unsigned i = 0; i < FULL; i++) {
		c = make_ledger_call(workload, flooding, 1000 + i, 1);
		assert_int_equal(ledger_add(l, &c, &ids[i]), LEDGER_NEW);
	}
	c = make_ledger_call(workload, put_subject(l, workload, 2), 1, 1);
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	assert_true(ledger_dropped(l) > 0);
	for (unsigned i = 0; i < FULL; i++) {
		assert_int_not_equal(ids[i], id);
		assert_int_equal(ledger_add_example(l, ids[i], &e), 0);
	}
	assert_int_equal(ledger_each_example(l, id, count_example, &n), 0);
	assert_int_equal(n, 0);
	for (unsigned i = 0; i < FULL; i++)
		assert_int_equal(ledger_each_example(l, ids[i], count_example, &n), 0);
	assert_int_equal(n, kept_of(l, workload, 1000, FULL));
	assert_int_equal(ledger_commit(l), 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_flood_gives_way_to_other_containers_of_its_workload),
	  cmocka_unit_test(test_floods_one_after_the_other_share_the_room),
	  cmocka_unit_test(test_what_was_brought_in_gives_way_to_the_program),
	  cmocka_unit_test(test_a_row_that_gave_way_is_nobody_elses))
