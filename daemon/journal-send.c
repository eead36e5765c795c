/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/journal-send.h"
#include "daemon/now.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

int journal_connect(const char *path, int *ret)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1;

	if (!span_copy(span_of(path), address.sun_path, sizeof(address.sun_path)))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Connected, because only then poll() knows about the room at the other end. */
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	*ret = fd;
	fd = -1;
	return 0;
}

/* journald takes a file only when nobody can change it any more. */
static int put_in_memory(Span entry, int *ret)
{
	_cleanup_close_ int fd = memfd_create("journal-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	while (entry.n > 0) {
		ssize_t n = write(fd, entry.p, entry.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		entry = span_from(entry, (size_t)n);
	}
	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return -errno;
	*ret = fd;
	fd = -1;
	return 0;
}

static int send_file(int fd, Span entry)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = { .head = { .cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS,
				.cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct msghdr m = { .msg_control = &control, .msg_controllen = sizeof(control.bytes) };
	_cleanup_close_ int file = -1;
	int r = put_in_memory(entry, &file);

	if (r < 0)
		return r;
	memcpy(CMSG_DATA(&control.head), &file, sizeof(file));
	if (sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	/* Too many such files are on their way. */
	return errno == ETOOMANYREFS ? -EAGAIN : -errno;
}

static int send_once(int fd, Span entry)
{
	if (send(fd, entry.p, entry.n, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	return errno == EMSGSIZE || errno == ENOBUFS ? send_file(fd, entry) : -errno;
}

static void wait_for_room(int fd, int *timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	usec_t from = now_of(CLOCK_MONOTONIC), waited;

	(void)poll(&p, 1, *timeout_ms);
	/* A millisecond at least, so that it comes to an end. */
	waited = (now_of(CLOCK_MONOTONIC) - from) / USEC_PER_MSEC;
	*timeout_ms -= (int)MIN(MAX(waited, 1U), (usec_t)*timeout_ms);
}

int journal_send(int fd, Span entry, int *timeout_ms)
{
	int r = send_once(fd, entry);

	while ((r == -EAGAIN || r == -EINTR) && *timeout_ms > 0) {
		wait_for_room(fd, timeout_ms);
		r = send_once(fd, entry);
	}
	return r == -EINTR ? -EAGAIN : r;
}
