/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/loss: over a stop, a reboot, a back-fill, another ledger and a clock that is set. */
#include "tests/unit/loss-world.h"

static void test_a_stop_is_sized_by_the_serials(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	start(w, true, true);
	assert_true(pass(w, 1));
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "not-running");
	assert_true(all.rows[0].from == NOW + 1 * SEC && all.rows[0].to == NOW + 61 * SEC);
	assert_true(all.rows[0].count == LEDGER_COUNT_UNKNOWN);
	/* the first serial behind it, and then silence */
	serial(w, 151);
	tally_totals(w->tally)->serial_gaps += 50;
	pass(w, 1);
	pass(w, 5);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.rows[0].count, 50);
}

static void test_a_stop_in_which_nothing_came_is_no_loss(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	start(w, true, true);
	pass(w, 1);
	serial(w, 101);
	pass(w, 1);
	pass(w, 5);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.rows[0].count, 0);
	assert_false(window_counts(&all.rows[0]));
}

static void test_a_reboot_is_told_apart_and_never_sized(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	tally_totals(w->tally)->has_serial = 0;
	/* whoever holds the socket: over a reboot nothing is queued */
	start(w, false, false);
	pass(w, 1);
	serial(w, 5);
	pass(w, 1);
	pass(w, 5);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "rebooted");
	assert_true(all.rows[0].count == LEDGER_COUNT_UNKNOWN);
}

static int count_run(const LedgerRun *row, void *userdata)
{
	(void)row;
	++*(int *)userdata;
	return 0;
}

static int n_runs(World *w)
{
	int n = 0;

	assert_int_equal(ledger_each_run(w->ledger, count_run, &n), 0);
	return n;
}

static void start_filling(World *w, TallyFilling left)
{
	const LossSetup setup = { .ledger = w->ledger,
				  .tally = w->tally,
				  .boot = "boot-1",
				  .same_boot = true,
				  .live = true,
				  .note_stop = true,
				  .fills = true };

	tally_totals(w->tally)->filling = left;
	assert_int_equal(loss_init(&w->loss, &setup, w->now), 0);
	tally_totals(w->tally)->filling = TALLY_FILLING_WHOLE;
	tally_totals(w->tally)->lineage.state = TALLY_LINEAGE_ON;
}

static void fill(World *w, usec_t until)
{
	tally_totals(w->tally)->filled_until = until;
	tally_totals(w->tally)->filling = TALLY_FILLED;
}

static void test_a_stop_that_was_filled_lost_no_records(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	start_filling(w, TALLY_FILLING_WHOLE);
	pass(w, 1);
	assert_int_equal(rows(w).n, 0);
	assert_int_equal(n_runs(w), 1); /* nor is it said that anybody watches again */
	serial(w, 151);
	fill(w, w->now);
	assert_true(pass(w, 1));
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "lineage");
	assert_true(all.rows[0].from == NOW + 1 * SEC && all.rows[0].to == NOW + 61 * SEC);
	assert_int_equal(n_runs(w), 2);
	/* what is missing from now on is no part of it */
	tally_totals(w->tally)->serial_gaps += 3;
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.rows[1].kind, "serial-gap");
	assert_int_equal(all.rows[1].count, 3);
}

static void test_a_stop_that_was_filled_in_part_has_its_rest(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	start_filling(w, TALLY_FILLED);
	pass(w, 1);
	serial(w, 151);
	tally_totals(w->tally)->serial_gaps += 20;
	fill(w, 0);
	pass(w, 1);
	pass(w, 5);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "not-running");
	assert_int_equal(all.rows[0].count, 20);
}

static void test_a_filling_that_was_killed_behind_a_gap_is_not_whole(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	start_filling(w, TALLY_FILLING);
	fill(w, w->now);
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "not-running");
	assert_true(all.rows[0].count == LEDGER_COUNT_UNKNOWN);
}

static void test_a_socket_that_stays_loses_nothing_over_a_stop(void **state)
{
	World *w = *state;

	serial(w, 100);
	pass(w, 1);
	w->now += 60 * SEC;
	start(w, true, false);
	pass(w, 1);
	assert_int_equal(rows(w).n, 0);
}

/* The tally is gone with /run, the ledger remembers the serial. */
static void test_the_ledger_remembers_the_last_serial(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	tally_totals(w->tally)->has_serial = 0;
	start(w, true, true);
	assert_true(w->loss.has_serial && w->loss.serial == 100);
	pass(w, 1);
	all = rows(w);
	assert_string_equal(all.rows[0].kind, "not-running");
}

/* What another daemon has reported of this tally is not reported again. */
static void test_a_restart_reports_nothing_twice(void **state)
{
	World *w = *state;

	tally_totals(w->tally)->rejected = 3;
	tally_totals(w->tally)->by_cause[CAUSE_GONE] = 4;
	pass(w, 1);
	assert_int_equal(rows(w).n, 2);
	start(w, true, false);
	assert_false(pass(w, 1));
	assert_int_equal(rows(w).n, 2);
}

/* Nor is it when the ledger was opened anew; another ledger is told all of it, and of a run. */
static void test_a_ledger_opened_anew_is_told_what_it_does_not_know(void **state)
{
	World *w = *state;
	usec_t alive;

	tally_totals(w->tally)->rejected = 3;
	pass(w, 1);
	assert_int_equal(loss_renewed(&w->loss, true, &alive), 0);
	assert_true(alive == w->now);
	rest(w, 1);
	tally_totals(w->tally)->rejected = 4;
	assert_int_equal(ledger_reopen(w->ledger, w->folder.path, "host-a", w->now, true, NULL),
			 LEDGER_SET_ASIDE);
	assert_int_equal(loss_renewed(&w->loss, true, &alive), 0);
	assert_true(alive == 0);
	assert_true(pass(w, 1));
	assert_int_equal(rows(w).n, 2);
	assert_string_equal(rows(w).rows[1].kind, "rejected");
	assert_true(rows(w).rows[1].count == 4);
	rest(w, 1);
}

/* Somebody sets the clock, by hours and either way: what is lost has its row, from before it is to.
 */
static void test_a_clock_that_is_set_loses_no_loss(void **state)
{
	static const int64_t steps[] = { -5 * 3600, 9 * 3600, -3600, 1 };
	World *w = *state;
	uint64_t sum = 0;

	pass(w, 1);
	for (size_t i = 0; i < ELEMENTSOF(steps); i++) {
		w->now = (usec_t)((int64_t)w->now + steps[i] * (int64_t)SEC);
		tally_totals(w->tally)->rejected += 2;
		assert_true(pass(w, 0));
		rest(w, 1);
	}
	for (unsigned i = 0; i < rows(w).n; i++) {
		assert_string_equal(w->found.rows[i].kind, "rejected");
		assert_true(w->found.rows[i].from <= w->found.rows[i].to);
		sum += w->found.rows[i].count;
	}
	assert_true(sum == 2 * ELEMENTSOF(steps));
}

static int add_run(const LedgerRun *row, void *userdata)
{
	usec_t *watched = userdata;

	*watched += row->to - row->from;
	return 0;
}

/* Nine hours were not watched because the clock says that they went by. */
static void test_a_clock_that_is_set_makes_no_time(void **state)
{
	World *w = *state;
	usec_t watched = 0;

	pass(w, 1);
	pass(w, 10);
	w->now += 9 * 3600 * SEC;
	loss_note_clock_set(&w->loss);
	pass(w, 0);
	pass(w, 10);
	assert_int_equal(ledger_each_run(w->ledger, add_run, &watched), 0);
	assert_true(watched >= 20 * SEC && watched <= 22 * SEC);
}

UNIT_MAIN(WORLD_TEST(test_a_stop_is_sized_by_the_serials),
	  WORLD_TEST(test_a_stop_in_which_nothing_came_is_no_loss),
	  WORLD_TEST(test_a_reboot_is_told_apart_and_never_sized),
	  WORLD_TEST(test_a_stop_that_was_filled_lost_no_records),
	  WORLD_TEST(test_a_stop_that_was_filled_in_part_has_its_rest),
	  WORLD_TEST(test_a_filling_that_was_killed_behind_a_gap_is_not_whole),
	  WORLD_TEST(test_a_socket_that_stays_loses_nothing_over_a_stop),
	  WORLD_TEST(test_the_ledger_remembers_the_last_serial),
	  WORLD_TEST(test_a_restart_reports_nothing_twice),
	  WORLD_TEST(test_a_ledger_opened_anew_is_told_what_it_does_not_know),
	  WORLD_TEST(test_a_clock_that_is_set_loses_no_loss),
	  WORLD_TEST(test_a_clock_that_is_set_makes_no_time))
