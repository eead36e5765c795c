/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Lifetimes in a ledger of their own, with cgroups, processes and a clock that are made up. */
#include <signal.h>
#include <sys/wait.h>

#include "daemon/joins.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/made-up-folder.h"

#define SEC USEC_PER_SEC
#define ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define CONTAINER_PATH "/docker/" ID
#define UNIT "web.service"
#define UNIT_PATH "/system.slice/" UNIT

typedef struct World {
	Folder folder;
	char dir[64];
	Ledger *ledger;
	Resolver *resolver;
	ContainerCache *cache;
	ExitRing *exits;
	Lifetimes *lifetimes;
	int root_fd, proc_fd, cgroup_fd;
	pid_t child;
	usec_t now;
} World;

static inline void begin_daemon(World *w, bool same_boot)
{
	assert_int_equal(lifetimes_new(&(LifetimesSetup){ .ledger = w->ledger,
							  .resolver = w->resolver,
							  .cache = w->cache,
							  .exits = w->exits,
							  .root_fd = w->root_fd,
							  .proc_fd = w->proc_fd,
							  .cgroup_fd = w->cgroup_fd,
							  .same_boot = same_boot,
							  .last_alive = w->now },
				       &w->lifetimes),
			 0);
}

static inline pid_t spawn(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static inline void end_child(World *w)
{
	if (w->child > 0) {
		kill(w->child, SIGKILL);
		waitpid(w->child, NULL, 0);
	}
	w->child = 0;
}

/* The process that the cgroup of @path lists. */
static inline void put_child(World *w, const char *path)
{
	char command[512];

	if (w->child == 0)
		w->child = spawn();
	snprintf(command, sizeof(command), "mkdir -p cg%s && echo %d >cg%s/cgroup.procs", path,
		 (int)w->child, path);
	run_in(w->dir, command);
}

static inline int setup(void **state)
{
	const StateRoots roots = { .proc_fd = -1, .root_fd = -1 };
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-lifetime-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	run_in(w->dir, "mkdir -p cg/docker cg/system.slice root/run/systemd/units");
	w->root_fd = open_in(w->dir, "root");
	w->cgroup_fd = open_in(w->dir, "cg");
	w->proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->ledger = must_write(&w->folder);
	assert_int_equal(resolver_new(&roots, &w->resolver), 0);
	assert_int_equal(container_cache_new(1, &w->cache), 0);
	assert_int_equal(exit_ring_new(&w->exits), 0);
	w->now = NOW;
	begin_daemon(w, true);
	*state = w;
	return 0;
}

static inline int teardown(void **state)
{
	World *w = *state;

	end_child(w);
	lifetimes_free(w->lifetimes);
	exit_ring_free(w->exits);
	container_cache_free(w->cache);
	resolver_free(w->resolver);
	ledger_free(w->ledger);
	close(w->root_fd);
	close(w->proc_fd);
	close(w->cgroup_fd);
	run_in(w->dir, "rm -rf -- \"$PWD\"");
	folder_remove(&w->folder);
	free(w);
	return 0;
}

static inline void pass(World *w, unsigned seconds)
{
	w->now += seconds * SEC;
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(lifetimes_write(w->lifetimes, w->now, true), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	lifetimes_committed(w->lifetimes);
}

static inline void container(World *w, bool seen)
{
	const SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID };
	Container c = { .runtime = "docker", .id = ID, .confirmed = true, .spec_found = true };

	snprintf(c.names.name, sizeof(c.names.name), "web");
	snprintf(c.names.runtime, sizeof(c.names.runtime), "docker");
	put_child(w, CONTAINER_PATH);
	assert_int_equal(container_cache_put(w->cache, &key, SPAN_LIT(CONTAINER_PATH), &c, w->now),
			 0);
	lifetimes_begin(w->lifetimes, &key, SPAN_LIT(CONTAINER_PATH), &c, w->now, seen);
}

static inline void unit(World *w, bool seen)
{
	lifetimes_begin_unit(w->lifetimes, UNIT, SPAN_LIT(UNIT_PATH), w->now, seen);
}

typedef struct Row {
	LedgerLifetime f;
	char profile[64], incarnation[64], libc[128];
} Row;

typedef struct Rows {
	size_t n;
	Row rows[16];
} Rows;

static inline int take(const LedgerLifetime *f, void *userdata)
{
	Rows *all = userdata;
	Row *row = &all->rows[all->n++];

	assert_true(all->n <= ELEMENTSOF(all->rows));
	row->f = *f;
	snprintf(row->profile, sizeof(row->profile), "%s", f->profile_hash);
	snprintf(row->incarnation, sizeof(row->incarnation), "%s", f->incarnation);
	snprintf(row->libc, sizeof(row->libc), "%s", f->image_digest);
	return 0;
}

static inline Rows rows(World *w)
{
	Rows all = { 0 };

	for (int64_t workload = 1; workload < 4; workload++)
		assert_int_equal(ledger_each_lifetime(w->ledger, workload, take, &all), 0);
	return all;
}

static inline LedgerLifetime only(World *w)
{
	Rows all = rows(w);

	assert_int_equal(all.n, 1);
	return all.rows[0].f;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
