/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/lifetime-unit: when units ran, by their cgroup, their invocation and what systemd says. */
#include "tests/unit/lifetime-world.h"

/* As the writer does it: a call of this unit was counted. */
static int64_t call(World *w, const char *profile)
{
	Resolved who = { .kind = SUBJECT_UNIT };
	LedgerWorkload workload = make_workload("unit:" UNIT);
	int64_t row = -1;

	snprintf(who.profile_hash, sizeof(who.profile_hash), "%s", profile);
	workload.profile_hash = profile;
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(lifetimes_write(w->lifetimes, w->now, true), 0);
	assert_int_equal(ledger_put_workload(w->ledger, &workload, &who.workload), 0);
	assert_int_equal(lifetimes_put_unit(w->lifetimes, UNIT, &who, w->now, &row), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	lifetimes_committed(w->lifetimes);
	return row;
}

static void test_a_unit_gets_its_row_with_its_first_call(void **state)
{
	World *w = *state;
	LedgerLifetime f;
	int64_t row;
	Rows all;

	put_child(w, UNIT_PATH);
	unit(w, true);
	unit(w, true); /* each hierarchy tells of it */
	pass(w, 5);
	assert_int_equal(rows(w).n, 0);
	row = call(w, "p");
	assert_true(row > 0);
	assert_int_equal(call(w, "p"), row);
	all = rows(w);
	f = only(w);
	assert_true(f.id == row && f.kind == SUBJECT_UNIT && f.start_seen && f.from == NOW);
	assert_string_equal(all.rows[0].profile, "p");
	pass(w, 1);
	exit_ring_note(w->exits, w->child, SIGTERM);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now + SEC);
	pass(w, 0);
	f = only(w);
	assert_true(f.stop_seen && f.to == NOW + 6 * SEC && f.exit == LIFETIME_EXIT_GRACEFUL);
}

/* Its record is folded a little after it is gone. */
static void test_a_short_unit_is_known_a_while_longer(void **state)
{
	World *w = *state;

	unit(w, true);
	w->now += SEC;
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	pass(w, 2);
	assert_true(call(w, "p") > 0);
	pass(w, 2);
	assert_true(only(w).to == NOW + SEC && only(w).stop_seen);
	/* but not for ever */
	w->now += 100 * SEC;
	unit(w, true);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now + SEC);
	pass(w, 100);
	pass(w, 1);
	assert_int_equal(call(w, "p"), 0);
}

static void test_each_start_of_a_unit_is_one(void **state)
{
	World *w = *state;

	for (int i = 0; i < 3; i++) {
		unit(w, true);
		assert_true(call(w, "p") > 0);
		pass(w, 10);
		lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
		pass(w, 2);
	}
	assert_int_equal(rows(w).n, 3);
	for (int i = 0; i < 3; i++)
		assert_true(rows(w).rows[i].f.to == rows(w).rows[i].f.from + 10 * SEC);
}

/* What took the oldest process's exit for the unit's would call a crash graceful. */
static void test_a_first_process_that_is_gone_before_says_nothing(void **state)
{
	World *w = *state;
	pid_t first;

	put_child(w, UNIT_PATH);
	unit(w, true);
	call(w, "p");
	pass(w, 3);
	first = w->child;
	end_child(w);
	exit_ring_note(w->exits, first, 0);
	put_child(w, UNIT_PATH);
	pass(w, 3);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	pass(w, 2);
	assert_true(only(w).stop_seen);
	assert_int_equal(only(w).exit, LIFETIME_EXIT_UNKNOWN);
}

/* Whoever takes the cgroup away may be slow. */
static void test_the_last_process_tells_how_it_ended(void **state)
{
	World *w = *state;
	pid_t last;

	put_child(w, UNIT_PATH);
	unit(w, true);
	call(w, "p");
	pass(w, 3);
	last = w->child;
	end_child(w);
	exit_ring_note(w->exits, last, SIGTERM);
	run_in(w->dir, ": >cg" UNIT_PATH "/cgroup.procs");
	pass(w, 3);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	pass(w, 2);
	assert_true(only(w).stop_seen);
	assert_int_equal(only(w).exit, LIFETIME_EXIT_GRACEFUL);
}

static void invocation(World *w, char digit)
{
	char command[256], id[33];

	memset(id, digit, 32);
	id[32] = '\0';
	snprintf(command, sizeof(command),
		 "ln -sfn %s root/run/systemd/units/invocation:" UNIT
		 " && touch -h -d @%llu root/run/systemd/units/invocation:" UNIT,
		 id, (unsigned long long)(w->now / SEC));
	run_in(w->dir, command);
}

/* Something of the run before keeps the cgroup; systemd's word tells that it is another. */
static void test_a_new_invocation_in_the_same_cgroup_is_another(void **state)
{
	World *w = *state;
	Rows all;

	unit(w, true);
	invocation(w, 'a');
	assert_true(call(w, "p") > 0);
	pass(w, 10);
	assert_int_equal(rows(w).n, 1);
	w->now += 10 * SEC;
	invocation(w, 'b');
	w->now += 5 * SEC;
	assert_true(call(w, "p") > 0);
	pass(w, 2);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].f.to == NOW + 20 * SEC && all.rows[1].f.from == NOW + 20 * SEC);
	assert_true(all.rows[1].f.start_seen && all.rows[1].f.to == 0);
	assert_string_equal(all.rows[1].incarnation, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
}

static void restart_daemon(World *w)
{
	lifetimes_free(w->lifetimes);
	w->now += SEC;
	begin_daemon(w, true);
	unit(w, false);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
}

static void test_over_a_restart_of_ours_the_invocation_decides(void **state)
{
	World *w = *state;

	unit(w, true);
	invocation(w, 'a');
	pass(w, 1);
	assert_true(call(w, "p") > 0);
	restart_daemon(w);
	assert_true(only(w).to == 0 && only(w).start_seen);
	invocation(w, 'b');
	restart_daemon(w);
	assert_true(only(w).to != 0 && !only(w).stop_seen);
	assert_true(call(w, "p") > 0);
	assert_int_equal(rows(w).n, 2);
	assert_false(rows(w).rows[1].f.start_seen);
}

static void test_what_no_scan_tells_of_has_ended(void **state)
{
	World *w = *state;

	unit(w, true);
	assert_true(call(w, "p") > 0);
	lifetimes_scan_begins(w->lifetimes);
	unit(w, false);
	lifetimes_end_others(w->lifetimes, NULL, NULL, w->now);
	pass(w, 2);
	assert_true(only(w).to == 0 && only(w).start_seen);
	lifetimes_scan_begins(w->lifetimes);
	lifetimes_end_others(w->lifetimes, NULL, NULL, w->now);
	pass(w, 2);
	assert_true(only(w).to != 0);
}

/* systemd's bus may come up behind the first unit. */
static void test_a_filter_that_is_told_later_is_filled_in_once(void **state)
{
	World *w = *state;

	unit(w, true);
	assert_true(call(w, "") > 0);
	assert_string_equal(rows(w).rows[0].profile, "");
	assert_true(call(w, "p") > 0);
	assert_string_equal(rows(w).rows[0].profile, "p");
	assert_true(call(w, "q") > 0);
	assert_string_equal(rows(w).rows[0].profile, "p");
}

static void test_a_flood_of_units_leaves_room_for_containers(void **state)
{
	World *w = *state;
	char name[64], path[128];

	for (unsigned i = 0; i < LIFETIMES_UNITS_MAX + 10; i++) {
		snprintf(name, sizeof(name), "run-%u.service", i);
		snprintf(path, sizeof(path), "/system.slice/%s", name);
		lifetimes_begin_unit(w->lifetimes, name, span_of(path), w->now, true);
	}
	assert_int_equal(lifetimes_stats(w->lifetimes).running, LIFETIMES_UNITS_MAX);
	assert_int_equal(lifetimes_stats(w->lifetimes).dropped, 10);
	container(w, true);
	pass(w, 3);
	assert_true(only(w).kind == SUBJECT_CONTAINER);
}

UNIT_MAIN(TEST(test_a_unit_gets_its_row_with_its_first_call),
	  TEST(test_a_short_unit_is_known_a_while_longer), TEST(test_each_start_of_a_unit_is_one),
	  TEST(test_a_first_process_that_is_gone_before_says_nothing),
	  TEST(test_the_last_process_tells_how_it_ended),
	  TEST(test_a_new_invocation_in_the_same_cgroup_is_another),
	  TEST(test_over_a_restart_of_ours_the_invocation_decides),
	  TEST(test_what_no_scan_tells_of_has_ended),
	  TEST(test_a_filter_that_is_told_later_is_filled_in_once),
	  TEST(test_a_flood_of_units_leaves_room_for_containers))
