/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "ctl/line-input.h"

static void signals_of_the_end(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGTERM);
}

int line_input_open(int fd, LineInput *ret)
{
	sigset_t set;
	int signals;

	signals_of_the_end(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return -errno;
	*ret = (LineInput){ .fd = fd, .signals = signals };
	return 0;
}

void line_input_close(LineInput *in)
{
	struct signalfd_siginfo ignored;
	sigset_t set;

	if (in->signals < 0)
		return;
	while (read(in->signals, &ignored, sizeof(ignored)) > 0)
		;
	signals_of_the_end(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	close(in->signals);
	buffer_done(&in->pending);
	*in = (LineInput){ .fd = -1, .signals = -1, .ended = true };
}

static Span strip(Span s)
{
	while (s.n > 0 && strchr(" \t\r", s.p[0]))
		s = span_from(s, 1);
	while (s.n > 0 && strchr(" \t\r", s.p[s.n - 1]))
		s.n--;
	return s;
}

/* One line of what is there, or as much of it as a line may have. */
static char *take_line(LineInput *in)
{
	const char *end = memchr(in->pending.p, '\n', in->pending.n);
	size_t whole = end ? (size_t)(end - in->pending.p) : in->pending.n;
	size_t n = MIN(whole, (size_t)LINE_INPUT_MAX);
	Buffer rest = BUFFER_NULL;
	char *line;

	line = span_dup(strip(span_make(in->pending.p, n)));
	buffer_add(&rest, span_from(buffer_span(&in->pending), n + (end && n == whole)));
	buffer_done(&in->pending);
	in->pending = rest;
	in->any = true;
	return line;
}

/* False at the end. */
static bool read_more(LineInput *in)
{
	struct pollfd fds[] = { { .fd = in->fd, .events = POLLIN },
				{ .fd = in->signals, .events = POLLIN } };
	char buf[1024];
	ssize_t got;

	do
		got = poll(fds, ELEMENTSOF(fds), -1);
	while (got < 0 && errno == EINTR);
	if (got < 0 || fds[1].revents)
		return false;
	got = read(in->fd, buf, sizeof(buf));
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got <= 0)
		return false;
	buffer_add(&in->pending, span_make(buf, (size_t)got));
	return buffer_error(&in->pending) == 0;
}

char *line_input_read(LineInput *in)
{
	for (;;) {
		if (in->pending.n > LINE_INPUT_MAX ||
		    (in->pending.n > 0 && memchr(in->pending.p, '\n', in->pending.n)))
			return take_line(in);
		if (in->ended)
			return NULL;
		if (!read_more(in)) {
			in->ended = true;
			/* half a line that was cut off is no answer */
			buffer_done(&in->pending);
		}
	}
}
