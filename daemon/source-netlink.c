/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "audit/record-memo.h"
#include "daemon/precondition.h"
#include "daemon/source.h"

/* One recvmmsg() takes up to BATCH messages, one wake-up up to BATCHES_PER_TURN of them, so that
 * signals and the stop event get their turn under a flood. */
#define BATCH 64
#define BATCHES_PER_TURN 32

/* libaudit's MAX_AUDIT_MESSAGE_LENGTH is 8970; the kernel never builds a longer record. */
#define MESSAGE_MAX 9216

typedef struct NetlinkSource {
	Source source;
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_nl senders[BATCH];
	char buffers[BATCH][MESSAGE_MAX];
	RecordMemo memo;
} NetlinkSource;

static void prepare(NetlinkSource *n)
{
	for (unsigned i = 0; i < BATCH; i++) {
		n->iov[i] = (struct iovec){ n->buffers[i], MESSAGE_MAX };
		n->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &n->senders[i],
			.msg_namelen = sizeof(n->senders[i]),
			.msg_iov = &n->iov[i],
			.msg_iovlen = 1,
		};
	}
}

/*
 * One datagram is one record. nlmsg_len is not used: on unicast sockets the kernel writes the
 * payload's length into it, on multicast the whole length (see audit_log_end()); the length that
 * was received is right on both.
 */
static void deliver(NetlinkSource *n, const struct mmsghdr *m, const SourceSink *sink)
{
	const struct sockaddr_nl *sender = m->msg_hdr.msg_name;
	const char *data = m->msg_hdr.msg_iov->iov_base;
	struct nlmsghdr header;
	Line line;

	if (m->msg_hdr.msg_namelen < sizeof(*sender) || sender->nl_pid != 0) {
		sink->other_sender(sink->userdata);
		return;
	}
	if (m->msg_len < NLMSG_HDRLEN || (m->msg_hdr.msg_flags & MSG_TRUNC)) {
		line = (Line){ .status = LINE_REJECT, .reason = "truncated netlink message" };
	} else {
		memcpy(&header, data, sizeof(header));
		line_decode_payload_memo(header.nlmsg_type,
					 span_make(data + NLMSG_HDRLEN, m->msg_len - NLMSG_HDRLEN),
					 &n->memo, &line);
	}
	sink->line(&line, sink->userdata);
}

static int netlink_drain(Source *s, const SourceSink *sink)
{
	NetlinkSource *n = (NetlinkSource *)s;

	for (unsigned turn = 0; turn < BATCHES_PER_TURN; turn++) {
		int got;

		/* The kernel shortens these as it fills them in. */
		for (unsigned i = 0; i < BATCH; i++)
			n->messages[i].msg_hdr.msg_namelen = sizeof(n->senders[i]);
		got = recvmmsg(s->fd, n->messages, BATCH, MSG_DONTWAIT, NULL);
		if (got < 0 && errno == ENOBUFS) {
			sink->enobufs(sink->userdata);
			continue;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? SOURCE_IDLE : -errno;
		if (got > 0)
			sink->batch(sink->userdata);
		for (int i = 0; i < got; i++)
			deliver(n, &n->messages[i], sink);
		if (got < BATCH)
			return SOURCE_IDLE;
	}
	return SOURCE_MORE;
}

int source_netlink_first(Source *s, const SourceSink *sink, uint32_t *ret)
{
	NetlinkSource *n = (NetlinkSource *)s;
	ssize_t got = recv(s->fd, n->buffers[0], MESSAGE_MAX, MSG_PEEK | MSG_DONTWAIT);
	struct nlmsghdr header;
	Line line;

	/* Told once, to whoever asks first. */
	if (got < 0 && errno == ENOBUFS)
		sink->enobufs(sink->userdata);
	if (got < (ssize_t)NLMSG_HDRLEN)
		return 0;
	memcpy(&header, n->buffers[0], sizeof(header));
	line_decode_payload(header.nlmsg_type,
			    span_make(n->buffers[0] + NLMSG_HDRLEN, (size_t)got - NLMSG_HDRLEN),
			    &line);
	*ret = line.record.serial;
	return line.has_stamp;
}

static void netlink_free(Source *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

static const SourceOps netlink_ops = { .drain = netlink_drain, .free = netlink_free };

static int set_receive_buffer(int fd, size_t size)
{
	int value = size > INT32_MAX ? INT32_MAX : (int)size;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &value, sizeof(value)) == 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value)) == 0)
		return 0;
	return -errno;
}

/* Opens and joins the multicast group. The capability is asked for only at bind(). */
static int open_stream(size_t receive_buffer, Diag *d)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1) };
	_cleanup_close_ int fd = -1;
	int r;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	if (fd < 0)
		return diag_set(d, -errno,
				"this kernel has no audit support (%s): a kernel with CONFIG_AUDIT "
				"is needed",
				strerror(errno));
	r = set_receive_buffer(fd, receive_buffer);
	if (r < 0)
		return diag_set(d, r, "cannot set the receive buffer: %s", strerror(-r));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return precondition_explain_bind(-errno, d);
	return steal_fd(&fd);
}

static bool is_audit_socket(int fd)
{
	struct sockaddr_nl address = { 0 };
	socklen_t n = sizeof(address);
	int protocol = -1;
	socklen_t m = sizeof(protocol);

	return getsockname(fd, (struct sockaddr *)&address, &n) == 0 &&
	       address.nl_family == AF_NETLINK && (address.nl_groups & 1U) &&
	       getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &m) == 0 &&
	       protocol == NETLINK_AUDIT;
}

int source_netlink_new(int fd, size_t receive_buffer, Source **ret, Diag *d)
{
	_cleanup_(source_freep) Source *s = NULL;
	NetlinkSource *n = calloc(1, sizeof(*n));

	if (!n)
		return diag_set(d, -ENOMEM, "out of memory");
	n->source = (Source){ .ops = &netlink_ops, .fd = fd, .pollable = true, .live = true };
	s = &n->source;
	snprintf(s->name, sizeof(s->name), "netlink");
	if (s->fd < 0)
		s->fd = open_stream(receive_buffer, d);
	else if (!is_audit_socket(s->fd))
		return diag_set(d, -EINVAL,
				"the socket passed by the service manager is no audit socket: use "
				"\"ListenNetlink=audit 1\" in seccompd.socket");
	if (s->fd < 0)
		return s->fd;
	prepare(n);
	*ret = STEAL(s);
	return 0;
}
