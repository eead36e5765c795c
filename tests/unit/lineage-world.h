/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A history of processes, and events that are made up. */
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

static inline SubjectKey key_of(const char *place)
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

static inline LineageSight sight_of(int32_t pid, int32_t parent, uint64_t start, const char *comm,
				    const char *place)
{
	return (LineageSight){ .pid = pid,
			       .parent = parent,
			       .start = start * MS,
			       .comm = span_of(comm),
			       .key = key_of(place),
			       .path = span_of(place) };
}

static inline int event(World *w, ProcEventKind kind, int32_t pid, int32_t parent, uint64_t time)
{
	const ProcEvent e = { .kind = kind, .pid = pid, .parent = parent, .time = time * MS };

	return lineage_event(w->l, &e);
}

static inline void scanned(World *w, int32_t pid, int32_t parent, uint64_t start, const char *comm,
			   const char *place, uint64_t now)
{
	LineageSight s = sight_of(pid, parent, start, comm, place);

	lineage_scan_seen(w->l, &s, now * MS);
}

/* pid 1, a shell 10 in the root, and a shim 20 of Docker's. */
static inline int setup(void **state)
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

static inline int teardown(void **state)
{
	World *w = *state;

	lineage_free(w->l);
	free(w);
	return 0;
}

static inline void fork_unread(World *w, int32_t pid, int32_t parent, uint64_t time)
{
	if (event(w, PROCESS_FORK, pid, parent, time) == LINEAGE_LOOK)
		lineage_missed(w->l, pid);
}

static inline void fork_seen(World *w, int32_t pid, int32_t parent, uint64_t time,
			     const char *place)
{
	LineageSight s = sight_of(pid, parent, time, "x", place);

	assert_int_equal(event(w, PROCESS_FORK, pid, parent, time), LINEAGE_LOOK);
	assert_int_equal(lineage_seen(w->l, &s, (time + 1) * MS), 0);
}

static inline void fork_inherits(World *w, int32_t pid, int32_t parent, uint64_t time)
{
	assert_int_equal(event(w, PROCESS_FORK, pid, parent, time), 0);
}

static inline int exec_seen(World *w, int32_t pid, int32_t parent, uint64_t time, const char *comm,
			    const char *place)
{
	LineageSight s = sight_of(pid, parent, 0, comm, place);

	s.start = lineage_at(w->l, lineage_newest(w->l, pid))->start;
	assert_int_equal(event(w, PROCESS_EXEC, pid, 0, time), LINEAGE_LOOK);
	return lineage_seen(w->l, &s, (time + 1) * MS);
}

static inline void exec_missed(World *w, int32_t pid, uint64_t time)
{
	assert_int_equal(event(w, PROCESS_EXEC, pid, 0, time), LINEAGE_LOOK);
	lineage_missed(w->l, pid);
}

static inline void ends(World *w, int32_t pid, uint64_t time)
{
	assert_int_equal(event(w, PROCESS_EXIT, pid, 0, time), 0);
}

static inline const char *where(World *w, int32_t pid, uint64_t time)
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
static inline void start_runc(World *w, int32_t first, uint64_t t, const char *place)
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

static inline int32_t start_container(World *w, int32_t first, uint64_t t, const char *place)
{
	start_runc(w, first, t, place);
	ends(w, first, t + 7);
	exec_seen(w, first + 3, 20, t + 8, "nginx", place);
	return first + 3;
}

static inline void lose(World *w)
{
	lineage_lost(w->l);
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
