/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* who/lineage: made-up events and looks; who had a pid when, what is never inherited, and who came
 * into a container how. Times are in ms. */
#include "tests/unit/lineage-world.h"

static void test_a_child_that_is_gone_has_its_parents_place(void **state)
{
	World *w = *state;
	int32_t init = start_container(w, 30, 200, "a");

	fork_inherits(w, 50, init, 300);
	ends(w, 50, 301);
	expect_where(w, 50, 300, "a");
	assert_int_equal(w->answer.means, MEANS_LINEAGE);
	fork_inherits(w, 51, init, 300);
	exec_missed(w, 51, 301);
	ends(w, 51, 302);
	expect_where(w, 51, 302, "a");
	assert_int_equal(w->answer.means, MEANS_LINEAGE);
}

static void test_a_program_that_was_not_looked_at_outside_of_containers_is_inferred(void **state)
{
	World *w = *state;

	fork_inherits(w, 50, 10, 200);
	expect_where(w, 50, 200, HOST);
	assert_int_equal(w->answer.means, MEANS_LINEAGE);
	exec_missed(w, 50, 201);
	expect_where(w, 50, 201, HOST);
	assert_int_equal(w->answer.means, MEANS_INFERRED);
}

/* As when nobody looks for a while: that 30 was podman, 31 conmon, and 32 a runtime is not known.
 */
static void test_what_starts_behind_unseen_programs_is_nobodys(void **state)
{
	World *w = *state;

	fork_inherits(w, 30, 10, 200);
	exec_missed(w, 30, 201);
	expect_where(w, 30, 202, HOST);
	assert_int_equal(w->answer.means, MEANS_INFERRED);
	fork_unread(w, 31, 30, 203);
	expect_where(w, 31, 204, HOST);
	assert_int_equal(w->answer.means, MEANS_INFERRED);
	exec_missed(w, 31, 205);
	expect_where(w, 31, 206, "unsure");
	fork_unread(w, 32, 31, 207);
	exec_missed(w, 32, 208);
	fork_unread(w, 33, 32, 209);
	expect_where(w, 33, 210, "unsure");
	exec_missed(w, 33, 211);
	expect_where(w, 33, 212, "unsure");
	fork_unread(w, 34, 33, 213);
	expect_where(w, 34, 214, "unsure");
	/* A look, at any of them, tells. */
	fork_unread(w, 35, 30, 220);
	exec_seen(w, 35, 30, 221, "cat", HOST);
	fork_inherits(w, 36, 35, 222);
	exec_missed(w, 36, 223);
	expect_where(w, 36, 224, HOST);
	assert_int_equal(w->answer.means, MEANS_INFERRED);
}

static void test_a_runtimes_child_never_inherits(void **state)
{
	World *w = *state;

	fork_seen(w, 30, 20, 200, UNIT);
	exec_seen(w, 30, 20, 201, "runc", UNIT);
	fork_unread(w, 31, 30, 202);
	expect_where(w, 31, 203, "unsure");
	fork_unread(w, 32, 31, 204);
	expect_where(w, 32, 205, "unsure");
	exec_missed(w, 32, 206);
	ends(w, 32, 207);
	expect_where(w, 32, 207, "unsure");
}

static void test_a_look_before_the_move_tells_of_no_later_time(void **state)
{
	World *w = *state;

	fork_seen(w, 30, 20, 200, UNIT);
	exec_seen(w, 30, 20, 201, "runc", UNIT);
	fork_seen(w, 31, 30, 220, UNIT); /* looked at 221 */
	expect_where(w, 31, 240, "unsure");
	exec_missed(w, 31, 250);
	expect_where(w, 31, 250, "unsure");
}

static void test_one_that_was_put_elsewhere_stays_there(void **state)
{
	World *w = *state;

	start_runc(w, 30, 200, "a");
	expect_where(w, 33, 206, "a");
	exec_missed(w, 33, 208);
	ends(w, 33, 209);
	expect_where(w, 33, 209, "a");
	assert_int_equal(w->answer.means, MEANS_LINEAGE);
	assert_int_equal(w->answer.role, LINEAGE_ROLE_WORKLOAD);
}

static void exec_nested(World *w, int32_t pid, int32_t parent, uint64_t time, const char *comm,
			const char *place)
{
	LineageSight s = sight_of(pid, parent, 0, comm, place);

	s.start = lineage_at(w->l, lineage_newest(w->l, pid))->start;
	s.nested = true;
	assert_int_equal(event(w, PROCESS_EXEC, pid, 0, time), LINEAGE_LOOK);
	lineage_seen(w->l, &s, (time + 1) * MS);
}

static void expect_cause(World *w, int32_t pid, uint64_t time, Cause cause)
{
	expect_where(w, pid, time, HOST);
	assert_string_equal(cause_name(w->answer.key.cause), cause_name(cause));
}

/* A runtime's child has a pid namespace of its own before it is put into its cgroup. */
static void test_who_was_given_no_cgroup_is_known_when_its_program_starts(void **state)
{
	World *w = *state;
	LineageSight s = sight_of(31, 30, 202, "crun", HOST);

	fork_inherits(w, 30, 10, 200);
	exec_seen(w, 30, 10, 201, "crun", HOST);
	s.nested = true;
	assert_int_equal(event(w, PROCESS_FORK, 31, 30, 202), LINEAGE_LOOK);
	lineage_seen(w->l, &s, 203 * MS);
	assert_true(lineage_is_undecided(w->l, 31));
	exec_nested(w, 31, 30, 210, "x", HOST);
	expect_cause(w, 31, 211, CAUSE_NO_CGROUP);
	fork_inherits(w, 32, 31, 220);
	exec_nested(w, 32, 31, 221, "y", HOST);
	ends(w, 32, 230);
	expect_cause(w, 32, 222, CAUSE_NO_CGROUP);
	/* What the runtime itself starts on the host is of the host. */
	fork_seen(w, 33, 30, 240, HOST);
	exec_seen(w, 33, 30, 241, "hook", HOST);
	expect_cause(w, 33, 242, CAUSE_NONE);
}

static void test_a_scan_finds_who_was_given_no_cgroup(void **state)
{
	World *w = *state;
	LineageSight program = sight_of(31, 1, 50, "x", HOST), runtime = program;

	program.nested = runtime.nested = true;
	runtime.pid = 32;
	runtime.comm = SPAN_LIT("crun");
	lineage_lost(w->l);
	lineage_scan_begin(w->l);
	lineage_scan_seen(w->l, &program, 100 * MS);
	lineage_scan_seen(w->l, &runtime, 100 * MS);
	lineage_scan_end(w->l, 100 * MS);
	expect_cause(w, 31, 101, CAUSE_NO_CGROUP);
	expect_where(w, 32, 101, "unsure");
}

static void seen_again(World *w, int32_t pid, uint64_t start, const char *place, uint64_t now)
{
	LineageSight s = sight_of(pid, 30, start, "x", place);

	lineage_seen_again(w->l, &s, now * MS);
}

static void test_one_that_is_put_elsewhere_behind_the_first_look_stays_there(void **state)
{
	World *w = *state;

	start_container(w, 60, 150, "a");
	fork_seen(w, 30, 20, 200, UNIT);
	exec_seen(w, 30, 20, 201, "runc", UNIT);
	fork_seen(w, 31, 30, 202, UNIT);
	assert_true(lineage_is_undecided(w->l, 31));
	seen_again(w, 31, 202, UNIT, 204);
	assert_true(lineage_is_undecided(w->l, 31));
	expect_where(w, 31, 205, "unsure");
	/* Another process's pid by now. */
	seen_again(w, 31, 205, "b", 206);
	assert_true(lineage_is_undecided(w->l, 31));
	seen_again(w, 31, 202, "a", 208);
	assert_false(lineage_is_undecided(w->l, 31));
	exec_missed(w, 31, 210);
	ends(w, 31, 210);
	expect_where(w, 31, 210, "a");
	assert_int_equal(w->answer.means, MEANS_LINEAGE);
	assert_int_equal(w->answer.role, LINEAGE_ROLE_JOINED);
	assert_int_equal(w->l->counters.untold, 0);
	/* What is decided, ended or lost is not looked at. */
	assert_false(lineage_is_undecided(w->l, 31));
	fork_seen(w, 32, 30, 220, UNIT);
	assert_true(lineage_is_undecided(w->l, 32));
	lineage_lost(w->l);
	assert_false(lineage_is_undecided(w->l, 32));
	seen_again(w, 32, 220, "a", 222);
	assert_false(lineage_is_undecided(w->l, 999));
	seen_again(w, 999, 220, "a", 222);
	expect_where(w, 32, 223, "unsure");
}

#define MONITOR                         \
	"/machine.slice/libpod-conmon-" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope"

/* Podman moves its monitor, which then starts the runtime: of whatever that starts nobody has seen
 * the place, so it is neither the monitor's nor the host's. */
static void test_a_monitors_place_is_no_containers(void **state)
{
	World *w = *state;

	fork_inherits(w, 30, 10, 200);
	exec_seen(w, 30, 10, 201, "podman", HOST);
	fork_seen(w, 31, 30, 202, HOST);
	exec_seen(w, 31, 30, 203, "conmon", HOST);
	fork_seen(w, 32, 31, 205, MONITOR);
	fork_unread(w, 33, 32, 206);
	exec_missed(w, 33, 207);
	fork_unread(w, 34, 33, 210);
	expect_where(w, 34, 211, "unsure");
	exec_missed(w, 34, 212);
	fork_unread(w, 35, 34, 213);
	ends(w, 35, 214);
	ends(w, 34, 214);
	expect_where(w, 34, 213, "unsure");
	expect_where(w, 35, 213, "unsure");
}

static void test_a_runtimes_child_in_the_root_is_on_its_way(void **state)
{
	World *w = *state;

	fork_seen(w, 30, 20, 200, UNIT);
	exec_seen(w, 30, 20, 201, "runc", UNIT);
	fork_seen(w, 31, 30, 202, HOST);
	assert_true(lineage_is_undecided(w->l, 31));
	exec_seen(w, 31, 30, 203, "exe", HOST);
	expect_where(w, 31, 500, "unsure");
	fork_unread(w, 32, 31, 205);
	exec_missed(w, 32, 210);
	ends(w, 32, 212);
	expect_where(w, 32, 211, "unsure");
}

static void test_a_parent_with_a_child_elsewhere_has_nothing_to_inherit(void **state)
{
	World *w = *state;

	fork_inherits(w, 50, 10, 200);
	exec_seen(w, 50, 10, 201, "my-launcher", "a");
	fork_unread(w, 51, 10, 202);
	expect_where(w, 51, 203, "unsure");
	fork_unread(w, 52, 1, 204);
	expect_where(w, 52, 205, "unsure");
}

static LineageRole role_at(World *w, int32_t pid, uint64_t time)
{
	assert_int_equal(lineage_find(w->l, pid, time * MS, &w->answer), 0);
	return w->answer.role;
}

static void test_the_first_is_the_workload_and_who_is_brought_in_later_has_joined(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a"), joined;
	SubjectKey key;

	assert_int_equal(role_at(w, a, 210), LINEAGE_ROLE_WORKLOAD);
	fork_inherits(w, 50, a, 300);
	assert_int_equal(role_at(w, 50, 300), LINEAGE_ROLE_WORKLOAD);
	start_runc(w, 40, 400, "a");
	assert_int_equal(role_at(w, 43, 405), LINEAGE_ROLE_RUNTIME);
	assert_false(lineage_take_joined(w->l, &key));
	exec_missed(w, 43, 409);
	joined = 43;
	assert_true(lineage_take_joined(w->l, &key));
	assert_string_equal(key.name, "a");
	assert_false(lineage_take_joined(w->l, &key));
	assert_int_equal(role_at(w, joined, 420), LINEAGE_ROLE_JOINED);
	fork_inherits(w, 51, joined, 430);
	exec_seen(w, 51, joined, 431, "runc", "a"); /* a name proves nothing inside */
	assert_int_equal(role_at(w, 51, 440), LINEAGE_ROLE_JOINED);
	fork_inherits(w, 52, 51, 450);
	assert_int_equal(role_at(w, 52, 451), LINEAGE_ROLE_JOINED);
	/* What it starts was not brought in. */
	assert_false(lineage_take_joined(w->l, &key));
}

static void test_a_restarted_container_has_a_new_first_process(void **state)
{
	World *w = *state;
	int32_t a = start_container(w, 30, 200, "a");

	ends(w, a, 300);
	a = start_container(w, 40, 400, "a");
	assert_int_equal(role_at(w, a, 420), LINEAGE_ROLE_WORKLOAD);
}

static void test_a_runtimes_hook_is_not_the_first_process(void **state)
{
	World *w = *state;

	start_runc(w, 30, 200, "a");
	fork_seen(w, 50, 33, 206, "a");
	exec_seen(w, 50, 33, 207, "hook", "a");
	assert_int_equal(role_at(w, 50, 207), LINEAGE_ROLE_UNKNOWN);
	exec_seen(w, 33, 30, 210, "nginx", "a");
	assert_int_equal(role_at(w, 33, 211), LINEAGE_ROLE_WORKLOAD);
}

static void test_a_container_of_before_is_told_by_who_is_first_in_its_namespace(void **state)
{
	World *w = *state;
	uint32_t cursor = 0;

	lose(w);
	lineage_scan_begin(w->l);
	scanned(w, 20, 1, 5, "containerd-shim", UNIT, 500);
	scanned(w, 61, 60, 310, "worker", "a", 500);
	scanned(w, 60, 20, 300, "nginx", "a", 500);
	scanned(w, 70, 20, 320, "sh", "a", 500);
	scanned(w, 71, 70, 330, "ls", "a", 500);
	scanned(w, 80, 20, 340, "top", "b", 500);
	for (int32_t pid; (pid = lineage_scan_next(w->l, &cursor)) > 0;) {
		assert_true(pid == 60 || pid == 70 || pid == 80);
		lineage_init(w->l, pid, pid == 60);
	}
	lineage_scan_end(w->l, 500 * MS);
	assert_int_equal(role_at(w, 60, 400), LINEAGE_ROLE_WORKLOAD);
	assert_int_equal(role_at(w, 61, 400), LINEAGE_ROLE_WORKLOAD);
	assert_int_equal(role_at(w, 70, 400), LINEAGE_ROLE_JOINED);
	assert_int_equal(role_at(w, 71, 400), LINEAGE_ROLE_JOINED);
	/* Whose first process is not known, may be it. */
	assert_int_equal(role_at(w, 80, 400), LINEAGE_ROLE_UNKNOWN);
}

static void test_origin_is_the_runtimes_only_before_the_exec(void **state)
{
	LineageAnswer a = { .key = key_of("a"),
			    .role = LINEAGE_ROLE_WORKLOAD,
			    .entered = 500 * MS };

	(void)state;
	assert_int_equal(lineage_origin(&a, 490 * MS, ORIGIN_RUNTIME_INIT), ORIGIN_RUNTIME_INIT);
	assert_int_equal(lineage_origin(&a, 490 * MS, ORIGIN_WORKLOAD), ORIGIN_WORKLOAD);
	assert_int_equal(lineage_origin(&a, 510 * MS, ORIGIN_RUNTIME_INIT), ORIGIN_WORKLOAD);
	a.role = LINEAGE_ROLE_JOINED;
	assert_int_equal(lineage_origin(&a, 510 * MS, ORIGIN_WORKLOAD), ORIGIN_EXEC);
	a.role = LINEAGE_ROLE_UNKNOWN;
	assert_int_equal(lineage_origin(&a, 510 * MS, ORIGIN_WORKLOAD), ORIGIN_UNKNOWN);
	assert_int_equal(lineage_origin(&a, 510 * MS, ORIGIN_RUNTIME_INIT), ORIGIN_RUNTIME_INIT);
	a.key = key_of("/system.slice/nginx.service");
	assert_int_equal(lineage_origin(&a, 510 * MS, ORIGIN_WORKLOAD), ORIGIN_WORKLOAD);
}

UNIT_MAIN(WORLD_TEST(test_a_child_that_is_gone_has_its_parents_place),
	  WORLD_TEST(test_a_program_that_was_not_looked_at_outside_of_containers_is_inferred),
	  WORLD_TEST(test_what_starts_behind_unseen_programs_is_nobodys),
	  WORLD_TEST(test_a_runtimes_child_never_inherits),
	  WORLD_TEST(test_a_look_before_the_move_tells_of_no_later_time),
	  WORLD_TEST(test_one_that_was_put_elsewhere_stays_there),
	  WORLD_TEST(test_who_was_given_no_cgroup_is_known_when_its_program_starts),
	  WORLD_TEST(test_a_scan_finds_who_was_given_no_cgroup),
	  WORLD_TEST(test_one_that_is_put_elsewhere_behind_the_first_look_stays_there),
	  WORLD_TEST(test_a_monitors_place_is_no_containers),
	  WORLD_TEST(test_a_runtimes_child_in_the_root_is_on_its_way),
	  WORLD_TEST(test_a_parent_with_a_child_elsewhere_has_nothing_to_inherit),
	  WORLD_TEST(test_the_first_is_the_workload_and_who_is_brought_in_later_has_joined),
	  WORLD_TEST(test_a_restarted_container_has_a_new_first_process),
	  WORLD_TEST(test_a_runtimes_hook_is_not_the_first_process),
	  WORLD_TEST(test_a_container_of_before_is_told_by_who_is_first_in_its_namespace),
	  WORLD_TEST(test_origin_is_the_runtimes_only_before_the_exec))
