/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "daemon/source-proc.h"

#define RECEIVE_BUFFER (16 << 20)
#define BATCH 64

/* An event is 76 bytes; room for what later kernels may add. */
#define MESSAGE_MAX 256

struct SourceProc {
	int fd;
	bool listening;
	unsigned n_filled; /* of the messages, by the last call */
	struct mmsghdr messages[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_nl senders[BATCH];
	char buffers[BATCH][MESSAGE_MAX];
};

/* Where the filter finds things in a datagram. */
#define EVENT (NLMSG_HDRLEN + sizeof(struct cn_msg))
#define AT(field) (EVENT + offsetof(struct proc_event, field))

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset))
#define IF_KIND(kind, yes, no) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl((uint32_t)(kind)), (yes), (no))
#define KEEP BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define IF_KEPT(yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, (yes), (no))

/* A thread's pid is not its group's. The filter loads words as of the network's order. */
static int attach_filter(int fd)
{
	struct sock_filter filter[] = {
		LOAD(AT(what)),
		IF_KIND(PROC_EVENT_EXEC, 12, 0),
		IF_KIND(PROC_EVENT_NONE, 11, 0),
		IF_KIND(PROC_EVENT_FORK, 1, 0),
		IF_KIND(PROC_EVENT_EXIT, 4, 8),
		LOAD(AT(event_data.fork.child_pid)),
		KEEP,
		LOAD(AT(event_data.fork.child_tgid)),
		IF_KEPT(5, 4),
		LOAD(AT(event_data.exit.process_pid)),
		KEEP,
		LOAD(AT(event_data.exit.process_tgid)),
		IF_KEPT(1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, MESSAGE_MAX),
	};
	struct sock_fprog program = { ELEMENTSOF(filter), filter };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		return -errno;
	return 0;
}

static int set_receive_buffer(int fd)
{
	int size = RECEIVE_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) == 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0)
		return 0;
	return -errno;
}

/* struct cn_msg without its end, behind which nothing may stand. */
typedef struct Connector {
	struct cb_id id;
	uint32_t seq, ack;
	uint16_t len, flags;
} Connector;

_Static_assert(sizeof(Connector) == sizeof(struct cn_msg), "the kernel's own layout");

static int request(int fd, uint32_t op, uint32_t ack)
{
	struct {
		struct nlmsghdr header;
		Connector connector;
		uint32_t op;
	} m = {
		.header = { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_DONE },
		.connector = { .id = { CN_IDX_PROC, CN_VAL_PROC },
			       .ack = ack,
			       .len = sizeof(m.op) },
		.op = op,
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n = sendto(fd, &m, sizeof(m), 0, (struct sockaddr *)&kernel, sizeof(kernel));

	return n < 0 ? -errno : 0;
}

static int open_socket(Diag *d)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	_cleanup_close_ int fd = -1;
	int r;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	if (fd < 0)
		return diag_set(d, -errno, "the kernel has no process connector");
	r = attach_filter(fd);
	if (r >= 0)
		r = set_receive_buffer(fd);
	if (r < 0)
		return diag_set(d, r, "the socket cannot be set up: %s", strerror(-r));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return diag_set(d, -errno,
				errno == EPERM ? "CAP_NET_ADMIN is missing"
					       : "cannot be joined: %s",
				strerror(errno));
	return steal_fd(&fd);
}

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

/* The kernel has answered within sendto(), or it does not listen to us. */
static int take_answer(SourceProc *s, uint32_t ack)
{
	ProcEvent e;
	int n;

	while ((n = receive(s)) > 0)
		for (int i = 0; i < n; i++)
			if (parse_message(&s->messages[i], &e) == 0 && e.kind == PROCESS_ACK &&
			    e.answer_to == ack)
				return -(int)MIN(e.error, (uint32_t)INT16_MAX);
	return n < 0 ? n : -ENOMSG;
}

static int listen_to_events(SourceProc *s, Diag *d)
{
	uint32_t ack;
	int r;

	if (getrandom(&ack, sizeof(ack), 0) < 0)
		return diag_set(d, -errno, "no random bytes");
	r = request(s->fd, PROC_CN_MCAST_LISTEN, ack);
	if (r == -ECONNREFUSED)
		return diag_set(d, r, "there is none in this network namespace, only in the first");
	if (r == 0)
		r = take_answer(s, ack);
	if (r == -ENOMSG)
		return diag_set(d, -EPERM, "it answers in the first pid and user namespaces only");
	if (r < 0)
		return diag_set(d, r, "the kernel refuses: %s", strerror(-r));
	s->listening = true;
	return 0;
}

int source_proc_new(SourceProc **ret, Diag *d)
{
	_cleanup_(source_proc_freep) SourceProc *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return diag_set(d, -ENOMEM, "out of memory");
	s->fd = open_socket(d);
	if (s->fd < 0)
		return s->fd;
	prepare(s);
	r = listen_to_events(s, d);
	if (r < 0)
		return r;
	*ret = STEAL(s);
	return 0;
}

/* Older kernels count requests, not sockets, and would go on making events for nobody. */
SourceProc *source_proc_free(SourceProc *s)
{
	if (!s)
		return NULL;
	if (s->listening)
		(void)request(s->fd, PROC_CN_MCAST_IGNORE, 0);
	closep(&s->fd);
	free(s);
	return NULL;
}

int source_proc_fd(const SourceProc *s)
{
	return s->fd;
}

static bool is_wanted(const ProcEvent *e)
{
	return e->kind == PROCESS_FORK || e->kind == PROCESS_EXEC || e->kind == PROCESS_EXIT;
}

int source_proc_drain(SourceProc *s, const SourceProcSink *sink)
{
	ProcEvent e;
	int n;

	for (;;) {
		n = receive(s);
		if (n == -ENOBUFS) {
			sink->lost(sink->userdata);
			continue;
		}
		for (int i = 0; i < n; i++)
			if (parse_message(&s->messages[i], &e) == 0 && is_wanted(&e))
				sink->event(&e, sink->userdata);
		if (n < BATCH)
			return MIN(n, 0);
	}
}
