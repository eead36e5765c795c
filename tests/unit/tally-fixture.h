/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A tally in memory, and a way to open its file once more as another process would. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "evidence/tally.h"
#include "tests/unit/unit.h"

static inline int tally_memory(void)
{
	int fd = memfd_create("tally", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* Another open file description of the same file. */
static inline int tally_reopen(int fd, int flags)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, flags | O_CLOEXEC);
	assert_true(again >= 0);
	return again;
}

static inline SubjectKey container_key(unsigned i)
{
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };

	snprintf(key.name, sizeof(key.name), "%064x", i);
	return key;
}

static inline uint32_t must_subject(Tally *t, unsigned i, usec_t now)
{
	SubjectKey key = container_key(i);
	uint32_t ret;

	assert_int_equal(tally_subject(t, &key, SPAN_LIT("/docker/x"), now, &ret), 0);
	return ret;
}

static inline TallyCall make_call(uint32_t subject, int64_t nr, usec_t time)
{
	return (TallyCall){
		.subject = subject,
		.arch = 0xc000003e,
		.nr = nr,
		.action = ACTION_LOG,
		.origin = ORIGIN_WORKLOAD,
		.means = MEANS_PROC,
		.time = time,
		.serial = (uint32_t)time,
	};
}

static inline uint64_t sum_of_totals(const Tally *t)
{
	uint64_t sum = 0;
	TallySlot s;

	for (uint32_t i = 0; i < tally_n_slots(t); i++)
		if (tally_slot_copy(t, i, &s) == 0)
			sum += s.total;
	return sum;
}

/* What the daemon's writer does once the ledger has it. */
static inline uint32_t fold_all(Tally *t)
{
	uint32_t n = 0;
	TallySlot s;

	for (uint32_t i = 0; i < tally_n_slots(t); i++)
		if (tally_slot_copy(t, i, &s) == 0) {
			tally_mark_folded(t, i, s.generation, s.total);
			n++;
		}
	return n;
}

static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * 0x2545f4914f6cdd1dULL >> 16;
}

static inline double seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Kills the child once it has counted @enough records more (or at once for 0), and a random moment
 * later: in the midst of something. */
static inline void kill_after(pid_t pid, const uint64_t *counted, uint64_t enough,
			      uint64_t microseconds)
{
	struct timespec tick = { .tv_nsec = 100000 },
			rest = { .tv_nsec = (long)microseconds * 1000 };
	double deadline = seconds_now() + 20;
	uint64_t start = __atomic_load_n(counted, __ATOMIC_RELAXED);
	int status;

	while (__atomic_load_n(counted, __ATOMIC_RELAXED) < start + enough) {
		assert_true(seconds_now() < deadline);
		nanosleep(&tick, NULL);
	}
	nanosleep(&rest, NULL);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}
