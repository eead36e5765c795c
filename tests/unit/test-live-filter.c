/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/live-filter.c: what is loaded is read, and the process goes on as if nothing was. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/live-filter.h"
#include "state/proc.h"
#include "tests/unit/unit.h"

#define PATIENCE 5000
#define CLONE_VFORK_FLAG 0x4000

static const struct sock_filter log_getppid[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 99999, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 7),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
static const struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };

static void load(const struct sock_filter *insns, unsigned short n, unsigned flags)
{
	struct sock_fprog program = { .len = n, .filter = (struct sock_filter *)(uintptr_t)insns };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0)
		_exit(99);
}

/* A process that answers each byte with another. */
typedef struct Target {
	pid_t pid;
	int to, from;
} Target;

static void serve(int in, int out)
{
	char c;

	while (read(in, &c, 1) == 1)
		if (write(out, &c, 1) != 1)
			break;
	_exit(0);
}

static Target start_target(unsigned filters)
{
	int to[2], from[2];
	Target t;

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	t = (Target){ fork(), to[1], from[0] };
	assert_true(t.pid >= 0);
	if (t.pid == 0) {
		close(to[1]);
		close(from[0]);
		if (filters > 0)
			load(allow, ELEMENTSOF(allow), 0);
		if (filters > 1)
			load(log_getppid, ELEMENTSOF(log_getppid), SECCOMP_FILTER_FLAG_LOG);
		serve(to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	return t;
}

static void assert_goes_on(const Target *t)
{
	char c = 'x';

	assert_int_equal(write(t->to, "y", 1), 1);
	assert_int_equal(read(t->from, &c, 1), 1);
	assert_int_equal(c, 'y');
}

static void end_target(Target *t)
{
	int status;

	close(t->to);
	close(t->from);
	assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int proc_fd;

static int set_up(void **state)
{
	(void)state;
	proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return proc_fd < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	return close(proc_fd);
}

static ProcStat stat_of(pid_t pid)
{
	_cleanup_close_ int fd = proc_open(proc_fd, pid);
	ProcInfo info;

	assert_true(fd >= 0);
	assert_int_equal(proc_read(fd, &info), 0);
	return info.stat;
}

/* Without what it takes, there is nothing to be read. */
static void need_permission(void)
{
	Target t = start_target(1);
	LiveFilters f = { 0 };
	int r;

	assert_goes_on(&t);
	r = live_filters_read(proc_fd, t.pid, 0, PATIENCE, &f);
	live_filters_done(&f);
	end_target(&t);
	if (r == -EPERM || r == -EACCES || r == -EOPNOTSUPP)
		skip();
}

static void test_all_filters_are_read_in_their_order(void **state)
{
	_cleanup_live_filters_ LiveFilters f = { 0 };
	Target t;

	(void)state;
	need_permission();
	t = start_target(2);
	assert_goes_on(&t);
	assert_int_equal(
		live_filters_read(proc_fd, t.pid, stat_of(t.pid).start_ticks, PATIENCE, &f), 0);
	assert_int_equal(f.n, 2);
	assert_int_equal(f.rows[0].n, ELEMENTSOF(allow));
	assert_memory_equal(f.rows[0].insns, allow, sizeof(allow));
	assert_false(f.rows[0].logs);
	assert_int_equal(f.rows[1].n, ELEMENTSOF(log_getppid));
	assert_memory_equal(f.rows[1].insns, log_getppid, sizeof(log_getppid));
	assert_true(f.rows[1].logs);
	assert_goes_on(&t);
	end_target(&t);
}

static void test_no_filter_is_no_error(void **state)
{
	_cleanup_live_filters_ LiveFilters f = { 0 };
	Target t;

	(void)state;
	need_permission();
	t = start_target(0);
	assert_int_equal(live_filters_read(proc_fd, t.pid, 0, PATIENCE, &f), 0);
	assert_int_equal(f.n, 0);
	assert_goes_on(&t);
	end_target(&t);
}

static void test_it_goes_on_each_time(void **state)
{
	Target t;

	(void)state;
	need_permission();
	t = start_target(1);
	assert_goes_on(&t);
	for (unsigned i = 0; i < 50; i++) {
		_cleanup_live_filters_ LiveFilters f = { 0 };

		assert_int_equal(live_filters_read(proc_fd, t.pid, 0, PATIENCE, &f), 0);
		assert_int_equal(f.n, 1);
		assert_goes_on(&t);
	}
	end_target(&t);
}

#define SIGNALS 20000
#ifdef __has_feature
#define THREAD_SANITIZER __has_feature(thread_sanitizer)
#elif defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#else
#define THREAD_SANITIZER 0
#endif
#define READS 300

static volatile sig_atomic_t signals;

static void count_signal(int sig)
{
	(void)sig;
	signals++;
}

/* It tells how many signals it got, when it is asked. */
static Target start_counter(void)
{
	const struct sigaction action = { .sa_handler = count_signal, .sa_flags = SA_RESTART };
	int to[2], from[2];
	Target t;

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	t = (Target){ fork(), to[1], from[0] };
	assert_true(t.pid >= 0);
	if (t.pid == 0) {
		char c;
		int n;

		close(to[1]);
		sigaction(SIGRTMIN, &action, NULL);
		while (read(to[0], &c, 1) == 1) {
			n = (int)signals;
			if (write(from[1], &n, sizeof(n)) != sizeof(n))
				break;
		}
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	return t;
}

static int ask_counter(const Target *t)
{
	int n = -1;

	assert_int_equal(write(t->to, "?", 1), 1);
	assert_int_equal(read(t->from, &n, sizeof(n)), sizeof(n));
	return n;
}

/* One that comes while it is being stopped is delivered, and not swallowed. */
static void test_no_signal_is_lost(void **state)
{
	Target t;
	pid_t sender;
	int status, n = 0;

	(void)state;
	if (THREAD_SANITIZER) {
		print_message("# skipped: the thread sanitizer itself makes one of many signals\n");
		skip();
	}
	need_permission();
	t = start_counter();
	assert_int_equal(ask_counter(&t), 0);
	sender = fork();
	assert_true(sender >= 0);
	if (sender == 0) {
		/* the queue of signals is bounded: EAGAIN */
		for (unsigned i = 0; i < SIGNALS; i++)
			while (sigqueue(t.pid, SIGRTMIN, (union sigval){ 0 }) < 0 &&
			       errno == EAGAIN)
				usleep(100);
		_exit(0);
	}
	for (unsigned i = 0; i < READS; i++) {
		LiveFilters f = { 0 };

		assert_int_equal(live_filters_read(proc_fd, t.pid, 0, PATIENCE, &f), 0);
		live_filters_done(&f);
	}
	assert_int_equal(waitpid(sender, &status, 0), sender);
	for (unsigned i = 0; i < 20000 && n < SIGNALS; i++) {
		n = ask_counter(&t);
		usleep(1000);
	}
	assert_int_equal(n, SIGNALS);
	end_target(&t);
}

static void test_what_was_stopped_stays_stopped(void **state)
{
	_cleanup_live_filters_ LiveFilters f = { 0 };
	Target t;
	int status;

	(void)state;
	need_permission();
	t = start_target(1);
	assert_goes_on(&t);
	assert_int_equal(kill(t.pid, SIGSTOP), 0);
	assert_int_equal(waitpid(t.pid, &status, WUNTRACED), t.pid);
	assert_int_equal(live_filters_read(proc_fd, t.pid, 0, PATIENCE, &f), 0);
	assert_int_equal(f.n, 1);
	for (unsigned i = 0; i < 4000 && stat_of(t.pid).state != 'T'; i++)
		usleep(5000);
	assert_int_equal(stat_of(t.pid).state, 'T');
	assert_int_equal(kill(t.pid, SIGCONT), 0);
	assert_goes_on(&t);
	end_target(&t);
}

static void test_who_is_not_there_or_another(void **state)
{
	LiveFilters f;
	Target t;
	pid_t pid;

	(void)state;
	t = start_target(0);
	pid = t.pid;
	end_target(&t);
	assert_int_equal(live_filters_read(proc_fd, pid, 0, PATIENCE, &f), -ESRCH);
	need_permission();
	t = start_target(1);
	assert_int_equal(
		live_filters_read(proc_fd, t.pid, stat_of(t.pid).start_ticks + 1, PATIENCE, &f),
		-ESRCH);
	assert_goes_on(&t);
	end_target(&t);
}

static void test_ancestors_are_never_stopped(void **state)
{
	LiveFilters f;

	(void)state;
	assert_int_equal(live_filters_read(proc_fd, getpid(), 0, PATIENCE, &f), -ELOOP);
	assert_int_equal(live_filters_read(proc_fd, getppid(), 0, PATIENCE, &f), -ELOOP);
	assert_int_equal(live_filters_read(proc_fd, 1, 0, PATIENCE, &f), -ELOOP);
}

/* In a process of its own, whose rights @drop takes. */
static int read_as(const Target *t, void (*drop)(void))
{
	LiveFilters f;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		drop();
		_exit(-live_filters_read(proc_fd, t->pid, 0, PATIENCE, &f));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void become_nobody(void)
{
	if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
		_exit(99);
}

static void become_confined(void)
{
	load(allow, ELEMENTSOF(allow), 0);
}

static void test_who_may_not_is_refused(void **state)
{
	Target t;

	(void)state;
	need_permission();
	t = start_target(1);
	assert_goes_on(&t);
	assert_int_equal(read_as(&t, become_nobody), -EPERM);
	assert_int_equal(read_as(&t, become_confined), -EACCES);
	assert_goes_on(&t);
	end_target(&t);
}

/* A parent in vfork() cannot stop until its child has left. */
static void test_what_does_not_stop_is_not_waited_for(void **state)
{
	int ready[2], hold[2], status;
	LiveFilters f;
	pid_t pid;
	char c;

	(void)state;
	need_permission();
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(hold[1]);
		if (syscall(SYS_clone, CLONE_VFORK_FLAG | SIGCHLD, NULL, NULL, NULL, NULL) == 0) {
			(void)!write(ready[1], "r", 1);
			(void)!read(hold[0], &c, 1);
			_exit(0);
		}
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(live_filters_read(proc_fd, pid, 0, 50, &f), -ETIMEDOUT);
	close(hold[1]);
	/* it is still ours: once it can stop, it does, and is let go */
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status))
		kill(pid, SIGKILL);
	close(hold[0]);
	close(ready[0]);
	close(ready[1]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_all_filters_are_read_in_their_order), TEST(test_no_filter_is_no_error),
	  TEST(test_it_goes_on_each_time), TEST(test_no_signal_is_lost),
	  TEST(test_what_was_stopped_stays_stopped), TEST(test_who_is_not_there_or_another),
	  TEST(test_ancestors_are_never_stopped), TEST(test_who_may_not_is_refused),
	  TEST(test_what_does_not_stop_is_not_waited_for), )
