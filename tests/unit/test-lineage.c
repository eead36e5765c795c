/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* who/lineage: made-up events and looks; who had a pid when, what is never inherited, and who came
 * into a container how. Times are in ms. */
#include <errno.h>

#include "tests/unit/unit.h"
#include "who/lineage-private.h"

#define MS UINT64_C(1000000)
#define HOST "/"
#define UNIT "/system.slice/docker.service"

typedef struct World {
	Lineage *l;
	LineageAnswer answer;
} World;

static SubjectKey key_of(const char *place)
{
	CgroupIdentity identity;
	SubjectKey key = { 0 };

	/* "a" to "z" are containers. */
	if (place[1] == '\0' && place[0] != '/') {
		key.kind = SUBJECT_CONTAINER;
		snprintf(key.runtime, sizeof(key.runtime), "docker");
		snprintf(key.name, sizeof(key.name), "%s", place);
		return key;
	}
	cgroup_identify_path(span_of(place), &identity);
	subject_of_identity(&identity, SPAN_NULL, &key);
	return key;
}

static LineageSight sight_of(int32_t pid, int32_t parent, uint64_t start, const char *comm,
			     const char *place)
{
	return (LineageSight){ .pid = pid,
			       .parent = parent,
			       .start = start * MS,
			       .comm = span_of(comm),
			       .key = key_of(place),
			       .path = span_of(place) };
}

static int event(World *w, ProcEventKind kind, int32_t pid, int32_t parent, uint64_t time)
{
	const ProcEvent e = { .kind = kind, .pid = pid, .parent = parent, .time = time * MS };

	return lineage_event(w->l, &e);
}

static void scanned(World *w, int32_t pid, int32_t parent, uint64_t start, const char *comm,
		    const char *place, uint64_t now)
{
	LineageSight s = sight_of(pid, parent, start, comm, place);

	lineage_scan_seen(w->l, &s, now * MS);
}

/* pid 1, a shell 10 in the root, and a shim 20 of Docker's. */
static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	assert_int_equal(lineage_new(7, 64, &w->l), 0);
	lineage_scan_begin(w->l);
	scanned(w, 1, 0, 0, "init", HOST, 100);
	scanned(w, 10, 1, 5, "sh", HOST, 100);
	scanned(w, 20, 1, 5, "containerd-shim", UNIT, 100);
	lineage_scan_end(w->l, 100 * MS);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	lineage_free(w->l);
	free(w);
	return 0;
}

static void fork_unread(World *w, int32_t pid, int32_t parent, uint64_t time)
{
	if (event(w, PROCESS_FORK, pid, parent, time) == LINEAGE_LOOK)
		lineage_missed(w->l, pid);
}

static void fork_seen(World *w, int32_t pid, int32_t parent, uint64_t time, const char *place)
{
	LineageSight s = sight_of(pid, parent, time, "x", place);

	assert_int_equal(event(w, PROCESS_FORK, pid, parent, time), LINEAGE_LOOK);
	assert_int_equal(lineage_seen(w->l, &s, (time + 1) * MS), 0);
}

static void fork_inherits(World *w, int32_t pid, int32_t parent, uint64_t time)
{
	assert_int_equal(event(w, PROCESS_FORK, pid, parent, time), 0);
}

static int exec_seen(World *w, int32_t pid, int32_t parent, uint64_t time, const char *comm,
		     const char *place)
{
	LineageSight s = sight_of(pid, parent, 0, comm, place);

	s.start = lineage_at(w->l, lineage_newest(w->l, pid))->start;
	assert_int_equal(event(w, PROCESS_EXEC, pid, 0, time), LINEAGE_LOOK);
	return lineage_seen(w->l, &s, (time + 1) * MS);
}

static void exec_missed(World *w, int32_t pid, uint64_t time)
{
	assert_int_equal(event(w, PROCESS_EXEC, pid, 0, time), LINEAGE_LOOK);
	lineage_missed(w->l, pid);
}

static void ends(World *w, int32_t pid, uint64_t time)
{
	assert_int_equal(event(w, PROCESS_EXIT, pid, 0, time), 0);
}

static const char *where(World *w, int32_t pid, uint64_t time)
{
	static char text[512];
	int r = lineage_find(w->l, pid, time * MS, &w->answer);

	if (r < 0)
		return r == -ENOENT ? "nobody" : r == -ENODATA ? "unsure" : "two";
	snprintf(text, sizeof(text), "%.*s", (int)w->answer.path.n, w->answer.path.p);
	return text;
}

#define expect_where(w, pid, time, place) assert_string_equal(where(w, pid, time), place)

/* As runc 1.1 does it: 30 runc, 31 its copy of itself, which is put into @place, 32 the child of
 * that, 33 the later container's process, a sibling of 31. */
static void start_runc(World *w, int32_t first, uint64_t t, const char *place)
{
	fork_seen(w, first, 20, t, UNIT);
	exec_seen(w, first, 20, t + 1, "runc", UNIT);
	fork_seen(w, first + 1, first, t + 2, UNIT);
	exec_seen(w, first + 1, first, t + 3, "exe", UNIT);
	fork_seen(w, first + 2, first + 1, t + 4, place);
	fork_seen(w, first + 3, first, t + 5, place);
	ends(w, first + 1, t + 6);
	ends(w, first + 2, t + 6);
}

static int32_t start_container(World *w, int32_t first, uint64_t t, const char *place)
{
	start_runc(w, first, t, place);
	ends(w, first, t + 7);
	exec_seen(w, first + 3, 20, t + 8, "nginx", place);
	return first + 3;
}

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

static void lose(World *w)
{
	lineage_lost(w->l);
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

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WORLD_TEST(test_a_child_that_is_gone_has_its_parents_place),
	  WORLD_TEST(test_a_program_that_was_not_looked_at_outside_of_containers_is_inferred),
	  WORLD_TEST(test_what_starts_behind_unseen_programs_is_nobodys),
	  WORLD_TEST(test_a_runtimes_child_never_inherits),
	  WORLD_TEST(test_a_look_before_the_move_tells_of_no_later_time),
	  WORLD_TEST(test_one_that_was_put_elsewhere_stays_there),
	  WORLD_TEST(test_one_that_is_put_elsewhere_behind_the_first_look_stays_there),
	  WORLD_TEST(test_a_monitors_place_is_no_containers),
	  WORLD_TEST(test_a_runtimes_child_in_the_root_is_on_its_way),
	  WORLD_TEST(test_a_parent_with_a_child_elsewhere_has_nothing_to_inherit),
	  WORLD_TEST(test_a_pid_that_is_reused_within_a_second_gives_the_right_one_or_none),
	  WORLD_TEST(test_a_look_that_may_have_met_the_next_owner_does_not_count),
	  WORLD_TEST(test_who_was_given_no_cgroup_is_known_when_its_program_starts),
	  WORLD_TEST(test_a_scan_finds_who_was_given_no_cgroup),
	  WORLD_TEST(test_a_thread_that_execs_comes_back_as_the_leader),
	  WORLD_TEST(test_a_fork_that_was_not_told_gives_nobody_the_pid_of_before),
	  WORLD_TEST(test_the_end_of_an_earlier_owner_that_comes_late_ends_nobody_else),
	  WORLD_TEST(test_the_dead_are_kept_for_a_minute),
	  WORLD_TEST(test_a_full_table_drops_the_dead_first_and_answers_nothing_wrong),
	  WORLD_TEST(test_behind_a_loss_nothing_is_inherited_until_a_scan),
	  WORLD_TEST(test_a_scan_behind_a_loss_tells_the_next_owner_of_a_pid),
	  WORLD_TEST(test_forks_of_before_the_scan_are_taken_in_behind_it),
	  WORLD_TEST(test_the_next_owner_of_a_parents_pid_leaves_nothing_to_its_children),
	  WORLD_TEST(test_the_child_of_somebody_unknown_is_nobodys),
	  WORLD_TEST(test_the_first_is_the_workload_and_who_is_brought_in_later_has_joined),
	  WORLD_TEST(test_a_restarted_container_has_a_new_first_process),
	  WORLD_TEST(test_a_runtimes_hook_is_not_the_first_process),
	  WORLD_TEST(test_a_container_of_before_is_told_by_who_is_first_in_its_namespace),
	  WORLD_TEST(test_origin_is_the_runtimes_only_before_the_exec),
	  WORLD_TEST(test_places_are_shared_and_given_back),
	  cmocka_unit_test(test_many_entries_are_all_found),
	  cmocka_unit_test(test_what_a_storm_took_is_given_back))
