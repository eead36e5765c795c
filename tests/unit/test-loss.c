/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/loss: nothing that is lost stays without a row, and each row has its cause, time and size.
 */
#include "tests/unit/loss-world.h"

/* Each counter that grows makes a row of its kind, which begins no later than it may have grown. */
static void test_each_counter_has_its_row(void **state)
{
	static const struct {
		const char *kind;
		size_t offset;
		uint64_t count;
	} counters[] = {
		{ "enobufs", offsetof(TallyTotals, enobufs), LEDGER_COUNT_UNKNOWN },
		{ "serial-gap", offsetof(TallyTotals, serial_gaps), 7 },
		{ "rejected", offsetof(TallyTotals, rejected), 7 },
		{ "tally-full", offsetof(TallyTotals, overflow), 7 },
		{ "unattributed", offsetof(TallyTotals, by_cause) + CAUSE_GONE * 8, 7 },
		{ "lineage", offsetof(TallyTotals, lineage.lost), LEDGER_COUNT_UNKNOWN },
		{ "state-unreadable", offsetof(TallyTotals, state_unreadable),
		  LEDGER_COUNT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(counters); i++) {
		uint64_t *counter;
		void *world;
		World *w;
		Rows all;

		setup(&world);
		w = world;
		counter = (uint64_t *)(void *)((char *)tally_totals(w->tally) + counters[i].offset);
		assert_false(pass(w, 1));
		rest(w, 10);
		*counter += 7;
		assert_true(pass(w, 2));
		all = rows(w);
		assert_int_equal(all.n, 1);
		assert_string_equal(all.rows[0].kind, counters[i].kind);
		assert_true(all.rows[0].from <= NOW + 11 * SEC && all.rows[0].to == NOW + 13 * SEC);
		assert_true(all.rows[0].count == counters[i].count);
		assert_true(window_counts(&all.rows[0]));
		assert_string_not_equal(loss_kind_text(all.rows[0].kind), "something was lost");
		/* told once */
		assert_false(pass(w, 2));
		assert_int_equal(rows(w).n, 1);
		teardown(&world);
	}
}

static void test_a_containers_monitor_is_no_loss(void **state)
{
	World *w = *state;

	pass(w, 1);
	tally_totals(w->tally)->by_cause[CAUSE_MONITOR] = 5;
	tally_totals(w->tally)->by_cause[CAUSE_NO_CGROUP] = 5;
	assert_false(pass(w, 1));
	assert_int_equal(rows(w).n, 0);
}

static void test_what_goes_on_is_one_row(void **state)
{
	World *w = *state;
	Rows all;

	for (unsigned i = 0; i < 5; i++) {
		tally_totals(w->tally)->by_cause[CAUSE_GONE]++;
		assert_true(pass(w, 2));
	}
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_true(all.rows[0].count == 5 && all.rows[0].to == w->now);
}

/* Nothing arrives behind an overrun: only the next serial says how much was lost. */
static void test_an_overrun_has_no_size_until_the_next_serial(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	tally_totals(w->tally)->enobufs++;
	assert_true(pass(w, 1));
	rest(w, 30);
	all = rows(w);
	assert_true(all.n == 1 && all.rows[0].count == LEDGER_COUNT_UNKNOWN);
	serial(w, 29845);
	tally_totals(w->tally)->serial_gaps += 29744;
	assert_true(pass(w, 1));
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "enobufs");
	assert_int_equal(all.rows[0].count, 29744);
	/* the next gap is its own */
	serial(w, 29950);
	tally_totals(w->tally)->serial_gaps += 4;
	pass(w, 10);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.rows[1].kind, "serial-gap");
}

/* The gap lies somewhere between the last serial before silence and the first one behind it. */
/* The first is stated for good; of the second nothing is missing but what shares a serial. */
static void test_a_second_overrun_takes_nothing_from_the_first(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	tally_totals(w->tally)->enobufs++;
	pass(w, 1);
	serial(w, 100 + SERIAL_WINDOW + 500);
	tally_totals(w->tally)->serial_gaps += 499;
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.rows[0].count, 499);
	/* the stream does not rest in between: both reach back to where it began */
	serial(w, 100 + SERIAL_WINDOW + 600);
	tally_totals(w->tally)->enobufs++;
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].count == 499 && all.rows[1].count == LEDGER_COUNT_UNKNOWN);
	serial(w, 100 + 3 * SERIAL_WINDOW);
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].count == 499 && all.rows[1].count == 1);
}

/* In the very pass in which the first one's size is known. */
static void test_an_overrun_holds_up_the_size_of_the_one_before(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	tally_totals(w->tally)->enobufs++;
	pass(w, 1);
	serial(w, 100 + SERIAL_WINDOW + 500);
	tally_totals(w->tally)->serial_gaps += 499;
	tally_totals(w->tally)->enobufs++;
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_true(all.rows[0].count == LEDGER_COUNT_UNKNOWN);
	serial(w, 100 + 3 * SERIAL_WINDOW);
	tally_totals(w->tally)->serial_gaps += 20;
	pass(w, 1);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.rows[0].count, 519);
}

static void test_a_gap_reaches_back_to_the_last_serial(void **state)
{
	World *w = *state;
	Rows all;

	serial(w, 100);
	pass(w, 1);
	for (unsigned i = 0; i < 100; i++)
		rest(w, 10);
	serial(w, 200);
	tally_totals(w->tally)->serial_gaps += 99;
	pass(w, 2);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_true(all.rows[0].from == NOW + 1 * SEC && all.rows[0].to == w->now);
}

static void test_states_are_losses_as_long_as_they_last(void **state)
{
	World *w = *state;
	Rows all;

	pass(w, 1);
	tally_totals(w->tally)->lineage.state = TALLY_LINEAGE_UNAVAILABLE;
	assert_true(pass(w, 1));
	rest(w, 10);
	pass(w, 20); /* the heartbeat */
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].kind, "lineage");
	assert_true(all.rows[0].from == NOW + 1 * SEC && all.rows[0].to == w->now);
	tally_totals(w->tally)->lineage.state = TALLY_LINEAGE_ON;
	assert_true(pass(w, 1));
	pass(w, 30);
	all = rows(w);
	assert_true(all.n == 1 && all.rows[0].to == NOW + 33 * SEC);
}

static void test_what_the_kernel_drops_is_a_loss(void **state)
{
	World *w = *state;
	Rows all;

	pass(w, 1);
	loss_note_kernel(&w->loss, 0);
	assert_false(pass(w, 1));
	loss_note_kernel(&w->loss, 12);
	assert_true(pass(w, 1));
	rest(w, 5);
	loss_note_kernel(&w->loss, LEDGER_COUNT_UNKNOWN);
	assert_true(pass(w, 1));
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_string_equal(all.rows[0].kind, "kernel-lost");
	assert_true(all.rows[0].count == 12 && all.rows[1].count == LEDGER_COUNT_UNKNOWN);
}

static void test_what_cannot_be_seen_is_said(void **state)
{
	World *w = *state;
	Rows all;

	pass(w, 1);
	loss_set_state(&w->loss, LOSS_UNOBSERVABLE, true);
	assert_true(pass(w, 1));
	all = rows(w);
	assert_true(all.n == 1 && !window_counts(&all.rows[0]));
	assert_string_equal(all.rows[0].kind, "unobservable");
	loss_set_state(&w->loss, LOSS_NOT_LOGGED, true);
	assert_true(pass(w, 1));
	all = rows(w);
	assert_string_equal(all.rows[1].kind, "not-logged");
}

static void test_one_workloads_overflow_is_its_own(void **state)
{
	World *w = *state;
	int64_t workload;
	Rows all;

	assert_int_equal(ledger_begin(w->ledger), 0);
	workload = put_workload(w->ledger, "docker:web");
	assert_int_equal(ledger_commit(w->ledger), 0);
	pass(w, 1);
	tally_totals(w->tally)->overflow = 10;
	w->now += SEC;
	loss_sample(&w->loss, w->now);
	assert_true(loss_has_overflow(&w->loss));
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(loss_write_overflow(&w->loss, workload, 7), 0);
	assert_int_equal(loss_write(&w->loss), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	loss_committed(&w->loss);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].workload == workload && all.rows[0].count == 7);
	assert_true(all.rows[1].workload == 0 && all.rows[1].count == 3);
}

/* A pass in which @overflow is the sum, of which a workload tells @own, and @later is somebody's.
 */
static void pass_with_overflow(World *w, uint64_t overflow, int64_t workload, uint64_t own,
			       uint64_t later)
{
	tally_totals(w->tally)->overflow = overflow;
	w->now += SEC;
	loss_sample(&w->loss, w->now);
	assert_int_equal(ledger_begin(w->ledger), 0);
	if (own > 0)
		assert_int_equal(loss_write_overflow(&w->loss, workload, own), 0);
	if (later > 0)
		loss_defer_overflow(&w->loss, later);
	assert_int_equal(loss_write(&w->loss), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	loss_committed(&w->loss);
}

/* Who floods goes on doing so while we write: its own count is read behind the sum. */
static void test_what_one_workload_lost_since_the_sum_was_read_is_nobody_elses(void **state)
{
	World *w = *state;
	int64_t workload;

	assert_int_equal(ledger_begin(w->ledger), 0);
	workload = put_workload(w->ledger, "docker:web");
	assert_int_equal(ledger_commit(w->ledger), 0);
	pass(w, 1);
	pass_with_overflow(w, 10, workload, 15, 0);
	pass_with_overflow(w, 20, workload, 12, 0);
	pass_with_overflow(w, 25, workload, 0, 0);
	/* Also over a restart. */
	start(w, true, false);
	pass_with_overflow(w, 27, workload, 0, 0);
	for (size_t i = 0; i < rows(w).n; i++)
		assert_int_equal(rows(w).rows[i].workload, workload);
	/* 2 more than were told are anybody's. */
	pass_with_overflow(w, 29, workload, 0, 0);
	assert_int_equal(rows(w).rows[rows(w).n - 1].workload, 0);
	assert_int_equal(rows(w).rows[rows(w).n - 1].count, 2);
}

/* As long as it is not known whose they are, they are not everybody's. */
static void test_an_overflow_waits_until_it_is_known_whose_it_is(void **state)
{
	World *w = *state;
	int64_t workload;
	usec_t began;
	Rows all;

	assert_int_equal(ledger_begin(w->ledger), 0);
	workload = put_workload(w->ledger, "docker:web");
	assert_int_equal(ledger_commit(w->ledger), 0);
	pass(w, 1);
	began = w->now;
	pass_with_overflow(w, 10, 0, 0, 10);
	pass_with_overflow(w, 20, 0, 0, 20);
	assert_int_equal(rows(w).n, 0);
	assert_true(loss_is_due(&w->loss));
	pass_with_overflow(w, 30, workload, 30, 0);
	all = rows(w);
	assert_int_equal(all.n, 1);
	assert_true(all.rows[0].workload == workload && all.rows[0].count == 30);
	assert_true(all.rows[0].from <= began);
}

/* A transaction that fails is tried again with what has come since. */
static void test_a_rolled_back_loss_is_written_later(void **state)
{
	World *w = *state;
	Rows all;

	pass(w, 1);
	tally_totals(w->tally)->rejected = 3;
	w->now += SEC;
	loss_sample(&w->loss, w->now);
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(loss_write(&w->loss), 0);
	ledger_rollback(w->ledger);
	loss_rolled_back(&w->loss);
	tally_totals(w->tally)->rejected = 5;
	assert_true(pass(w, 1));
	all = rows(w);
	assert_true(all.n == 1 && all.rows[0].count == 5 && all.rows[0].from <= NOW + 1 * SEC);
}

UNIT_MAIN(cmocka_unit_test(test_each_counter_has_its_row),
	  WORLD_TEST(test_a_containers_monitor_is_no_loss),
	  WORLD_TEST(test_what_goes_on_is_one_row),
	  WORLD_TEST(test_an_overrun_has_no_size_until_the_next_serial),
	  WORLD_TEST(test_a_second_overrun_takes_nothing_from_the_first),
	  WORLD_TEST(test_an_overrun_holds_up_the_size_of_the_one_before),
	  WORLD_TEST(test_a_gap_reaches_back_to_the_last_serial),
	  WORLD_TEST(test_states_are_losses_as_long_as_they_last),
	  WORLD_TEST(test_what_the_kernel_drops_is_a_loss),
	  WORLD_TEST(test_what_cannot_be_seen_is_said),
	  WORLD_TEST(test_one_workloads_overflow_is_its_own),
	  WORLD_TEST(test_what_one_workload_lost_since_the_sum_was_read_is_nobody_elses),
	  WORLD_TEST(test_an_overflow_waits_until_it_is_known_whose_it_is),
	  WORLD_TEST(test_a_rolled_back_loss_is_written_later))
