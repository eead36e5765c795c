/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/source-file: what is given as a log may be anything; it is never waited for in a read. */
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>

#include "daemon/source.h"
#include "tests/unit/unit.h"

static void count_line(const Line *line, void *userdata)
{
	(void)line;
	(*(unsigned *)userdata)++;
}

static Source *open_stdin(int fd)
{
	Source *s = NULL;
	Diag d = { 0 };

	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	if (source_file_new("-", true, &s, &d) < 0)
		fail_msg("%s", d.text);
	return s;
}

static void expect(int fd, bool pollable, int result, unsigned lines)
{
	_cleanup_(source_freep) Source *s = open_stdin(fd);
	unsigned n = 0;
	const SourceSink sink = { .line = count_line, .userdata = &n };

	/* What would wait in the read ends the test here. */
	alarm(10);
	assert_int_equal(s->pollable, pollable);
	assert_int_equal(s->ops->drain(s, &sink), result);
	assert_int_equal(n, lines);
	alarm(0);
}

static void test_a_pipe_is_asked_before_it_is_read(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], "a\nb", 3), 3);
	expect(fds[0], true, SOURCE_IDLE, 1);
	close(fds[1]);
}

/* As /dev/kmsg is: neither pipe nor terminal, and silent for hours. */
static void test_a_device_that_is_silent_is_not_waited_for(void **state)
{
	(void)state;
	expect(inotify_init1(IN_CLOEXEC), true, SOURCE_IDLE, 0);
}

static void test_what_never_waits_is_read_to_its_end(void **state)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a\nb", 3), 3);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	expect(fd, false, SOURCE_END, 2);
	expect(open("/dev/null", O_RDONLY | O_CLOEXEC), false, SOURCE_END, 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_pipe_is_asked_before_it_is_read),
	  cmocka_unit_test(test_a_device_that_is_silent_is_not_waited_for),
	  cmocka_unit_test(test_what_never_waits_is_read_to_its_end))
