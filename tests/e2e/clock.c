/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A wall clock that is set while a program runs, preloaded: what CLOCK_FILE holds (seconds, with a
 * sign) is added to it, and to the stamps that the kernel gives its audit records, as if it were
 * the machine's clock. The other clocks go on, as they do when somebody sets it.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define STAMP "audit("

typedef int (*ReceiveFn)(int, struct mmsghdr *, unsigned, int, struct timespec *);
typedef int (*ClockFn)(clockid_t, struct timespec *);

static int file = -1;
static ReceiveFn receive_next;
static ClockFn clock_next;

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("CLOCK_FILE");

	receive_next = (ReceiveFn)dlsym(RTLD_NEXT, "recvmmsg");
	clock_next = (ClockFn)dlsym(RTLD_NEXT, "clock_gettime");
	file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

/* The file is written in place: there is always a whole number in it. */
static long offset(void)
{
	char text[24];
	ssize_t n = file < 0 ? -1 : pread(file, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return strtol(text, NULL, 10);
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	int r = clock_next(id, ts);

	if (r == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
		ts->tv_sec += offset();
	return r;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	*tv = (struct timeval){ .tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / 1000 };
	return 0;
}

time_t time(time_t *ret)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (ret)
		*ret = ts.tv_sec;
	return ts.tv_sec;
}

/* Seconds have ten digits until 2286, before and behind. */
static void set_stamp(struct mmsghdr *m, long by)
{
	char *data = m->msg_hdr.msg_iov->iov_base, text[24];
	char *at = memmem(data, m->msg_len, STAMP, strlen(STAMP));

	if (!at || at + strlen(STAMP) + 10 > data + m->msg_len)
		return;
	at += strlen(STAMP);
	snprintf(text, sizeof(text), "%010ld", strtol(at, NULL, 10) + by);
	memcpy(at, text, 10);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout)
{
	int got = receive_next(fd, messages, n, flags, timeout);
	long by = offset();

	for (int i = 0; by != 0 && i < got; i++)
		set_stamp(&messages[i], by);
	return got;
}
