/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include "ctl/netlink-dump.h"
#include "util/buffer.h"

#define PATIENCE_MS 2000
#define DATAGRAM_MAX 65536
#define DATAGRAMS_MAX 65536

static int ask(int fd, uint16_t type, uint16_t flags, Span payload)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlmsghdr head = {
		.nlmsg_len = (uint32_t)NLMSG_LENGTH(payload.n),
		.nlmsg_type = type,
		.nlmsg_flags = flags | NLM_F_REQUEST,
		.nlmsg_seq = 1,
	};

	buffer_add(&b, span_make((const char *)&head, sizeof(head)));
	buffer_add(&b, payload);
	if (buffer_error(&b) < 0)
		return -ENOMEM;
	return sendto(fd, b.p, b.n, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0 ? -errno : 0;
}

/* 1 at the end of the answer, 0 to go on. */
static int take_message(const struct nlmsghdr *head, Span payload, NetlinkFn f, void *userdata)
{
	int error = 0;

	if (head->nlmsg_type == NLMSG_DONE)
		return 1;
	if (head->nlmsg_type != NLMSG_ERROR)
		return f(head->nlmsg_type, payload, userdata);
	if (payload.n < sizeof(error))
		return -EBADMSG;
	memcpy(&error, payload.p, sizeof(error));
	return error;
}

static int take_datagram(Span rest, NetlinkFn f, void *userdata)
{
	struct nlmsghdr head;
	int r = 0;

	while (r == 0 && rest.n >= sizeof(head)) {
		memcpy(&head, rest.p, sizeof(head));
		if (head.nlmsg_len < NLMSG_HDRLEN || head.nlmsg_len > rest.n)
			return -EBADMSG;
		r = take_message(&head,
				 span_make(rest.p + NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN), f,
				 userdata);
		rest = span_from(rest, NLMSG_ALIGN(head.nlmsg_len));
	}
	return r;
}

/* The next datagram of the kernel's own. */
static ssize_t receive(int fd, char *buf)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct sockaddr_nl from = { 0 };
	socklen_t length = sizeof(from);
	ssize_t n;

	if (poll(&p, 1, PATIENCE_MS) <= 0)
		return -ETIMEDOUT;
	n = recvfrom(fd, buf, DATAGRAM_MAX, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
	if (n < 0)
		return -errno;
	return from.nl_pid == 0 ? n : 0;
}

int netlink_dump(int protocol, uint16_t type, uint16_t flags, Span payload, NetlinkFn f,
		 void *userdata)
{
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	_cleanup_free_ char *buf = malloc(DATAGRAM_MAX);
	int r;

	if (fd < 0)
		return -errno;
	r = buf ? ask(fd, type, flags, payload) : -ENOMEM;
	for (unsigned i = 0; r == 0 && i < DATAGRAMS_MAX; i++) {
		ssize_t n = receive(fd, buf);

		r = n < 0 ? (int)n : take_datagram(span_make(buf, (size_t)n), f, userdata);
	}
	return MIN(r, 0);
}
