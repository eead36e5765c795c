/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>

#include "ctl/wait.h"
#include "util/macro.h"

int waiter_open(Waiter *ret)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	ret->signals = fd;
	return 0;
}

void waiter_close(Waiter *w)
{
	if (w->signals >= 0)
		close(w->signals);
	*w = WAITER_NULL;
}

usec_t waiter_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (usec_t)t.tv_sec * USEC_PER_SEC + (usec_t)t.tv_nsec / 1000;
}

WaitResult waiter_wait(const Waiter *w, int input, unsigned ms)
{
	/* Of standard output only the error is asked for: its reader is gone. */
	struct pollfd fds[] = { { .fd = w->signals, .events = POLLIN },
				{ .fd = STDOUT_FILENO, .events = 0 },
				{ .fd = input, .events = POLLIN } };
	int n = poll(fds, ELEMENTSOF(fds), (int)MIN(ms, (unsigned)INT_MAX));

	if (n < 0)
		return errno == EINTR ? WAIT_INPUT : WAIT_END;
	if (fds[0].revents || fds[1].revents || fds[2].revents & ~POLLIN)
		return WAIT_END;
	return n > 0 ? WAIT_INPUT : WAIT_TIME;
}
