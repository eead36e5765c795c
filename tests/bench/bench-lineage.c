/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the history of processes costs, without the kernel's part in it: 100,000 living processes in
 * 1, 100 and 10,000 containers. For each: a record of a process that is there and known, one of a
 * process that is gone (/proc does not have it), a fork with its exit, and the memory of a process.
 * One look at a new pid in the real /proc is the same for all.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include "daemon/attribute.h"
#include "daemon/sight.h"

#define PROCESSES 100000
#define FIRST_PID 1000
#define ROUNDS 400000
#define LOOKS 2000U

/* Only so many containers make calls at a time: the tally's own room is another matter. */
#define CALLERS 512

static uint64_t now_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static size_t resident(void)
{
	size_t total = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fscanf(f, "%zu %zu", &total, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static Lineage *make_history(unsigned containers)
{
	Lineage *l;
	char path[256];

	if (lineage_new(1, LINEAGE_ENTRIES_MAX, &l) < 0)
		exit(EXIT_FAILURE);
	lineage_scan_begin(l);
	for (int32_t i = 0; i < PROCESSES; i++) {
		LineageSight s = { .pid = FIRST_PID + i, .parent = 1, .start = 1 };

		s.key = (SubjectKey){ .kind = SUBJECT_CONTAINER, .runtime = "docker" };
		snprintf(s.key.name, sizeof(s.key.name), "%064x", (unsigned)i % containers);
		snprintf(path, sizeof(path), "/docker/%s", s.key.name);
		s.path = span_of(path);
		s.comm = SPAN_LIT("x");
		lineage_scan_seen(l, &s, 2);
	}
	lineage_scan_end(l, 3);
	return l;
}

static double per_record(Attributor *a, int32_t pids)
{
	uint64_t start = now_of(CLOCK_THREAD_CPUTIME_ID);
	Record record = { .comm = SPAN_LIT("\"x\""), .exe = SPAN_LIT("\"/bin/x\"") };
	usec_t time = now_of(CLOCK_REALTIME) / 1000;
	Attribution who;

	for (int32_t i = 0; i < ROUNDS; i++) {
		record.pid = FIRST_PID + i * 7 % pids;
		if (attributor_find(a, &record, time, &who) < 0 || who.means == MEANS_NONE)
			exit(EXIT_FAILURE);
	}
	return (double)(now_of(CLOCK_THREAD_CPUTIME_ID) - start) / ROUNDS;
}

static double per_process(Lineage *l)
{
	uint64_t start = now_of(CLOCK_THREAD_CPUTIME_ID), time = now_of(CLOCK_MONOTONIC);

	for (int32_t i = 0; i < ROUNDS; i++) {
		ProcEvent e = { .pid = 1 << 20 | (i & 0x3fff),
				.parent = FIRST_PID + i * 7 % PROCESSES,
				.time = time += 200000 };

		lineage_event(l, &e);
		e.kind = PROCESS_EXIT;
		lineage_event(l, &e);
	}
	lineage_expire(l, time + 2 * LINEAGE_KEEP);
	return (double)(now_of(CLOCK_THREAD_CPUTIME_ID) - start) / ROUNDS;
}

/* Gone processes have an empty folder for /proc; one that is there is this one. */
static Attributor *make_attributor(int proc_fd, Lineage *l, Tally **ret)
{
	int fd = memfd_create("tally", MFD_CLOEXEC);
	Attributor *a;

	if (fd < 0 || tally_open(fd, 1, ret) < 0 || attributor_new(proc_fd, true, 1, *ret, &a) < 0)
		exit(EXIT_FAILURE);
	attributor_use_lineage(a, l);
	attributor_note_clocks(a);
	return a;
}

static double per_known_record(Lineage *l)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	Record record = { .pid = getpid(),
			  .comm = SPAN_LIT("\"x\""),
			  .exe = SPAN_LIT("\"/bin/x\"") };
	Tally *tally;
	Attributor *a = make_attributor(proc, l, &tally);
	uint64_t start = now_of(CLOCK_THREAD_CPUTIME_ID);
	Attribution who;

	for (int32_t i = 0; i < ROUNDS; i++)
		attributor_find(a, &record, now_of(CLOCK_REALTIME) / 1000, &who);
	start = now_of(CLOCK_THREAD_CPUTIME_ID) - start;
	attributor_free(a);
	tally_free(tally);
	close(proc);
	return (double)start / ROUNDS;
}

static void bench(unsigned containers, const char *empty)
{
	size_t before = resident();
	Lineage *l = make_history(containers);
	double bytes = (double)(resident() - before) / PROCESSES;
	int proc = open(empty, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	Tally *tally;
	Attributor *a = make_attributor(proc, l, &tally);
	double gone = per_record(a, CALLERS);

	printf("%10u %14.0f %14.0f %14.0f %14.0f\n", containers, per_known_record(l), gone,
	       per_process(l), bytes);
	attributor_free(a);
	tally_free(tally);
	lineage_free(l);
	close(proc);
}

static int compare(const void *a, const void *b)
{
	return *(const uint64_t *)a < *(const uint64_t *)b ? -1 : 1;
}

static void bench_look(void)
{
	static uint64_t times[LOOKS];
	static Sight sight;
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (unsigned i = 0; i < LOOKS; i++) {
		uint64_t start = now_of(CLOCK_MONOTONIC);
		int fd = proc_open(proc, getppid());

		if (fd < 0 || sight_take(fd, &sight) < 0)
			exit(EXIT_FAILURE);
		close(fd);
		times[i] = now_of(CLOCK_MONOTONIC) - start;
	}
	qsort(times, LOOKS, sizeof(times[0]), compare);
	printf("a look at a new pid: %.1f us (median of %u)\n", (double)times[LOOKS / 2] / 1000,
	       LOOKS);
	close(proc);
}

int main(void)
{
	char empty[] = "/tmp/seccompd-bench-XXXXXX";

	if (!mkdtemp(empty))
		return EXIT_FAILURE;
	printf("%d processes in the history; ns per record or process, bytes\n", PROCESSES);
	printf("%10s %14s %14s %14s %14s\n", "containers", "known", "gone", "fork and exit",
	       "per process");
	for (unsigned n = 1; n <= 10000; n *= 100)
		bench(n, empty);
	rmdir(empty);
	bench_look();
	return EXIT_SUCCESS;
}
