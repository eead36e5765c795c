/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "daemon/sight.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

/* Version 2 keeps the cgroup of a process that ends; on version 1 it is back in the root by then.
 */
static bool has_v1_line(Span text)
{
	Span line;

	while (span_split(&text, '\n', &line))
		if (line.n > 0 && !span_starts(line, SPAN_LIT("0::")))
			return true;
	return false;
}

static bool tells(Sight *s)
{
	Span text = span_make(s->info.cgroup, s->info.cgroup_n);

	cgroup_identify_file(text, &s->identity);
	if (!s->info.stat.exiting || s->identity.container)
		return true;
	/* What is left of a hybrid host's lines may be the runtime's own place. */
	return s->identity.kind != CGROUP_NONE && !has_v1_line(text);
}

/* Who has a container's or a unit's cgroup is known by it. A kernel without namespaces tells
 * nothing. */
static int look_whether_nested(int pid_fd, Sight *s)
{
	SubjectKey key;
	int r;

	s->nested = false;
	subject_of_identity(&s->identity, SPAN_LIT(""), &key);
	if (key.kind != SUBJECT_HOST)
		return 0;
	r = proc_is_nested(pid_fd);
	s->nested = r > 0;
	return r == -EBADMSG ? 0 : MIN(r, 0);
}

int sight_take(int pid_fd, Sight *ret)
{
	ProcStat leader;
	int r = proc_read(pid_fd, &ret->info);

	if (r < 0)
		return r;
	if (tells(ret))
		return look_whether_nested(pid_fd, ret);
	/* A leader may end before its threads. */
	leader = ret->info.stat;
	r = proc_read_thread(pid_fd, &ret->info);
	ret->info.stat = leader;
	if (r < 0)
		return SIGHT_ZOMBIE;
	cgroup_identify_file(span_make(ret->info.cgroup, ret->info.cgroup_n), &ret->identity);
	return look_whether_nested(pid_fd, ret);
}

static uint64_t nsec_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

/* /proc counts from the boot on, suspension included; events leave it out. What was suspended
 * before the start is not known: all of it gives a bound. */
static uint64_t start_of(uint64_t ticks)
{
	uint64_t start = ticks * (NSEC_PER_SEC / (uint64_t)MAX(sysconf(_SC_CLK_TCK), 1));
	uint64_t monotonic = nsec_of(CLOCK_MONOTONIC);
	uint64_t suspended = nsec_of(CLOCK_BOOTTIME) - monotonic;

	return start > suspended ? start - suspended : 0;
}

void sight_for_lineage(const Sight *s, int32_t pid, LineageSight *ret)
{
	*ret = (LineageSight){
		.pid = pid,
		.parent = s->info.stat.parent,
		.start = start_of(s->info.stat.start_ticks),
		.comm = span_of(s->info.stat.comm),
		.path = s->identity.path,
		.nested = s->nested,
	};
	subject_of_identity(&s->identity, SPAN_LIT(""), &ret->key);
}
