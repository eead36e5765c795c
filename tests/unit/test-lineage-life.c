/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/lineage: pids that are used again, processes that end, and what finds no room. */
#include "tests/unit/lineage-world.h"

static void test_a_pid_that_is_reused_within_a_second_gives_the_right_one_or_none(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a"), b = start_container(w, 40, 300, "b");

	fork_inherits(w, 60, a, 1000);
	ends(w, 60, 1001);
	fork_inherits(w, 60, b, 2000);
	ends(w, 60, 2001);
	fork_inherits(w, 60, a, 2100);
	ends(w, 60, 2101);
	expect_where(w, 60, 700, "nobody");
	expect_where(w, 60, 1000, "a");
	expect_where(w, 60, 1002, "a");
	expect_where(w, 60, 1500, "nobody");
	expect_where(w, 60, 1800, "b");
	expect_where(w, 60, 1900, "two");
	expect_where(w, 60, 2001, "two");
	expect_where(w, 60, 2102, "a");
	expect_where(w, 60, 2105, "nobody");
}

static void test_a_look_that_may_have_met_the_next_owner_does_not_count(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a"), c = start_container(w, 40, 300, "c");
	LineageSight s = sight_of(60, a, 400, "x", "b");

	fork_inherits(w, 60, a, 400);
	/* Looked at 430, but at 420 somebody else had the pid already. */
	assert_int_equal(event(w, PROCESS_EXEC, 60, 0, 401), LINEAGE_LOOK);
	lineage_seen(w->l, &s, 430 * MS);
	fork_inherits(w, 60, 10, 420);
	expect_where(w, 60, 402, "two");
	expect_where(w, 60, 440, HOST);
	expect_where(w, 60, 160, "unsure");
	/* One that started later than the exec is somebody else for sure. */
	fork_inherits(w, 61, c, 500);
	s = sight_of(61, 10, 550, "x", "b");
	assert_int_equal(event(w, PROCESS_EXEC, 61, 0, 501), LINEAGE_LOOK);
	lineage_seen(w->l, &s, 560 * MS);
	expect_where(w, 61, 502, "c");
}

static void test_a_thread_that_execs_comes_back_as_the_leader(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	fork_inherits(w, 60, a, 400);
	ends(w, 60, 401);
	expect_where(w, 60, 900, "nobody");
	exec_seen(w, 60, a, 950, "x", "a");
	assert_int_equal(lineage_counters(w->l).living, 5);
	assert_int_equal(lineage_counters(w->l).untold, 0);
	expect_where(w, 60, 960, "a");
}

static void test_a_fork_that_was_not_told_gives_nobody_the_pid_of_before(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");
	LineageSight s = sight_of(62, 10, 700, "x", "b");

	/* It only ends... */
	fork_inherits(w, 60, a, 400);
	ends(w, 60, 401);
	expect_where(w, 60, 600, "nobody");
	ends(w, 60, 601);
	assert_int_equal(lineage_counters(w->l).untold, 1);
	/* ... or starts a program and is gone, ... */
	fork_inherits(w, 61, a, 400);
	ends(w, 61, 401);
	exec_missed(w, 61, 600);
	expect_where(w, 61, 600, "unsure");
	/* ... or is there. */
	fork_inherits(w, 62, a, 400);
	assert_int_equal(event(w, PROCESS_EXEC, 62, 0, 701), LINEAGE_LOOK);
	lineage_seen(w->l, &s, 702 * MS);
	expect_where(w, 62, 710, "b");
	expect_where(w, 62, 500, "a");
	/* Who was there in between is not known: the stamp has to be close. */
	expect_where(w, 62, 690, "two");
	assert_int_equal(lineage_counters(w->l).untold, 2);
}

static void test_the_end_of_an_earlier_owner_that_comes_late_ends_nobody_else(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	fork_inherits(w, 60, 10, 400);
	fork_inherits(w, 60, a, 1500);
	ends(w, 60, 450);
	assert_int_equal(lineage_counters(w->l).living, 5);
	expect_where(w, 60, 1600, "a");
	expect_where(w, 60, 440, HOST);
}

static void test_the_dead_are_kept_for_a_minute(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	fork_inherits(w, 60, a, 400);
	ends(w, 60, 1000);
	lineage_expire(w->l, 61000 * MS);
	expect_where(w, 60, 500, "a");
	lineage_expire(w->l, 61001 * MS);
	expect_where(w, 60, 500, "nobody");
}

static void test_a_full_table_drops_the_dead_first_and_answers_nothing_wrong(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	ends(w, 90, 300);
	fork_inherits(w, 90, a, 301);
	for (int32_t pid = 100; pid < 400; pid++) {
		fork_inherits(w, pid, 10, 400);
		ends(w, pid, 401);
	}
	assert_int_equal(lineage_counters(w->l).living, 5);
	assert_int_equal(lineage_counters(w->l).dead, 59);
	assert_true(lineage_counters(w->l).evicted > 200);
	expect_where(w, 100, 400, "nobody");
	expect_where(w, 399, 400, HOST);
	for (int32_t pid = 500; pid < 600; pid++)
		fork_inherits(w, pid, 10, 500);
	assert_int_equal(lineage_counters(w->l).living, 64);
	/* The next owner of 90 finds no room: the one before does not stand for it. */
	ends(w, 90, 600);
	fork_inherits(w, 601, 10, 600);
	event(w, PROCESS_FORK, 90, 10, 700);
	expect_where(w, 90, 710, "nobody");
}

static void test_behind_a_loss_nothing_is_inherited_until_a_scan(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	fork_inherits(w, 60, a, 400);
	ends(w, 60, 410);
	lose(w);
	fork_inherits(w, 70, a, 500);
	expect_where(w, 70, 501, "unsure");
	expect_where(w, a, 501, "unsure");
	lineage_scan_begin(w->l);
	scanned(w, 1, 0, 0, "init", HOST, 600);
	scanned(w, 10, 1, 5, "sh", HOST, 600);
	scanned(w, a, 20, 204, "nginx", "a", 600);
	lineage_scan_end(w->l, 600 * MS);
	/* The dead: only as long as they are known to have lived. */
	expect_where(w, 60, 405, "a");
	expect_where(w, 60, 450, "nobody");
	/* Forked meanwhile and gone; not known any more whose child it was. */
	expect_where(w, 70, 500, "unsure");
	expect_where(w, 70, 550, "nobody");
	expect_where(w, a, 550, "a");
	expect_where(w, 20, 550, "nobody");
	assert_int_equal(lineage_counters(w->l).lost, 1);
	fork_inherits(w, 71, a, 700);
	expect_where(w, 71, 701, "a");
	assert_int_equal(w->answer.role, LINEAGE_ROLE_WORKLOAD);
}

static void test_a_scan_behind_a_loss_tells_the_next_owner_of_a_pid(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	lose(w);
	event(w, PROCESS_EXIT, a, 0, 450);
	lineage_scan_begin(w->l);
	scanned(w, a, 10, 500, "sh", HOST, 600);
	scanned(w, 10, 1, 450, "sh", "b", 600);
	lineage_scan_end(w->l, 600 * MS);
	expect_where(w, a, 205, "a");
	expect_where(w, a, 480, "nobody");
	expect_where(w, a, 560, HOST);
	expect_where(w, 10, 100, HOST);
	expect_where(w, 10, 560, "b");
}

static void test_places_are_shared_and_given_back(void **state)
{
	World *w = *state;
	char place[] = "a";

	for (int32_t i = 0; i < 20; i++) {
		place[0] = (char)('a' + i);
		fork_inherits(w, 100 + i, 10, 400);
		exec_seen(w, 100 + i, 10, 401, "x", place);
		lineage_at(w->l, lineage_newest(w->l, 10))->flags &= (uint16_t)~ENTRY_MIXED;
	}
	assert_int_equal(lineage_counters(w->l).places, 22);
	for (int32_t i = 0; i < 20; i++)
		ends(w, 100 + i, 500);
	lineage_expire(w->l, 70000 * MS);
	assert_int_equal(lineage_counters(w->l).places, 2);
	assert_int_equal(lineage_counters(w->l).dead, 0);
}

static void test_many_entries_are_all_found(void **state)
{
	World *w = calloc(1, sizeof(*w));

	(void)state;
	assert_int_equal(lineage_new(7, 20000, &w->l), 0);
	lineage_scan_begin(w->l);
	scanned(w, 10, 2, 5, "sh", "a", 100);
	lineage_scan_end(w->l, 100 * MS);
	for (int32_t pid = 100; pid < 15000; pid++)
		fork_inherits(w, pid, 10, 200);
	for (int32_t pid = 100; pid < 15000; pid++)
		expect_where(w, pid, 200, "a");
	lineage_free(w->l);
	free(w);
}

/* Who stays was numbered behind all who go: living, dead, the first process of a container, and one
 * whose pid had another before. */
static void test_what_a_storm_took_is_given_back(void **state)
{
	World *w = calloc(1, sizeof(*w));
	uint64_t small, large;
	int32_t nginx;

	(void)state;
	assert_int_equal(lineage_new(7, 40000, &w->l), 0);
	lineage_scan_begin(w->l);
	scanned(w, 10, 2, 5, "sh", HOST, 100);
	scanned(w, 20, 1, 5, "containerd-shim", UNIT, 100);
	lineage_scan_end(w->l, 100 * MS);
	fork_inherits(w, 99, 10, 150);
	small = lineage_counters(w->l).bytes;
	for (int32_t pid = 100; pid < 30000; pid++)
		fork_inherits(w, pid, 10, 200);
	large = lineage_counters(w->l).bytes;
	assert_true(large > small + 29900 * sizeof(LineageEntry));
	for (int32_t pid = 100; pid < 30000; pid++)
		ends(w, pid, 300);
	nginx = start_container(w, 30001, 60000, "a");
	fork_inherits(w, 30100, nginx, 60100);
	fork_inherits(w, 30101, nginx, 60100);
	ends(w, 30101, 60200);
	fork_inherits(w, 29999, nginx, 60300);
	lineage_expire(w->l, 60301 * MS);
	assert_true(lineage_counters(w->l).bytes <
		    small + 3 * LINEAGE_CHUNK * sizeof(LineageEntry));
	assert_int_equal(lineage_counters(w->l).living, 6);
	assert_int_equal(lineage_counters(w->l).dead, 4);
	assert_int_equal(w->l->n_entries, 10);

	expect_where(w, 99, 200, HOST);
	expect_where(w, 30100, 60200, "a");
	assert_int_equal(w->answer.init, nginx);
	expect_where(w, 30101, 60150, "a");
	expect_where(w, 29999, 60310, "a");
	expect_where(w, 29999, 250, "nobody");
	expect_where(w, 100, 250, "nobody");
	/* It goes on: the dead in the order of their ends, and another storm. */
	ends(w, 30100, 60400);
	lineage_expire(w->l, 120250 * MS);
	expect_where(w, 30101, 60150, "nobody");
	expect_where(w, 30100, 60200, "a");
	for (int32_t pid = 100; pid < 20000; pid++)
		fork_inherits(w, pid, 10, 121000);
	for (int32_t pid = 100; pid < 20000; pid++)
		expect_where(w, pid, 121000, HOST);
	expect_where(w, 29999, 121000, "a");
	lineage_free(w->l);
	free(w);
}

static void test_forks_of_before_the_scan_are_taken_in_behind_it(void **state)
{
	World *w = *state;

	/* In the scan: 40, the workload of a container, and 50, its child. */
	lineage_scan_begin(w->l);
	scanned(w, 1, 0, 0, "init", HOST, 1000);
	scanned(w, 40, 1, 300, "nginx", "a", 1000);
	scanned(w, 50, 40, 595, "worker", "a", 1000);
	lineage_scan_end(w->l, 1000 * MS);
	/* Then what was kept: it forked 50 and 41; 41 is gone. */
	fork_inherits(w, 50, 40, 600);
	fork_inherits(w, 41, 40, 601);
	ends(w, 41, 700);
	/* Somebody who was there before and is not any more: no hole in the history. */
	ends(w, 30, 710);
	expect_where(w, 41, 650, "a");
	expect_where(w, 50, 600, "a");
	expect_where(w, 50, 900, "a");
	expect_where(w, 50, 300, "nobody");
	assert_int_equal(lineage_counters(w->l).untold, 0);
	ends(w, 31, 1010);
	assert_int_equal(lineage_counters(w->l).untold, 1);
}

static void test_the_next_owner_of_a_parents_pid_leaves_nothing_to_its_children(void **state)
{
	World *w = *state;

	lineage_scan_begin(w->l);
	scanned(w, 1, 0, 0, "init", HOST, 1000);
	scanned(w, 40, 1, 800, "nginx", "a", 1000);
	lineage_scan_end(w->l, 1000 * MS);
	/* At that time 40 was somebody else. */
	fork_unread(w, 41, 40, 500);
	ends(w, 41, 510);
	expect_where(w, 41, 505, "unsure");
}

static void test_the_child_of_somebody_unknown_is_nobodys(void **state)
{
	World *w = *state;

	fork_unread(w, 41, 40, 500);
	ends(w, 41, 510);
	expect_where(w, 41, 505, "unsure");
}

UNIT_MAIN(WORLD_TEST(test_a_pid_that_is_reused_within_a_second_gives_the_right_one_or_none),
	  WORLD_TEST(test_a_look_that_may_have_met_the_next_owner_does_not_count),
	  WORLD_TEST(test_a_thread_that_execs_comes_back_as_the_leader),
	  WORLD_TEST(test_a_fork_that_was_not_told_gives_nobody_the_pid_of_before),
	  WORLD_TEST(test_the_end_of_an_earlier_owner_that_comes_late_ends_nobody_else),
	  WORLD_TEST(test_the_dead_are_kept_for_a_minute),
	  WORLD_TEST(test_a_full_table_drops_the_dead_first_and_answers_nothing_wrong),
	  WORLD_TEST(test_behind_a_loss_nothing_is_inherited_until_a_scan),
	  WORLD_TEST(test_a_scan_behind_a_loss_tells_the_next_owner_of_a_pid),
	  WORLD_TEST(test_places_are_shared_and_given_back),
	  cmocka_unit_test(test_many_entries_are_all_found),
	  cmocka_unit_test(test_what_a_storm_took_is_given_back),
	  WORLD_TEST(test_forks_of_before_the_scan_are_taken_in_behind_it),
	  WORLD_TEST(test_the_next_owner_of_a_parents_pid_leaves_nothing_to_its_children),
	  WORLD_TEST(test_the_child_of_somebody_unknown_is_nobodys))
