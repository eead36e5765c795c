/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/cgroup-dir: over made-up hierarchies. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "state/cgroup-dir.h"
#include "tests/unit/unit.h"

typedef struct Tree {
	char dir[64];
	int fd;
} Tree;

static void run(const char *fmt, const char *a)
{
	char command[512];

	snprintf(command, sizeof(command), "cd %s && ", a);
	strncat(command, fmt, sizeof(command) - strlen(command) - 1);
	assert_int_equal(system(command), 0);
}

static int setup(void **state)
{
	Tree *t = calloc(1, sizeof(*t));

	snprintf(t->dir, sizeof(t->dir), "/tmp/seccompd-cgroup-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	t->fd = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(t->fd >= 0);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	Tree *t = *state;

	run("rm -rf -- \"$PWD\"", t->dir);
	close(t->fd);
	free(t);
	return 0;
}

static int ask(const Tree *t, const char *path)
{
	return cgroup_dir_is_populated(t->fd, span_of(path));
}

static void test_the_unified_hierarchy_speaks_for_the_subtree(void **state)
{
	Tree *t = *state;

	run("mkdir -p docker/a docker/b && echo 'populated 1' >docker/a/cgroup.events && "
	    "echo 'populated 0' >docker/b/cgroup.events && echo 1 >docker/b/cgroup.procs",
	    t->dir);
	assert_int_equal(ask(t, "/docker/a"), 1);
	assert_int_equal(ask(t, "/docker/b"), 0);
	assert_int_equal(ask(t, "/docker/c"), 0);
}

static void test_any_of_the_old_hierarchies_will_do(void **state)
{
	Tree *t = *state;

	run("mkdir -p cpu/docker/a memory/docker/a && : >cpu/docker/a/cgroup.procs && "
	    "echo 77 >memory/docker/a/cgroup.procs",
	    t->dir);
	assert_int_equal(ask(t, "/docker/a"), 1);
	run(": >memory/docker/a/cgroup.procs", t->dir);
	assert_int_equal(ask(t, "/docker/a"), 0);
}

static void test_a_path_that_leads_elsewhere_is_refused(void **state)
{
	static const char *const paths[] = { "", "/", "docker", "/../etc", "/a/../b", "/a//b", "/." };
	Tree *t = *state;

	for (size_t i = 0; i < ELEMENTSOF(paths); i++)
		assert_int_equal(ask(t, paths[i]), -EINVAL);
	run("mkdir -p real && echo 'populated 1' >real/cgroup.events && ln -s real link", t->dir);
	assert_int_equal(ask(t, "/link"), 0);
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(test_the_unified_hierarchy_speaks_for_the_subtree, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_any_of_the_old_hierarchies_will_do, setup, teardown),
	  cmocka_unit_test_setup_teardown(test_a_path_that_leads_elsewhere_is_refused, setup,
					  teardown))
