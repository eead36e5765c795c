/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/proc: on the real /proc, and on a copy with a hostile name in it. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "state/proc.h"
#include "tests/unit/unit.h"
#include "util/file.h"

static void *stay(void *unused)
{
	pause();
	return unused;
}

/* The leader's thread ends, the process does not. */
static void leave_a_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, stay, NULL) != 0)
		_exit(1);
	syscall(SYS_exit, 0);
	_exit(1);
}

static int open_proc(void)
{
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static usec_t now_of(clockid_t clock)
{
	struct timespec t;

	assert_int_equal(clock_gettime(clock, &t), 0);
	return (usec_t)t.tv_sec * USEC_PER_SEC + (usec_t)t.tv_nsec / 1000;
}

static void test_own_process_is_read(void **state)
{
	_cleanup_close_ int proc = open_proc(), fd = -1;
	usec_t now = now_of(CLOCK_REALTIME), start;
	uint64_t ticks;
	ProcInfo info;

	(void)state;
	fd = proc_open(proc, getpid());
	assert_true(fd >= 0);
	assert_int_equal(proc_read(fd, &info), 0);
	assert_int_equal(info.stat.state, 'R');
	assert_true(info.cgroup_n > 0 && strchr(info.cgroup, ':'));
	assert_int_equal(proc_read_start(fd, &ticks), 0);
	assert_true(ticks == info.stat.start_ticks);
	start = proc_start_time(ticks, now - now_of(CLOCK_BOOTTIME), sysconf(_SC_CLK_TCK));
	assert_true(start <= now + USEC_PER_SEC && start + 600 * USEC_PER_SEC > now);
}

static void test_a_reaped_process_does_not_answer(void **state)
{
	_cleanup_close_ int proc = open_proc(), fd = -1;
	pid_t pid = fork();
	ProcInfo info;

	(void)state;
	if (pid == 0) {
		pause();
		_exit(0);
	}
	fd = proc_open(proc, pid);
	assert_true(fd >= 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(proc_read(fd, &info), -ESRCH);
	assert_int_equal(proc_open(proc, pid), -ENOENT);
	assert_int_equal(proc_open(proc, 0), -ENOENT);
	assert_int_equal(proc_open(proc, -1), -ENOENT);
}

static void test_a_name_with_parentheses_does_not_shift_fields(void **state)
{
	static const char tail[] = " S 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0\n";
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64], text[128];
	_cleanup_close_ int fd = -1;
	uint64_t ticks = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/stat", dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	snprintf(text, sizeof(text), "7 (a) R 9 (b))%s", tail);
	assert_int_equal(file_replace(path, span_of(text), 0600), 0);
	assert_int_equal(proc_read_start(fd, &ticks), 0);
	assert_int_equal(ticks, 4242);
	assert_int_equal(file_replace(path, SPAN_LIT("7 (x) S 1 1"), 0600), 0);
	assert_int_equal(proc_read_start(fd, &ticks), -EBADMSG);
	assert_int_equal(file_replace(path, SPAN_LIT("garbage"), 0600), 0);
	assert_int_equal(proc_read_start(fd, &ticks), -EBADMSG);
	unlink(path);
	rmdir(dir);
}

static const char status_head[] = "Name:\tx\nSeccomp_like:\t7\nCapEff:\t0000000000000400\n"
				  "CapBnd:\t00000000a80425fb\n"
				  "NoNewPrivs:\t1\n";

static void put(const char *dir, const char *name, const char *before, const char *text)
{
	char path[64], all[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	snprintf(all, sizeof(all), "%s%s", before, text);
	assert_int_equal(file_replace(path, span_of(all), 0600), 0);
}

static void test_the_label_of_a_process(void **state)
{
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64], label[64];
	_cleanup_close_ int fd = -1;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	assert_int_equal(proc_read_label(fd, label, sizeof(label)), -ESRCH);
	put(dir, "stat", "", "7 (a) S 1\n");
	assert_int_equal(proc_read_label(fd, label, sizeof(label)), 0);
	assert_string_equal(label, "");
	assert_int_equal(mkdirat(fd, "attr", 0700), 0);
	put(dir, "attr/current", "", "docker-default (enforce)\n");
	assert_int_equal(proc_read_label(fd, label, sizeof(label)), 0);
	assert_string_equal(label, "docker-default (enforce)");
	assert_int_equal(proc_read_label(fd, label, 7), 0);
	assert_string_equal(label, "docker");
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, i == 0 ? "attr/current" : "stat");
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/attr", dir);
	rmdir(path);
	rmdir(dir);
}

static void test_what_holds_a_process(void **state)
{
	static const char alive[] = "7 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 42 0 0\n";
	static const char ending[] = "7 (a) Z 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 42 0 0\n";
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64];
	_cleanup_close_ int fd = -1;
	ProcConfinement c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	assert_int_equal(proc_read_confinement(fd, &c), -ESRCH);
	put(dir, "stat", "", alive);
	put(dir, "status", status_head, "Seccomp:\t2\nSeccomp_filters:\t3\n");
	assert_int_equal(proc_read_confinement(fd, &c), 0);
	assert_int_equal(c.mode, PROC_SECCOMP_FILTER);
	assert_true(c.has_filters && c.filters == 3 && c.no_new_privs);
	assert_int_equal(c.capabilities, 0xa80425fb);
	assert_int_equal(c.effective, 0x400);
	put(dir, "status", status_head, "Seccomp:\t0\n"); /* before Linux 5.10 */
	assert_int_equal(proc_read_confinement(fd, &c), 0);
	assert_int_equal(c.mode, PROC_SECCOMP_NONE);
	assert_false(c.has_filters);
	put(dir, "status", status_head, "");
	assert_int_equal(proc_read_confinement(fd, &c), -ENODATA);
	put(dir, "status", status_head, "Seccomp:\t9\n");
	assert_int_equal(proc_read_confinement(fd, &c), -EBADMSG);
	put(dir, "status", "", "Seccomp:\t2\n");
	assert_int_equal(proc_read_confinement(fd, &c), -EBADMSG);
	/* A zombie shows no filter, whatever held it. */
	put(dir, "status", status_head, "Seccomp:\t0\nSeccomp_filters:\t0\n");
	put(dir, "stat", "", ending);
	assert_int_equal(proc_read_confinement(fd, &c), -ESRCH);
	snprintf(path, sizeof(path), "%s/stat", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/status", dir);
	unlink(path);
	rmdir(dir);
}

static void test_start_time_does_not_overflow(void **state)
{
	(void)state;
	assert_true(proc_start_time(150, 1000, 100) == 1000 + 1500000);
	assert_true(proc_start_time(UINT64_C(1) << 50, 0, 1000) ==
		    (UINT64_C(1) << 50) / 1000 * USEC_PER_SEC + (UINT64_C(1) << 50) % 1000 * 1000);
}

static void test_a_leader_that_has_ended_has_living_threads(void **state)
{
	_cleanup_close_ int proc = open_proc(), fd = -1;
	usec_t until = now_of(CLOCK_MONOTONIC) + 10 * USEC_PER_SEC;
	ProcInfo info = { 0 };
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		leave_a_thread();
	fd = proc_open(proc, pid);
	assert_true(fd >= 0);
	while (proc_read(fd, &info) == 0 && info.stat.state != 'Z' &&
	       now_of(CLOCK_MONOTONIC) < until)
		usleep(1000);
	assert_int_equal(info.stat.state, 'Z');
	assert_true(info.stat.exiting);
	assert_int_equal(info.stat.parent, getpid());
	assert_int_equal(proc_read_thread(fd, &info), 0);
	assert_false(info.stat.exiting);
	assert_true(info.cgroup_n > 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(proc_read_thread(fd, &info), -ESRCH);
}

static void test_this_test_is_not_the_first_of_a_namespace(void **state)
{
	_cleanup_close_ int proc = open_proc(), fd = proc_open(proc, getpid());

	(void)state;
	assert_int_equal(proc_is_first(fd), 0);
	assert_int_equal(proc_is_nested(fd), 0);
}

static void test_the_first_of_a_namespace_is_told_by_its_last_number(void **state)
{
	static const struct {
		const char *text;
		int first, nested;
	} cases[] = {
		{ "Name:\tx\nNSpid:\t812\t1\n", 1, 1 },
		{ "Name:\tx\nNSpid:\t812\t31\t1\n", 1, 1 },
		{ "Name:\tx\nNSpid:\t812\t11\n", 0, 1 },
		{ "Name:\tx\nNSpid:\t1\n", 0, 0 },
		{ "Name:\tNSpid:\t5\t1\n", -EBADMSG, -EBADMSG },
		{ "", -EBADMSG, -EBADMSG },
	};
	char dir[] = "/tmp/seccompd-proc-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/status", dir);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		assert_int_equal(file_replace(path, span_of(cases[i].text), 0644), 0);
		assert_int_equal(proc_is_first(fd), cases[i].first);
		assert_int_equal(proc_is_nested(fd), cases[i].nested);
	}
	assert_int_equal(remove(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void test_filters_are_counted_where_the_kernel_tells(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint32_t filters;
	} cases[] = {
		{ "Name:\tSeccomp_filters:\t7\nSeccomp:\t2\nSeccomp_filters:\t3\n", 0, 3 },
		{ "Seccomp:\t0\nSeccomp_filters:\t0\n", 0, 0 },
		{ "Seccomp:\t2\n", -ENODATA, 0 },
		{ "Seccomp_filters:\t-1\n", -EBADMSG, 0 },
		{ "", -ENODATA, 0 },
	};
	char dir[] = "/tmp/seccompd-test-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/status", dir);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		uint32_t filters = 0;

		assert_int_equal(file_replace(path, span_of(cases[i].text), 0644), 0);
		assert_int_equal(proc_read_filters(fd, &filters), cases[i].r);
		assert_int_equal(filters, cases[i].filters);
	}
	assert_int_equal(remove(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void test_others_are_hidden_or_not(void **state)
{
	_cleanup_close_ int proc = open_proc(), empty = proc_open(proc, getpid());

	(void)state;
	assert_false(proc_hides_others(proc));
	assert_true(proc_hides_others(empty));
}

UNIT_MAIN(cmocka_unit_test(test_others_are_hidden_or_not),
	  cmocka_unit_test(test_filters_are_counted_where_the_kernel_tells),
	  cmocka_unit_test(test_a_leader_that_has_ended_has_living_threads),
	  cmocka_unit_test(test_this_test_is_not_the_first_of_a_namespace),
	  cmocka_unit_test(test_the_first_of_a_namespace_is_told_by_its_last_number),
	  cmocka_unit_test(test_own_process_is_read),
	  cmocka_unit_test(test_a_reaped_process_does_not_answer),
	  cmocka_unit_test(test_a_name_with_parentheses_does_not_shift_fields),
	  cmocka_unit_test(test_what_holds_a_process),
	  cmocka_unit_test(test_the_label_of_a_process),
	  cmocka_unit_test(test_start_time_does_not_overflow))
