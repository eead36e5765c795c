/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>

#include "ctl/ask.h"

#define PATIENCE_MS 2000

extern char **environ;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the end, the limit, or the end of patience. */
static int read_answer(int fd, size_t max, Buffer *out)
{
	int64_t end = now_ms() + PATIENCE_MS;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];

	for (;;) {
		int64_t left = end - now_ms();
		ssize_t got;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			return -ETIMEDOUT;
		got = read(fd, buf, sizeof(buf));
		if (got < 0)
			return -errno;
		if (got == 0)
			return buffer_error(out);
		if (out->n + (size_t)got > max)
			return -EFBIG;
		buffer_add(out, span_make(buf, (size_t)got));
	}
}

static int start(char *const argv[], int out, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	int r;

	r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
						     0);
	if (r == 0)
		r = posix_spawnp(ret, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

/* It has said all that it will. One that ends anyway keeps its status; one that hangs is not waited
 * for. */
static int end_program(pid_t pid, int r)
{
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (r < 0)
		return r;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

int ask_program(char *const argv[], size_t max, Buffer *out)
{
	int ends[2], r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	r = start(argv, ends[1], &pid);
	close(ends[1]);
	if (r == 0)
		r = end_program(pid, read_answer(ends[0], max, out));
	close(ends[0]);
	return r;
}
