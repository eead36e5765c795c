/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/lifetime: containers and units over made-up cgroups, with true processes in them. */
#include "tests/unit/lifetime-world.h"

static void test_one_that_is_watched_from_its_start_to_its_end(void **state)
{
	World *w = *state;
	LedgerLifetime f;

	container(w, true);
	assert_true(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 3);
	assert_false(lifetimes_are_due(w->lifetimes, w->now));
	f = only(w);
	assert_true(f.kind == SUBJECT_CONTAINER && f.start_seen && f.from == NOW && f.to == 0);
	exit_ring_note(w->exits, w->child, 0);
	w->now += 7 * SEC;
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	pass(w, 0);
	f = only(w);
	assert_true(f.stop_seen && f.to == NOW + 10 * SEC);
	assert_int_equal(f.exit, LIFETIME_EXIT_GRACEFUL);
}

static void test_how_the_first_process_ended_is_how_it_ended(void **state)
{
	static const struct {
		int status; /* as of wait(2) */
		LifetimeExit exit;
	} cases[] = {
		{ 0, LIFETIME_EXIT_GRACEFUL },        { 1 << 8, LIFETIME_EXIT_FAILED },
		{ 143 << 8, LIFETIME_EXIT_GRACEFUL }, { 137 << 8, LIFETIME_EXIT_KILLED },
		{ SIGTERM, LIFETIME_EXIT_GRACEFUL },  { SIGINT, LIFETIME_EXIT_GRACEFUL },
		{ SIGKILL, LIFETIME_EXIT_KILLED },    { SIGSYS, LIFETIME_EXIT_KILLED },
		{ SIGSEGV, LIFETIME_EXIT_KILLED },
	};
	World *w = *state;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Rows all;

		container(w, true);
		pass(w, 3);
		exit_ring_note(w->exits, w->child, (uint32_t)cases[i].status);
		lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
		container_cache_end(
			w->cache,
			&(SubjectKey){ .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID },
			SPAN_LIT(CONTAINER_PATH), w->now);
		pass(w, 1);
		all = rows(w);
		assert_int_equal(all.n, i + 1);
		assert_int_equal(all.rows[i].f.exit, cases[i].exit);
		end_child(w);
	}
}

static void test_an_exit_is_waited_for_and_not_made_up(void **state)
{
	World *w = *state;

	container(w, true);
	pass(w, 3);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	pass(w, 0);
	assert_true(only(w).to == 0);
	pass(w, 1);
	assert_true(only(w).to == NOW + 3 * SEC && only(w).stop_seen);
	assert_int_equal(only(w).exit, LIFETIME_EXIT_UNKNOWN);
}

static void test_what_was_there_before_has_no_start(void **state)
{
	World *w = *state;

	container(w, false);
	pass(w, 3);
	assert_false(only(w).start_seen);
}

static void test_it_goes_on_over_a_restart_of_ours(void **state)
{
	World *w = *state;
	int64_t row;

	container(w, true);
	pass(w, 3);
	row = only(w).id;
	lifetimes_free(w->lifetimes);
	w->now += 10 * SEC;
	begin_daemon(w, true);
	container(w, false);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
	assert_true(only(w).id == row && only(w).start_seen && only(w).to == 0);
}

static void test_it_goes_on_when_the_ledger_is_opened_anew(void **state)
{
	World *w = *state;
	int64_t row;

	container(w, true);
	pass(w, 3);
	row = only(w).id;
	assert_int_equal(lifetimes_renewed(w->lifetimes, true, w->now), 0);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
	assert_true(only(w).id == row && only(w).start_seen && only(w).to == 0);
	/* Another ledger has no row of it, and gets one: it was watched from its start. */
	assert_int_equal(ledger_reopen(w->ledger, w->folder.path, "host-a", w->now, true, NULL),
			 LEDGER_SET_ASIDE);
	resolver_forget(w->resolver);
	assert_int_equal(lifetimes_renewed(w->lifetimes, false, 0), 0);
	assert_true(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 3);
	assert_true(only(w).start_seen && only(w).from == NOW && only(w).to == 0);
	/* What has ended and is told is over. */
	end_child(w);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	pass(w, 3);
	assert_true(only(w).to != 0);
	assert_int_equal(lifetimes_renewed(w->lifetimes, true, w->now), 0);
	assert_false(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 3);
	assert_int_equal(rows(w).n, 1);
}

static void test_what_ended_meanwhile_ended_unseen(void **state)
{
	World *w = *state;
	LedgerLifetime f;

	container(w, true);
	pass(w, 3);
	lifetimes_free(w->lifetimes);
	begin_daemon(w, true);
	pass(w, 5);
	assert_true(only(w).to == 0); /* it may still be found */
	lifetimes_settle(w->lifetimes);
	assert_true(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 0);
	f = only(w);
	assert_true(f.to == NOW + 3 * SEC && !f.stop_seen);
}

/* The same id, with another first process. */
static void test_another_run_of_the_same_is_another(void **state)
{
	World *w = *state;
	Rows all;

	container(w, true);
	pass(w, 3);
	lifetimes_free(w->lifetimes);
	end_child(w);
	begin_daemon(w, true);
	container(w, false);
	pass(w, 3);
	lifetimes_settle(w->lifetimes);
	pass(w, 0);
	all = rows(w);
	assert_int_equal(all.n, 1 + (all.rows[0].incarnation[0] != '\0'));
}

static void test_after_a_reboot_nothing_goes_on(void **state)
{
	World *w = *state;
	Rows all;

	container(w, true);
	pass(w, 3);
	lifetimes_free(w->lifetimes);
	begin_daemon(w, false);
	container(w, false);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].f.to != 0 && !all.rows[0].f.stop_seen);
	assert_true(all.rows[1].f.to == 0 && !all.rows[1].f.start_seen);
}

static void test_a_transaction_that_failed_is_written_again(void **state)
{
	World *w = *state;

	container(w, true);
	unit(w, true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ledger_begin(w->ledger), 0);
		assert_int_equal(lifetimes_write(w->lifetimes, w->now + 3 * SEC, true), 0);
		ledger_rollback(w->ledger);
		lifetimes_rolled_back(w->lifetimes);
		assert_true(lifetimes_are_due(w->lifetimes, w->now));
	}
	pass(w, 3);
	assert_true(only(w).from == NOW);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(lifetimes_write(w->lifetimes, w->now + 2 * SEC, true), 0);
	ledger_rollback(w->ledger);
	lifetimes_rolled_back(w->lifetimes);
	assert_true(only(w).to == 0);
	pass(w, 2);
	assert_true(only(w).to == NOW + 3 * SEC);
}

typedef struct Hours {
	usec_t observed, complete;
} Hours;

static int take_hour(const LedgerHour *row, void *userdata)
{
	Hours *h = userdata;

	h->observed += row->observed;
	h->complete += row->complete;
	return 0;
}

static void test_instances_side_by_side_are_one_time(void **state)
{
	const SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "b" };
	Container c = { .runtime = "docker", .id = "b", .confirmed = true, .spec_found = true };
	World *w = *state;
	Hours h = { 0 };

	container(w, true);
	snprintf(c.names.name, sizeof(c.names.name), "web");
	snprintf(c.names.runtime, sizeof(c.names.runtime), "docker");
	assert_int_equal(container_cache_put(w->cache, &key, SPAN_LIT("/docker/b"), &c, w->now), 0);
	lifetimes_begin(w->lifetimes, &key, SPAN_LIT("/docker/b"), &c, w->now, true);
	pass(w, 0);
	pass(w, 10);
	assert_int_equal(ledger_begin(w->ledger), 0);
	w->now += 10 * SEC;
	assert_int_equal(lifetimes_write(w->lifetimes, w->now, false), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	assert_int_equal(rows(w).n, 2);
	assert_int_equal(ledger_each_hour(w->ledger, rows(w).rows[0].f.workload, 0, take_hour, &h),
			 0);
	assert_true(h.observed == 20 * SEC && h.complete == 10 * SEC);
}

/* Another thread tells of ends while a pass is on its way. */
static void test_an_end_behind_the_time_of_a_pass_is_counted_once(void **state)
{
	World *w = *state;
	Hours h = { 0 };

	container(w, true);
	pass(w, 0);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now + 15 * SEC);
	pass(w, 10);
	pass(w, 10);
	pass(w, 10);
	assert_int_equal(ledger_each_hour(w->ledger, only(w).workload, 0, take_hour, &h), 0);
	assert_true(h.observed == 15 * SEC);
}

static void test_one_that_was_found_behind_a_pass_gets_its_row_with_the_next(void **state)
{
	const SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID };
	uint64_t hash = join_ring_hash(SPAN_LIT(ID));
	_cleanup_(join_ring_freep) JoinRing *ring = NULL;
	World *w = *state;
	Joins joins = { .ledger = w->ledger, .lifetimes = w->lifetimes };

	assert_int_equal(join_ring_new(&ring), 0);
	joins.ring = ring;
	assert_int_equal(lifetimes_row(w->lifetimes, &key), 0);
	container(w, true);
	assert_int_equal(lifetimes_row(w->lifetimes, &key), -EAGAIN);
	assert_int_equal(lifetimes_row_by_hash(w->lifetimes, hash), -EAGAIN);
	/* Who was brought into it is kept until then, */
	join_ring_note(ring, hash);
	assert_int_equal(joins_write(&joins, w->now), 0);
	joins_committed(&joins);
	assert_true(joins_are_due(&joins));
	pass(w, 1);
	assert_true(lifetimes_row(w->lifetimes, &key) > 0);
	/* and told then. */
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(joins_write(&joins, w->now), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	joins_committed(&joins);
	assert_false(joins_are_due(&joins));
	assert_int_equal(only(w).joins, 1);
}

UNIT_MAIN(TEST(test_one_that_is_watched_from_its_start_to_its_end),
	  TEST(test_how_the_first_process_ended_is_how_it_ended),
	  TEST(test_an_exit_is_waited_for_and_not_made_up),
	  TEST(test_what_was_there_before_has_no_start),
	  TEST(test_it_goes_on_over_a_restart_of_ours),
	  TEST(test_it_goes_on_when_the_ledger_is_opened_anew),
	  TEST(test_what_ended_meanwhile_ended_unseen),
	  TEST(test_another_run_of_the_same_is_another), TEST(test_after_a_reboot_nothing_goes_on),
	  TEST(test_a_transaction_that_failed_is_written_again),
	  TEST(test_instances_side_by_side_are_one_time),
	  TEST(test_an_end_behind_the_time_of_a_pass_is_counted_once),
	  TEST(test_one_that_was_found_behind_a_pass_gets_its_row_with_the_next))
