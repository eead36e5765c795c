/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>

#include "ctl/runtime-version.h"

#define ANSWER_MAX 4096
#define PATIENCE_MS 2000

extern char **environ;

void runtime_read_version(Runtime r, Span text, RuntimeFacts *facts)
{
	Span line;

	while (span_split(&text, '\n', &line)) {
		if (span_skip(&line, SPAN_LIT("libseccomp: "))) {
			span_copy(line, facts->libseccomp, sizeof(facts->libseccomp));
			continue;
		}
		if (span_skip(&line, span_of(runtime_name(r))) &&
		    span_skip(&line, SPAN_LIT(" version ")))
			(void)context_parse_version(line, &facts->version);
	}
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the end, the limit of the buffer, or the end of patience. */
static size_t read_answer(int fd, char *buf, size_t size)
{
	int64_t end = now_ms() + PATIENCE_MS;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	while (n < size) {
		int64_t left = end - now_ms();
		ssize_t got;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		got = read(fd, buf + n, size - n);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

static int start(const char *name, int out, pid_t *ret)
{
	char program[16], option[] = "--version";
	char *const argv[] = { program, option, NULL };
	posix_spawn_file_actions_t actions;
	int r;

	snprintf(program, sizeof(program), "%s", name);
	r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
						     0);
	if (r == 0)
		r = posix_spawnp(ret, name, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

void runtime_ask(Runtime r, RuntimeFacts *facts)
{
	char buf[ANSWER_MAX];
	int ends[2];
	pid_t pid;
	size_t n;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	if (start(runtime_name(r), ends[1], &pid) < 0) {
		close(ends[0]);
		close(ends[1]);
		return;
	}
	close(ends[1]);
	n = read_answer(ends[0], buf, sizeof(buf));
	close(ends[0]);
	/* It has said all it will; a program that hangs is not waited for. */
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	runtime_read_version(r, span_make(buf, n), facts);
}
