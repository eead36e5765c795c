/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "daemon/proc-connector.h"
#include "daemon/source-proc.h"

#define BATCH 64

#define MESSAGE_MAX PROC_CONNECTOR_MESSAGE_MAX

/* The kernel counts more than this against the buffer, for the smallest message too. */
#define MESSAGE_COST 512

struct SourceProc {
	int fd;
	unsigned n_batches; /* of one drain: all that the buffer can hold */
	bool stays;         /* its socket is to be listened to without us */
	unsigned n_filled;  /* of the messages, by the last call */
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_nl senders[BATCH];
	char buffers[BATCH][MESSAGE_MAX];
};

static void prepare(SourceProc *s)
{
	for (unsigned i = 0; i < BATCH; i++) {
		s->iov[i] = (struct iovec){ s->buffers[i], MESSAGE_MAX };
		s->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &s->senders[i],
			.msg_namelen = sizeof(s->senders[i]),
			.msg_iov = &s->iov[i],
			.msg_iovlen = 1,
		};
	}
}

/* Number of messages, 0 when there are none for now. */
static int receive(SourceProc *s)
{
	int n;

	/* The kernel shortens these as it fills them in. */
	for (unsigned i = 0; i < s->n_filled; i++)
		s->messages[i].msg_hdr.msg_namelen = sizeof(s->senders[i]);
	s->n_filled = 0;
	do
		n = recvmmsg(s->fd, s->messages, BATCH, MSG_DONTWAIT, NULL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	s->n_filled = (unsigned)n;
	return n;
}

/* Anyone may send to a netlink socket; only the kernel's port is 0. */
static int parse_message(const struct mmsghdr *m, ProcEvent *ret)
{
	const struct sockaddr_nl *sender = m->msg_hdr.msg_name;

	if (m->msg_hdr.msg_namelen < sizeof(*sender) || sender->nl_pid != 0)
		return -EPERM;
	return proc_event_parse(span_make(m->msg_hdr.msg_iov->iov_base, m->msg_len), ret);
}

static unsigned batches_of(int fd)
{
	socklen_t n = sizeof(int);
	int size;

	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &n) < 0 || size < 0)
		size = 0;
	return 1 + (unsigned)size / (BATCH * MESSAGE_COST);
}

int source_proc_new(int fd, SourceProc **ret)
{
	SourceProc *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->fd = fd;
	s->n_batches = batches_of(fd);
	prepare(s);
	*ret = s;
	return 0;
}

SourceProc *source_proc_free(SourceProc *s)
{
	if (!s)
		return NULL;
	if (!s->stays)
		proc_connector_leave(s->fd);
	closep(&s->fd);
	free(s);
	return NULL;
}

void source_proc_stays(SourceProc *s)
{
	s->stays = true;
}

int source_proc_fd(const SourceProc *s)
{
	return s->fd;
}

static bool is_wanted(const ProcEvent *e)
{
	return e->kind == PROCESS_FORK || e->kind == PROCESS_EXEC || e->kind == PROCESS_EXIT;
}

static void hand_over(const SourceProc *s, int n, const SourceProcSink *sink)
{
	ProcEvent e;

	for (int i = 0; i < n; i++)
		if (parse_message(&s->messages[i], &e) == 0 && is_wanted(&e))
			sink->event(&e, sink->userdata);
}

int source_proc_drain(SourceProc *s, const SourceProcSink *sink)
{
	int n;

	for (unsigned i = 0; i < s->n_batches; i++) {
		n = receive(s);
		if (n == -ENOBUFS) {
			sink->lost(sink->userdata);
			continue;
		}
		hand_over(s, n, sink);
		if (n < BATCH)
			return MIN(n, 0);
	}
	return 0;
}
