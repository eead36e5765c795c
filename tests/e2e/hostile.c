/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a hostile container does, at full speed or at a given rate, and how often it did it. Static,
 * so that it runs in an empty image.
 *
 *   hostile [OPTION...] steady          the same call, again and again
 *   hostile [OPTION...] numbers         another number at each call
 *   hostile [OPTION...] comms           another name of the process at each call, with escapes and
 *                                       line ends
 *   hostile [OPTION...] forks           a child for each call, which ends at once
 *   hostile [OPTION...] programs DIR    another program for each call, by a link to this one in DIR
 *   hostile [OPTION...] asked           the calls whose numbers stand on standard input, one a line
 *
 *   --call NR       the call; a number that no kernel has is this test's alone (default 20000)
 *   --count N       ends behind N calls of each job (default: never)
 *   --seconds S     ends after that time
 *   --rate N        calls per second, all jobs together (default: as fast as it goes)
 *   --jobs N        so many processes at once (default 1)
 *   --tell FILE     the count is kept in that file, too: a word that changes as calls are made
 *   --filter        loads a filter that logs all numbers from 1000 on, first
 *
 * Ends on SIGTERM as well. Prints "made N" at its end: the calls that were made.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define FIRST_LOGGED 1000
#define NSEC_PER_SEC 1000000000LL
#define JOBS_MAX 64
#define TICKS_PER_SEC 1000 /* calls at a rate come in so many bursts */

static struct options {
	long call, count, seconds, rate, jobs, filter;
	const char *dir, *tell;
} arg = { .call = 20000, .jobs = 1 };

static volatile sig_atomic_t stopped;
static long *made; /* by all of us, in shared memory */
static unsigned random_state;

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static unsigned next_random(void)
{
	random_state = random_state * 1103515245 + 12345;
	return random_state >> 8;
}

static void make(long nr)
{
	(void)syscall(nr);
	__atomic_fetch_add(made, 1, __ATOMIC_RELAXED);
}

static void make_steady(void)
{
	make(arg.call);
}

static void make_number(void)
{
	make(FIRST_LOGGED + (long)next_random() % 1000000);
}

static void make_under_name(void)
{
	char name[16];

	snprintf(name, sizeof(name), "\033[2J\n%08x", next_random());
	prctl(PR_SET_NAME, name, 0, 0, 0);
	make(arg.call);
}

static void make_in_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		make(arg.call);
		_exit(0);
	}
	/* There are too many: those that ended are taken away by the kernel. */
	if (pid < 0)
		sched_yield();
}

static void make_in_program(void)
{
	static unsigned n;
	char path[256], once[] = "once", call[24];
	char *argv[] = { path, once, call, NULL };
	pid_t pid;

	snprintf(path, sizeof(path), "%s/\033[31mprogram\n%d-%u", arg.dir, getpid(), n++);
	snprintf(call, sizeof(call), "%ld", arg.call);
	if (linkat(AT_FDCWD, "/proc/self/exe", AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0) {
		perror("hostile: link");
		exit(2);
	}
	pid = vfork();
	if (pid == 0) {
		execv(path, argv);
		_exit(127);
	}
	if (pid > 0 && waitpid(pid, NULL, 0) == pid)
		__atomic_fetch_add(made, 1, __ATOMIC_RELAXED);
	unlink(path);
}

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (n < 0 || (*end && *end != '\n') || end == text) {
		fprintf(stderr, "hostile: \"%s\" is no number\n", text);
		exit(2);
	}
	return n;
}

static void make_asked(void)
{
	char line[24];

	if (fgets(line, sizeof(line), stdin))
		make(number(line));
	else
		stopped = 1;
}

static const struct kind {
	const char *name;
	void (*make)(void);
	int has_dir;
} kinds[] = {
	{ "steady", make_steady, 0 },       { "numbers", make_number, 0 },
	{ "comms", make_under_name, 0 },    { "forks", make_in_child, 0 },
	{ "programs", make_in_program, 1 }, { "asked", make_asked, 0 },
};

static void sleep_until(long long when)
{
	struct timespec ts = { when / NSEC_PER_SEC, when % NSEC_PER_SEC };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void work(const struct kind *kind)
{
	long long begin = now(), end = begin + arg.seconds * NSEC_PER_SEC;
	long done = 0, rate = arg.rate / arg.jobs, due;

	for (long tick = 1; !stopped && (arg.seconds == 0 || now() < end); tick++) {
		/* Without a rate a tick is only when we look at the clock. */
		due = rate > 0 ? tick * rate / TICKS_PER_SEC : done + 64;
		for (; done < due && !stopped && (arg.count == 0 || done < arg.count); done++)
			kind->make();
		if (arg.count > 0 && done == arg.count)
			return;
		if (rate > 0)
			sleep_until(begin + tick * NSEC_PER_SEC / TICKS_PER_SEC);
	}
}

static void load_filter(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_LOGGED, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { LENGTH(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0) {
		perror("hostile: seccomp");
		exit(2);
	}
}

static pid_t start_job(const struct kind *kind)
{
	pid_t pid = fork();

	if (pid < 0)
		perror("hostile: fork");
	if (pid != 0)
		return pid;
	random_state = (unsigned)getpid() * 2654435761U;
	if (kind->make == make_in_child)
		signal(SIGCHLD, SIG_IGN);
	work(kind);
	/* Those whose calls wait for the kernel's queue are not done yet. */
	while (wait(NULL) >= 0 || errno == EINTR)
		;
	_exit(0);
}

static void run_jobs(const struct kind *kind)
{
	pid_t pids[JOBS_MAX];

	for (long i = 0; i < arg.jobs; i++)
		pids[i] = start_job(kind);
	while (wait(NULL) >= 0 || errno == EINTR)
		for (long i = 0; stopped && i < arg.jobs; i++)
			if (pids[i] > 0)
				kill(pids[i], SIGTERM);
}

static const struct kind *parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "call", required_argument, NULL, 'c' },
		{ "count", required_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 's' },
		{ "rate", required_argument, NULL, 'r' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "filter", no_argument, NULL, 'f' },
		{ "tell", required_argument, NULL, 't' },
		{ 0 },
	};
	long *const values[] = { ['c'] = &arg.call,
				 ['n'] = &arg.count,
				 ['s'] = &arg.seconds,
				 ['r'] = &arg.rate,
				 ['j'] = &arg.jobs };
	int o;

	while ((o = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (o == '?')
			exit(2);
		if (o == 'f')
			arg.filter = 1;
		else if (o == 't')
			arg.tell = optarg;
		else
			*values[o] = number(optarg);
	}
	for (size_t i = 0;
	     i < LENGTH(kinds) && optind < argc && arg.jobs > 0 && arg.jobs <= JOBS_MAX; i++)
		if (strcmp(argv[optind], kinds[i].name) == 0 &&
		    argc == optind + 1 + kinds[i].has_dir) {
			arg.dir = argv[optind + kinds[i].has_dir];
			return &kinds[i];
		}
	fprintf(stderr, "hostile: what to do? (see the head of hostile.c)\n");
	exit(2);
}

static long *map_count(void)
{
	int fd = -1;
	void *p;

	if (arg.tell) {
		fd = open(arg.tell, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0 || ftruncate(fd, sizeof(*made)) < 0)
			return MAP_FAILED;
	}
	p = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
		 MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
	if (fd >= 0)
		close(fd);
	return p;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	const struct kind *kind;

	if (argc == 3 && strcmp(argv[1], "once") == 0)
		return syscall(number(argv[2])) == 0;
	kind = parse(argc, argv);
	made = map_count();
	if (made == MAP_FAILED) {
		perror("hostile: the count");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	if (arg.filter)
		load_filter();
	run_jobs(kind);
	printf("made %ld\n", *made);
	return 0;
}
