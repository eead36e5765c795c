/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/bus-error.h"
#include "unit.h"

#define SIZE 65536

/* A file's map, with the file cut to nothing. */
static volatile char *cut_map(void)
{
	char path[] = "/tmp/test-bus-error.XXXXXX";
	int fd = mkstemp(path);
	char *p;

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ftruncate(fd, SIZE), 0);
	p = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(p != MAP_FAILED);
	assert_int_equal(ftruncate(fd, 0), 0);
	close(fd);
	return p;
}

static void a_page_that_has_gone_reads_as_zeros(void **state)
{
	volatile char *p = cut_map();

	bus_error_begin();
	assert_int_equal(p[0], 0);
	assert_int_equal(p[SIZE - 1], 0);
	assert_true(bus_error_end());
	(void)state;
}

static void nothing_is_said_of_what_is_whole(void **state)
{
	volatile char here = 1;

	bus_error_begin();
	assert_int_equal(here, 1);
	assert_false(bus_error_end());
	(void)state;
}

/* A handler that stays must not hide what is wrong elsewhere. */
static void touch_outside(volatile char *p)
{
	bus_error_begin();
	(void)bus_error_end();
	(void)p[0];
}

static void *touch(void *p)
{
	(void)*(volatile char *)p;
	return NULL;
}

static void touch_in_another_thread(volatile char *p)
{
	pthread_t thread;

	bus_error_begin();
	if (pthread_create(&thread, NULL, touch, (void *)(uintptr_t)p) == 0)
		pthread_join(thread, NULL);
	(void)bus_error_end();
}

/* How a child ends in which @f meets a page that has gone; @handler is its own. */
static int status_of_child(void (*f)(volatile char *p), void (*handler)(int))
{
	volatile char *p = cut_map();
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		/* cmocka, and sanitizers, have handlers of their own. */
		signal(SIGBUS, handler);
		f(p);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void dies(void (*f)(volatile char *p))
{
	int status = status_of_child(f, SIG_DFL);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGBUS);
}

static void elsewhere_it_stays_deadly(void **state)
{
	dies(touch_outside);
	dies(touch_in_another_thread);
	(void)state;
}

#define OWN_STATUS 42

static void end_by_own_handler(int sig)
{
	(void)sig;
	_exit(OWN_STATUS);
}

static void touch_behind_many(volatile char *p)
{
	for (int i = 0; i < 3; i++) {
		bus_error_begin();
		(void)bus_error_end();
	}
	(void)p[0];
}

static void reaches_own_handler(void (*f)(volatile char *p))
{
	int status = status_of_child(f, end_by_own_handler);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), OWN_STATUS);
}

static void elsewhere_the_programs_own_handler_is_asked(void **state)
{
	reaches_own_handler(touch_outside);
	reaches_own_handler(touch_behind_many);
	reaches_own_handler(touch_in_another_thread);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_that_has_gone_reads_as_zeros),
		cmocka_unit_test(nothing_is_said_of_what_is_whole),
		cmocka_unit_test(elsewhere_it_stays_deadly),
		cmocka_unit_test(elsewhere_the_programs_own_handler_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
