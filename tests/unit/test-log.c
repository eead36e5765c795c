/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/log: who does not read what we say holds us up nowhere, and learns how much it was. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/log.h"
#include "tests/unit/unit.h"

#define LINES 5000

static char text[1 << 21];

/* All that is there to be read, as one text. */
static const char *take(int fd)
{
	size_t n = 0;
	ssize_t got;

	while (n + 1 < sizeof(text) && (got = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	return text;
}

static unsigned count_lines(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static void flood_and_read(int reader, int writer)
{
	int saved = dup(STDERR_FILENO);
	unsigned said, unsaid;
	const char *at;

	assert_true(saved >= 0);
	(void)fflush(stderr);
	assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(dup2(writer, STDERR_FILENO), STDERR_FILENO);
	for (unsigned i = 0; i < LINES; i++)
		log_line(LOG_INFO, "line %u of many that nobody reads, which is a long one\n", i);
	said = count_lines(take(reader));
	log_line(LOG_INFO, "the last");
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	close(saved);
	at = take(reader);
	assert_true(said > 0 && said < LINES);
	assert_non_null(strstr(at, "the last\n"));
	assert_int_equal(sscanf(at, "seccompd: %u messages", &unsaid), 1);
	assert_int_equal(said + unsaid, LINES);
	assert_int_equal(count_lines(at), 2);
}

static void test_a_stream_of_a_journald_that_is_stopped(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	flood_and_read(fds[0], fds[1]);
	close(fds[0]);
	close(fds[1]);
}

static void test_a_pipe_that_is_full(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	flood_and_read(fds[0], fds[1]);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stream_of_a_journald_that_is_stopped),
		cmocka_unit_test(test_a_pipe_that_is_full),
	};

	(void)unsetenv("JOURNAL_STREAM");
	(void)alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
