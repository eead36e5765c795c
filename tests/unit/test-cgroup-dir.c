/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/cgroup-dir: over made-up hierarchies. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

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
	static const char *const paths[] = {
		"", "/", "docker", "/../etc", "/a/../b", "/a//b", "/."
	};
	Tree *t = *state;

	for (size_t i = 0; i < ELEMENTSOF(paths); i++)
		assert_int_equal(ask(t, paths[i]), -EINVAL);
	run("mkdir -p real && echo 'populated 1' >real/cgroup.events && ln -s real link", t->dir);
	assert_int_equal(ask(t, "/link"), 0);
}

/* Where all share the host's namespace the oldest is the first: here, we are older than our child.
 */
static void test_the_first_process_is_the_oldest(void **state)
{
	int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	pid_t child = fork();
	uint64_t start = 0;
	Tree *t = *state;
	int32_t pid = 0;
	char command[128];

	if (child == 0) {
		pause();
		_exit(0);
	}
	snprintf(command, sizeof(command),
		 "mkdir -p pids/docker/a systemd/docker/b/container && "
		 "printf '%d\\n%d\\n999999999\\n' >pids/docker/a/cgroup.procs",
		 (int)child, (int)getpid());
	run(command, t->dir);
	snprintf(command, sizeof(command), "echo %d >systemd/docker/b/container/cgroup.procs",
		 (int)getpid());
	run(command, t->dir);
	assert_int_equal(
		cgroup_dir_first_process(t->fd, proc_fd, SPAN_LIT("/docker/a"), &pid, &start),
		CGROUP_DIR_OLDEST);
	assert_true(pid == getpid() || pid == child);
	assert_true(start > 0);
	assert_int_equal(
		cgroup_dir_first_process(t->fd, proc_fd, SPAN_LIT("/docker/b"), &pid, &start),
		CGROUP_DIR_OLDEST);
	assert_int_equal(pid, getpid());
	assert_int_equal(
		cgroup_dir_first_process(t->fd, proc_fd, SPAN_LIT("/docker/c"), &pid, &start),
		-ESRCH);
	assert_int_equal(
		cgroup_dir_first_process(t->fd, proc_fd, SPAN_LIT("/docker/../x"), &pid, &start),
		-EINVAL);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(proc_fd);
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(test_the_unified_hierarchy_speaks_for_the_subtree, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_any_of_the_old_hierarchies_will_do, setup, teardown),
	  cmocka_unit_test_setup_teardown(test_a_path_that_leads_elsewhere_is_refused, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_the_first_process_is_the_oldest, setup, teardown))
