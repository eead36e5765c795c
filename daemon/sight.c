/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/sight.h"

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
