/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/attribute: over a made-up /proc, who is named and why somebody is not. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "daemon/attribute.h"
#include "tests/unit/tally-fixture.h"
#include "util/file.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define PID 4242

typedef struct World {
	char dir[64];
	int proc_fd, tally_fd;
	Tally *tally;
	Attributor *attributor;
} World;

static time_t set_back;

/* In place of libc's: the clock that an administrator may set. */
int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ret);

	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		ret->tv_sec -= set_back;
	return r;
}

static usec_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + (usec_t)ts.tv_nsec / 1000;
}

static void put(const World *w, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%d/%s", w->dir, PID, name);
	assert_int_equal(file_replace(path, span_of(text), 0644), 0);
}

static void process_with_flags(const World *w, char state, unsigned flags, unsigned long long ticks,
			       const char *cgroup)
{
	char path[96], stat[256];

	snprintf(path, sizeof(path), "%s/%d", w->dir, PID);
	assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
	snprintf(stat, sizeof(stat),
		 "%d (a) b (c)) %c 1 1 1 0 -1 %u 0 0 0 0 0 0 0 0 20 0 1 0 %llu 0 0\n", PID, state,
		 flags, ticks);
	put(w, "stat", stat);
	put(w, "cgroup", cgroup);
}

static void process(const World *w, char state, unsigned long long ticks, const char *cgroup)
{
	process_with_flags(w, state, 0, ticks, cgroup);
}

static void process_ends(const World *w)
{
	static const char *const names[] = { "/stat", "/cgroup", "/status", "" };
	char path[128];

	for (size_t i = 0; i < ELEMENTSOF(names); i++) {
		snprintf(path, sizeof(path), "%s/%d%s", w->dir, PID, names[i]);
		(void)remove(path);
	}
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-proc-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->proc_fd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(w->proc_fd >= 0);
	/* The first process: all others are to be seen. */
	assert_int_equal(mkdirat(w->proc_fd, "1", 0755), 0);
	w->tally_fd = tally_memory();
	assert_int_equal(tally_open(w->tally_fd, 1, &w->tally), 0);
	assert_int_equal(attributor_new(w->proc_fd, true, 1, w->tally, &w->attributor), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	process_ends(w);
	attributor_free(w->attributor);
	tally_free(w->tally);
	close(w->tally_fd);
	(void)unlinkat(w->proc_fd, "1", AT_REMOVEDIR);
	close(w->proc_fd);
	assert_int_equal(rmdir(w->dir), 0);
	free(w);
	return 0;
}

static Attribution find(World *w, const char *comm, usec_t time, TallySubject *ret)
{
	bool runc = strstr(comm, "runc");
	Record record = { .pid = PID,
			  .comm = span_of(comm),
			  .exe = span_of(runc ? "\"/\"" : "\"/bin/x\"") };
	Attribution a;

	assert_int_equal(attributor_find(w->attributor, &record, time, &a), 0);
	assert_int_equal(tally_subject_copy(w->tally, a.subject, ret), 0);
	return a;
}

static void expect_cause(World *w, usec_t time, Cause cause)
{
	TallySubject s;
	Attribution a = find(w, "\"x\"", time, &s);

	assert_int_equal(a.means, MEANS_NONE);
	assert_int_equal(a.cause, cause);
	assert_int_equal(s.key.kind, SUBJECT_UNATTRIBUTED);
	assert_int_equal(s.key.cause, cause);
}

static void expect_container(World *w, const char *comm, usec_t time, const char *id)
{
	TallySubject s;
	Attribution a = find(w, comm, time, &s);

	assert_int_equal(a.means, MEANS_PROC);
	assert_int_equal(s.key.kind, SUBJECT_CONTAINER);
	assert_string_equal(s.key.runtime, "docker");
	assert_string_equal(s.key.name, id);
}

static void test_a_living_process_is_named_by_its_cgroup(void **state)
{
	World *w = *state;
	TallySubject s;

	process(w, 'S', 0, "4:memory:/docker/" ID_A "\n0::/\n");
	expect_container(w, "\"x\"", now(), ID_A);
	assert_int_equal(find(w, "\"x\"", now(), &s).origin, ORIGIN_WORKLOAD);
	assert_int_equal(find(w, "\"runc:[2:INIT]\"", now(), &s).origin, ORIGIN_RUNTIME_INIT);
}

static void test_a_process_that_has_gone_is_nobody(void **state)
{
	expect_cause(*state, now(), CAUSE_GONE);
}

static void test_a_process_that_is_hidden_is_not_said_to_have_gone(void **state)
{
	World *w = *state;

	assert_int_equal(unlinkat(w->proc_fd, "1", AT_REMOVEDIR), 0);
	expect_cause(w, now(), CAUSE_UNREADABLE);
}

static void test_a_pid_that_was_reused_is_nobody(void **state)
{
	World *w = *state;

	process(w, 'S', 1ULL << 40, "0::/docker/" ID_A "\n");
	expect_cause(w, now(), CAUSE_PID_REUSED);
}

static void test_a_zombie_that_left_its_cgroup_is_nobody(void **state)
{
	World *w = *state;

	process(w, 'Z', 0, "4:memory:/\n0::/\n");
	expect_cause(w, now(), CAUSE_ZOMBIE);
	process(w, 'Z', 0, "4:memory:/\n0::/docker/" ID_A "\n");
	expect_container(w, "\"x\"", now(), ID_A);
}

static void test_an_old_record_is_never_looked_up(void **state)
{
	World *w = *state;

	process(w, 'S', 0, "0::/docker/" ID_A "\n");
	expect_cause(w, now() - 3600 * USEC_PER_SEC, CAUSE_REPLAYED);
	expect_cause(w, 0, CAUSE_REPLAYED);
}

static void test_a_check_proves_what_lies_before_it_and_nothing_later(void **state)
{
	World *w = *state;
	usec_t checked = now();

	process(w, 'S', 0, "0::/docker/" ID_A "\n");
	expect_container(w, "\"x\"", checked, ID_A);
	process_ends(w);
	expect_container(w, "\"x\"", checked - USEC_PER_SEC, ID_A);
	expect_cause(w, checked + 5 * USEC_PER_SEC, CAUSE_GONE);
}

static void test_a_check_of_before_the_clock_was_set_back_proves_nothing(void **state)
{
	World *w = *state;

	process(w, 'S', 0, "0::/docker/" ID_A "\n");
	expect_container(w, "\"x\"", now(), ID_A);
	process(w, 'S', 0, "0::/docker/" ID_B "\n");
	set_back = 10;
	expect_container(w, "\"x\"", now(), ID_B);
	set_back = 0;
}

static bool is_in(World *w, int64_t nr, usec_t time, const char *id)
{
	Record record = { .pid = PID, .nr = nr, .comm = SPAN_LIT("x"), .exe = SPAN_LIT("x") };
	TallySubject s;
	Attribution a;

	assert_int_equal(attributor_find(w->attributor, &record, time, &a), 0);
	assert_int_equal(tally_subject_copy(w->tally, a.subject, &s), 0);
	return strcmp(s.key.name, id) == 0;
}

/* Whoever calls seccomp may have one filter more behind it: that is looked at, but not for ever. */
static void test_who_may_have_loaded_a_filter_is_looked_at_again(void **state)
{
	static const char *const ids[] = { ID_A, ID_B }, *const texts[] = { "0::/docker/" ID_A "\n",
									    "0::/docker/" ID_B
									    "\n" };
	World *w = *state;
	usec_t checked = now();
	unsigned looks = 0;
	bool looked = true;

	process(w, 'S', 0, texts[0]);
	assert_true(is_in(w, 1, checked, ids[0]));
	process(w, 'S', 0, texts[1]);
	assert_true(is_in(w, 1, checked, ids[0]));
	for (unsigned i = 1; looked && i < 20; i++) {
		process(w, 'S', 0, texts[i % 2]);
		assert_false(is_in(w, SYS_seccomp, checked, ids[i % 2]));
		looked = is_in(w, 1, checked, ids[i % 2]);
		looks += looked;
	}
	assert_int_equal(looks, 8);
}

static void test_a_new_name_is_looked_at_again(void **state)
{
	World *w = *state;
	usec_t checked = now();

	process(w, 'S', 0, "0::/docker/" ID_A "\n");
	expect_container(w, "\"runc:[2:INIT]\"", checked, ID_A);
	process(w, 'S', 0, "0::/docker/" ID_B "\n");
	expect_container(w, "\"runc:[2:INIT]\"", checked, ID_A);
	expect_container(w, "\"nginx\"", checked, ID_B);
}

/* One that has another name at each call would have us read /proc for each. */
static void test_new_names_are_not_looked_at_for_ever(void **state)
{
	World *w = *state;
	usec_t checked = now();
	char comm[16] = "\"a\"";

	process(w, 'S', 0, "0::/docker/" ID_A "\n");
	expect_container(w, "\"first\"", checked, ID_A);
	for (comm[1] = 'a'; comm[1] < 'a' + 16; comm[1]++)
		expect_container(w, comm, checked, ID_A);
	process(w, 'S', 0, "0::/docker/" ID_B "\n");
	expect_container(w, comm, checked, ID_A);
	/* Another program, or some time later: what was seen is no more believed. */
	expect_container(w, "\"runc\"", checked, ID_B);
	process(w, 'S', 0, "0::/docker/" ID_A "\n");
	expect_container(w, "\"last\"", now() + USEC_PER_SEC, ID_A);
}

static void test_two_ids_or_a_monitor_are_never_the_container(void **state)
{
	World *w = *state;

	process(w, 'S', 0, "4:memory:/docker/" ID_A "\n3:cpu:/docker/" ID_B "\n0::/\n");
	expect_cause(w, now(), CAUSE_CONFLICT);
	process(w, 'S', 0, "0::/machine.slice/libpod-conmon-" ID_A ".scope\n");
	expect_cause(w, now(), CAUSE_MONITOR);
}

static void test_one_that_is_about_to_end_has_left_its_v1_cgroups(void **state)
{
	World *w = *state;

	process_with_flags(w, 'R', 0x400004, 0,
			   "4:memory:/\n0::/system.slice/containerd.service\n");
	expect_cause(w, now(), CAUSE_ZOMBIE);
	process_with_flags(w, 'R', 0x400004, 0, "4:memory:/\n0::/docker/" ID_A "\n");
	expect_container(w, "\"x\"", now(), ID_A);
}

static void process_in(const World *w, const char *cgroup, const char *pids)
{
	char status[64];

	process(w, 'S', 0, cgroup);
	snprintf(status, sizeof(status), "Name:\tx\nNSpid:\t%s\n", pids);
	put(w, "status", status);
}

static void expect_host(World *w, usec_t time)
{
	TallySubject s;

	find(w, "\"x\"", time, &s);
	assert_int_equal(s.key.kind, SUBJECT_HOST);
	assert_string_equal(s.key.name, "/bin/x");
}

static void test_a_container_without_a_cgroup_is_nobody_and_no_process_of_the_host(void **state)
{
	World *w = *state;
	usec_t checked = now();

	process_in(w, "0::/\n", "4242\t1");
	expect_cause(w, checked, CAUSE_NO_CGROUP);
	/* It is not looked at for each record. */
	process_ends(w);
	expect_cause(w, checked, CAUSE_NO_CGROUP);
}

static void test_only_what_names_nobody_else_is_told_by_its_namespace(void **state)
{
	World *w = *state;
	TallySubject s;

	process_in(w, "0::/docker/" ID_A "\n", "4242\t1");
	expect_container(w, "\"x\"", now(), ID_A);
	process_in(w, "0::/system.slice/x.service\n", "4242\t1");
	find(w, "\"y\"", now(), &s);
	assert_int_equal(s.key.kind, SUBJECT_UNIT);
}

static void test_a_process_of_the_host_is_one(void **state)
{
	process_in(*state, "0::/\n", "4242");
	expect_host(*state, now());
}

/* It may be a container's that the runtime's state will name; it is one, where it has a pid
 * namespace of its own. */
static void test_a_cgroup_with_a_free_name_is_left_to_the_runtimes_state(void **state)
{
	World *w = *state;
	TallySubject s;

	process_in(w, "0::/mine\n", "4242");
	expect_host(w, now());
	process_in(w, "0::/other\n", "4242\t1");
	find(w, "\"y\"", now(), &s);
	assert_true(subject_is_open_nested(&s.key));
}

/* ---- with a history ---- */

static uint64_t monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static LineageSight sight(int32_t pid, const char *id, uint64_t start)
{
	LineageSight s = { .pid = pid, .parent = 1, .start = start, .comm = SPAN_LIT("x") };

	s.key = (SubjectKey){ .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	snprintf(s.key.name, sizeof(s.key.name), "%s", id);
	s.path = SPAN_LIT("/docker/it");
	return s;
}

/* Processes 7 in A and 8 in B, of long ago, and PID, a child of 7's, of @ago ms ago. */
static Lineage *make_lineage(World *w, uint64_t ago)
{
	const LineageSight seven = sight(7, ID_A, 1), eight = sight(8, ID_B, 1);
	ProcEvent fork = { .kind = PROCESS_FORK, .pid = PID, .parent = 7 };
	Lineage *l;

	assert_int_equal(lineage_new(1, 100, &l), 0);
	lineage_scan_begin(l);
	lineage_scan_seen(l, &seven, 2);
	lineage_scan_seen(l, &eight, 2);
	lineage_scan_end(l, 2);
	fork.time = monotonic() - ago * 1000000;
	assert_int_equal(lineage_event(l, &fork), 0);
	attributor_use_lineage(w->attributor, l);
	attributor_note_clocks(w->attributor);
	return l;
}

static void expect_lineage(World *w, usec_t time, const char *id)
{
	TallySubject s;
	Attribution a = find(w, "\"x\"", time, &s);

	assert_int_equal(a.means, MEANS_LINEAGE);
	assert_string_equal(s.key.name, id);
}

static void test_the_history_answers_for_who_is_gone_and_a_live_read_outranks_it(void **state)
{
	World *w = *state;
	_unused_ _cleanup_(lineage_freep) Lineage *l = make_lineage(w, 1000);

	expect_lineage(w, now(), ID_A);
	expect_cause(w, now() - 2 * USEC_PER_SEC, CAUSE_GONE);
	process(w, 'S', 0, "0::/docker/" ID_B "\n");
	expect_container(w, "\"x\"", now(), ID_B);
	process(w, 'Z', 0, "4:memory:/\n0::/\n");
	expect_lineage(w, now() + USEC_PER_SEC, ID_A);
}

static void test_the_history_answers_for_who_had_the_pid_before(void **state)
{
	World *w = *state;
	_cleanup_(lineage_freep) Lineage *l = make_lineage(w, 1000);
	const ProcEvent fork = {
		.kind = PROCESS_FORK, .pid = PID, .parent = 8, .time = monotonic()
	};

	lineage_event(l, &fork);
	process(w, 'S', 1ULL << 40, "0::/docker/" ID_B "\n");
	expect_lineage(w, now() - 500 * USEC_PER_MSEC, ID_A);
}

/* The look that its own record brought shows where a runtime has put it, for what it then starts as
 * well; the one at its fork came too early. */
static void test_where_a_runtimes_child_made_a_record_its_program_is(void **state)
{
	World *w = *state;
	_cleanup_(lineage_freep) Lineage *l = make_lineage(w, 5000);
	LineageSight runc = { .pid = 9, .parent = 1, .start = 1, .comm = SPAN_LIT("runc") }, child;
	ProcEvent e = { .kind = PROCESS_FORK, .pid = PID, .parent = 9 };

	runc.key = (SubjectKey){ .kind = SUBJECT_HOST };
	runc.path = SPAN_LIT("/");
	lineage_scan_begin(l);
	lineage_scan_seen(l, &runc, 2);
	e.time = monotonic() - 900 * UINT64_C(1000000);
	lineage_scan_end(l, e.time - 1);
	assert_int_equal(lineage_event(l, &e), LINEAGE_LOOK);
	child = runc;
	child.pid = PID;
	child.parent = 9;
	lineage_seen(l, &child, e.time + 1);
	assert_true(lineage_is_undecided(l, PID));
	process(w, 'S', 0, "0::/docker/" ID_B "\n");
	expect_container(w, "\"runc:[2:INIT]\"", now(), ID_B);
	assert_false(lineage_is_undecided(l, PID));
	e = (ProcEvent){ .kind = PROCESS_EXEC, .pid = PID, .time = monotonic() };
	assert_int_equal(lineage_event(l, &e), LINEAGE_LOOK);
	lineage_missed(l, PID);
	process_ends(w);
	expect_lineage(w, now(), ID_B);
}

/* Runc was gone before anybody looked at it, and the shell that started it is no container. */
static void test_a_runtimes_call_is_not_said_to_be_its_callers(void **state)
{
	World *w = *state;
	_cleanup_(lineage_freep) Lineage *l = make_lineage(w, 5000);
	LineageSight shell = { .pid = 9, .parent = 1, .start = 1, .comm = SPAN_LIT("sh") };
	ProcEvent e = { .kind = PROCESS_FORK, .pid = 10, .parent = 9 };
	TallySubject s;

	shell.key = (SubjectKey){ .kind = SUBJECT_HOST };
	shell.path = SPAN_LIT("/");
	lineage_scan_begin(l);
	lineage_scan_seen(l, &shell, 2);
	e.time = monotonic() - 900 * UINT64_C(1000000);
	lineage_scan_end(l, e.time - 1);
	lineage_event(l, &e);
	e.kind = PROCESS_EXEC;
	assert_int_equal(lineage_event(l, &e), LINEAGE_LOOK);
	lineage_missed(l, 10);
	e = (ProcEvent){ .kind = PROCESS_FORK, .pid = PID, .parent = 10, .time = e.time + 1 };
	assert_int_equal(lineage_event(l, &e), LINEAGE_LOOK);
	lineage_missed(l, PID);
	assert_int_equal(find(w, "\"x\"", now(), &s).means, MEANS_INFERRED);
	assert_int_equal(s.key.kind, SUBJECT_HOST);
	assert_int_equal(find(w, "\"runc:[2:INIT]\"", now(), &s).cause, CAUSE_GONE);
	assert_int_equal(s.key.kind, SUBJECT_UNATTRIBUTED);
}

static void test_a_step_of_the_clock_gives_no_wrong_answer(void **state)
{
	World *w = *state;
	_cleanup_(lineage_freep) Lineage *l = make_lineage(w, 20000);
	ProcEvent fork = { .kind = PROCESS_FORK, .pid = PID, .parent = 8 };
	usec_t before = now();

	fork.time = monotonic() - 1000 * UINT64_C(1000000);
	lineage_event(l, &fork);
	expect_lineage(w, before, ID_B);
	expect_lineage(w, before - 10 * USEC_PER_SEC, ID_A);
	/* A stamp of 10 s ago may be of now, by a clock that was set back since... */
	set_back = -10;
	attributor_note_clocks(w->attributor);
	expect_cause(w, now() - 10 * USEC_PER_SEC, CAUSE_GONE);
	/* ... one of now is of now, and for one in the time of the same process it makes no
	 * difference. */
	expect_lineage(w, now(), ID_B);
	set_back = -15;
	attributor_note_clocks(w->attributor);
	expect_lineage(w, now() - 15 * USEC_PER_SEC - 5 * USEC_PER_SEC, ID_A);
	set_back = 0;
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WORLD_TEST(test_where_a_runtimes_child_made_a_record_its_program_is),
	  WORLD_TEST(test_a_runtimes_call_is_not_said_to_be_its_callers),
	  WORLD_TEST(test_who_may_have_loaded_a_filter_is_looked_at_again),
	  WORLD_TEST(test_a_living_process_is_named_by_its_cgroup),
	  WORLD_TEST(test_a_process_that_has_gone_is_nobody),
	  WORLD_TEST(test_a_process_that_is_hidden_is_not_said_to_have_gone),
	  WORLD_TEST(test_a_pid_that_was_reused_is_nobody),
	  WORLD_TEST(test_a_zombie_that_left_its_cgroup_is_nobody),
	  WORLD_TEST(test_an_old_record_is_never_looked_up),
	  WORLD_TEST(test_a_check_proves_what_lies_before_it_and_nothing_later),
	  WORLD_TEST(test_a_check_of_before_the_clock_was_set_back_proves_nothing),
	  WORLD_TEST(test_a_new_name_is_looked_at_again),
	  WORLD_TEST(test_new_names_are_not_looked_at_for_ever),
	  WORLD_TEST(test_two_ids_or_a_monitor_are_never_the_container),
	  WORLD_TEST(test_a_container_without_a_cgroup_is_nobody_and_no_process_of_the_host),
	  WORLD_TEST(test_only_what_names_nobody_else_is_told_by_its_namespace),
	  WORLD_TEST(test_a_process_of_the_host_is_one),
	  WORLD_TEST(test_a_cgroup_with_a_free_name_is_left_to_the_runtimes_state),
	  WORLD_TEST(test_one_that_is_about_to_end_has_left_its_v1_cgroups),
	  WORLD_TEST(test_the_history_answers_for_who_is_gone_and_a_live_read_outranks_it),
	  WORLD_TEST(test_the_history_answers_for_who_had_the_pid_before),
	  WORLD_TEST(test_a_step_of_the_clock_gives_no_wrong_answer))
