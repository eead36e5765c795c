/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The workload of the end-to-end tests: makes named system calls, harmlessly and by number, and
 * says what the kernel answered. Static, so that it runs in an empty image.
 *
 *   calls [--loop N] [--fork N] [--spawn N] [--stay SECONDS] [--linger MSEC] NAME...
 *   calls [--pause USEC] [--rate N] flood N [NAME]
 *   calls spread N FROM
 *   calls logged N FROM
 *
 * --fork N makes the calls in N children that exit at once, instead of here; those of --spawn N
 * start this program anew first. --stay keeps the process alive behind its calls, so that /proc
 * still knows it; --linger is the same for a shorter time. flood loads a filter of its own that
 * logs NAME (getcpu, or a number) and calls it N times, as fast as it can, with a pause between, or
 * at --rate times a second and no faster, by the millisecond.
 * spread makes N different calls once, those with the numbers from FROM on; logged does so under a
 * filter of its own that logs them.
 * Exit status: 0, 1 when a call was refused (EPERM or ENOSYS), 2 for a usage error.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

#define I386_GETPID (-20) /* number 20 by the 32-bit gate */

/* Room for whatever a call writes back. */
static char scratch[4096] __attribute__((aligned(4096)));

static const struct call {
	const char *name;
	long nr;
	long args[3];
} calls[] = {
	{ "getcpu", SYS_getcpu, { 0 } },
	{ "sysinfo", SYS_sysinfo, { (long)scratch } },
	{ "getpriority", SYS_getpriority, { 0 } },
	{ "times", SYS_times, { (long)scratch } },
	{ "mincore", SYS_mincore, { (long)scratch, sizeof(scratch), (long)scratch } },
	{ "sched_getparam", SYS_sched_getparam, { 0, (long)scratch } },
	{ "sched_getscheduler", SYS_sched_getscheduler, { 0 } },
	{ "sched_get_priority_max", SYS_sched_get_priority_max, { 0 } },
	{ "getresuid", SYS_getresuid, { (long)scratch, (long)scratch + 16, (long)scratch + 32 } },
	{ "getsid", SYS_getsid, { 0 } },
	{ "get_mempolicy", SYS_get_mempolicy, { 0 } },
	{ "getitimer", SYS_getitimer, { 0, (long)scratch } },
	{ "sync_file_range", SYS_sync_file_range, { -1 } },
	/* risky ones, with arguments that make them do nothing */
	{ "bpf", SYS_bpf, { -1 } },
	{ "keyctl", SYS_keyctl, { -1 } },
	{ "perf_event_open", SYS_perf_event_open, { 0 } },
	{ "request_key", SYS_request_key, { 0 } },
	{ "userfaultfd", SYS_userfaultfd, { -1 } },
	{ "swapoff", SYS_swapoff, { 0 } },
	{ "i386-getpid", I386_GETPID, { 0 } },
};

static const struct call *find_call(const char *name)
{
	for (size_t i = 0; i < LENGTH(calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	fprintf(stderr, "calls: no call \"%s\" in the table\n", name);
	exit(2);
}

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (n < 0 || *end || end == text) {
		fprintf(stderr, "calls: \"%s\" is no number\n", text);
		exit(2);
	}
	return n;
}

/* 0 or the errno. */
static int make_i386_call(long nr)
{
#ifdef __x86_64__
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) : "a"(nr) : "memory", "r8", "r9", "r10", "r11");
	return r < 0 ? (int)-r : 0;
#else
	return nr == 0 ? 0 : ENOSYS;
#endif
}

static int make_call(const struct call *c)
{
	if (c->nr == I386_GETPID)
		return make_i386_call(-I386_GETPID);
	errno = 0;
	return syscall(c->nr, c->args[0], c->args[1], c->args[2]) < 0 ? errno : 0;
}

static int make_calls(char **names, long loop, int print)
{
	int refused = 0;

	for (; *names; names++) {
		const struct call *c = find_call(*names);
		int e = 0;

		for (long i = 0; i < loop; i++)
			e = make_call(c);
		if (print)
			printf("%s %d\n", c->name, e);
		refused |= e == EPERM || e == ENOSYS;
	}
	fflush(stdout);
	return refused;
}

static void start_anew(char **names)
{
	static char self[] = "calls";

	/* names[-1] is there: at least the program's own name. */
	names[-1] = self;
	execv("/proc/self/exe", names - 1);
	perror("calls: exec");
	_exit(2);
}

static int in_children(char **names, long loop, long n, int anew)
{
	int refused = 0;

	for (; n > 0; n--) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0 && anew)
			start_anew(names);
		if (pid == 0)
			_exit(make_calls(names, loop, 0));
		if (pid < 0 || waitpid(pid, &status, 0) < 0) {
			perror("calls: fork");
			return 1;
		}
		refused |= status != 0;
	}
	return refused;
}

/* A number that no kernel has: whoever floods with one of its own can tell its records from all
 * others on the host. */
static struct call numbered_call(const char *name)
{
	return (struct call){ name, number(name), { 0 } };
}

/* A filter that allows everything and logs @n calls. */
static void load_log_filter(long n, long nr)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned)nr, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned)(nr + n), 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { LENGTH(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0) {
		perror("calls: seccomp");
		exit(2);
	}
}

/* Until call @i of @rate a second is due, once a millisecond. */
static void keep_rate(struct timespec start, long i, long rate)
{
	long long nsec;

	if (rate == 0 || i % (rate / 1000 > 0 ? rate / 1000 : 1) != 0)
		return;
	nsec = start.tv_nsec + i * 1000000000LL / rate;
	start.tv_sec += nsec / 1000000000;
	start.tv_nsec = nsec % 1000000000;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &start, NULL);
}

static int flood(long n, const char *name, long pause_usec, long rate)
{
	struct call own = *name >= '0' && *name <= '9' ? numbered_call(name) : *find_call(name);
	const struct call *c = &own;
	struct timespec start, pause = { pause_usec / 1000000, pause_usec % 1000000 * 1000 };

	load_log_filter(1, c->nr);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (long i = 0; i < n; i++) {
		keep_rate(start, i, rate);
		make_call(c);
		if (pause_usec > 0)
			nanosleep(&pause, NULL);
	}
	return 0;
}

static int spread(long n, long from)
{
	for (long i = 0; i < n; i++)
		(void)syscall(from + i);
	return 0;
}

static int logged(long n, long from)
{
	load_log_filter(n, from);
	return spread(n, from);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "loop", required_argument, NULL, 'l' },
		{ "fork", required_argument, NULL, 'f' },
		{ "spawn", required_argument, NULL, 'x' },
		{ "stay", required_argument, NULL, 's' },
		{ "linger", required_argument, NULL, 'L' },
		{ "pause", required_argument, NULL, 'p' },
		{ "rate", required_argument, NULL, 'r' },
		{ 0 },
	};
	long loop = 1, children = 0, anew = 0, stay = 0, linger_msec = 0, pause_usec = 0, rate = 0;
	int o, refused;

	while ((o = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		switch (o) {
		case 'l':
			loop = number(optarg);
			break;
		case 'f':
			children = number(optarg);
			break;
		case 'x':
			anew = number(optarg);
			break;
		case 's':
			stay = number(optarg);
			break;
		case 'L':
			linger_msec = number(optarg);
			break;
		case 'p':
			pause_usec = number(optarg);
			break;
		case 'r':
			rate = number(optarg);
			break;
		default:
			return 2;
		}
	}
	argv += optind;
	argc -= optind;
	if (argc >= 2 && strcmp(argv[0], "flood") == 0)
		refused = flood(number(argv[1]), argc > 2 ? argv[2] : "getcpu", pause_usec, rate);
	else if (argc == 3 && strcmp(argv[0], "logged") == 0)
		refused = logged(number(argv[1]), number(argv[2]));
	else if (argc == 3 && strcmp(argv[0], "spread") == 0)
		refused = spread(number(argv[1]), number(argv[2]));
	else if (children > 0 || anew > 0)
		refused = in_children(argv, loop, children, 0) | in_children(argv, loop, anew, 1);
	else
		refused = make_calls(argv, loop, 1);
	if (stay > 0)
		sleep((unsigned)stay);
	if (linger_msec > 0)
		usleep((useconds_t)linger_msec * 1000);
	return refused;
}
