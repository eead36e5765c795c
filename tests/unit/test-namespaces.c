/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/namespaces.c: a made-up /proc can only hold namespaces that are not the first ones; the
 * real one tells the same of us as of who started us. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>

#include "state/namespaces.h"
#include "tests/unit/state-tree.h"

static void test_files_that_are_no_first_namespace(void **state)
{
	Tree *t = *state;

	tree_put(t, "proc/42/ns/pid", "");
	tree_put(t, "proc/42/ns/user", "");
	tree_put(t, "proc/42/ns/net", "");
	assert_int_equal(namespace_is_foreign(t->proc_fd, "42", NAMESPACE_PID), 1);
	assert_int_equal(namespace_is_foreign(t->proc_fd, "42", NAMESPACE_USER), 1);
	tree_put(t, "proc/1/ns/net", ""); /* which decides where numbers do not */
	assert_int_equal(namespace_is_foreign(t->proc_fd, "42", NAMESPACE_NET), 1);
}

static void test_what_is_not_there_is_not_told(void **state)
{
	Tree *t = *state;

	assert_int_equal(namespace_is_foreign(t->proc_fd, "43", NAMESPACE_PID), -ENODATA);
	assert_int_equal(namespace_is_foreign(-1, "self", NAMESPACE_USER), -ENODATA);
}

static void test_a_new_one_is_foreign(void **state)
{
	int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER) < 0)
			_exit(2);
		_exit(namespace_is_foreign(proc_fd, "self", NAMESPACE_USER) == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(proc_fd);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		skip();
	assert_int_equal(status, 0);
}

#define TREE_TEST(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

UNIT_MAIN(TREE_TEST(test_files_that_are_no_first_namespace),
	  TREE_TEST(test_what_is_not_there_is_not_told),
	  cmocka_unit_test(test_a_new_one_is_foreign))
