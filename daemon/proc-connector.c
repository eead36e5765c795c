/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "daemon/proc-connector.h"
#include "who/proc-event.h"

#define RECEIVE_BUFFER (16 << 20)

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
		BPF_STMT(BPF_RET | BPF_K, PROC_CONNECTOR_MESSAGE_MAX),
	};
	struct sock_fprog program = { ELEMENTSOF(filter), filter };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int set_receive_buffer(int fd)
{
	int size = RECEIVE_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) == 0)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
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

	return sendto(fd, &m, sizeof(m), 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0 ? -errno
											    : 0;
}

/* The kernel has answered within sendto(), or it does not listen to us. */
static int take_answer(int fd, uint32_t ack)
{
	char buf[PROC_CONNECTOR_MESSAGE_MAX];
	struct sockaddr_nl from;
	socklen_t size = sizeof(from);
	ProcEvent e;
	ssize_t n;

	while ((n = recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from,
			     &size)) >= 0) {
		if (from.nl_pid == 0 && proc_event_parse(span_make(buf, (size_t)n), &e) == 0 &&
		    e.kind == PROCESS_ACK && e.answer_to == ack)
			return -(int)MIN(e.error, (uint32_t)INT16_MAX);
		size = sizeof(from);
	}
	return errno == EAGAIN ? -ENOMSG : -errno;
}

static int listen_to_events(int fd, const char **ret_why)
{
	uint32_t ack;
	int r;

	*ret_why = "no random bytes";
	if (getrandom(&ack, sizeof(ack), 0) < 0)
		return -errno;
	*ret_why = "there is none in this network namespace, only in the first";
	r = request(fd, PROC_CN_MCAST_LISTEN, ack);
	if (r == -ECONNREFUSED)
		return r;
	if (r == 0)
		r = take_answer(fd, ack);
	*ret_why = r == -ENOMSG  ? "it answers in the first pid and user namespaces only"
		   : r == -EPERM ? "CAP_NET_ADMIN is missing"
				 : "the kernel refuses";
	return r == -ENOMSG ? -EPERM : r;
}

int proc_connector_open(const char **ret_why)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	_cleanup_close_ int fd = -1;
	int r;

	*ret_why = "the kernel has no process connector";
	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	if (fd < 0)
		return -errno;
	*ret_why = "the socket cannot be set up";
	if (attach_filter(fd) < 0 || set_receive_buffer(fd) < 0)
		return -errno;
	*ret_why = "CAP_NET_ADMIN is missing";
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	r = listen_to_events(fd, ret_why);
	return r < 0 ? r : steal_fd(&fd);
}

bool proc_connector_is(int fd)
{
	struct sockaddr_nl address = { 0 };
	socklen_t n = sizeof(address);
	int protocol = -1;
	socklen_t m = sizeof(protocol);

	return getsockname(fd, (struct sockaddr *)&address, &n) == 0 &&
	       address.nl_family == AF_NETLINK && (address.nl_groups & CN_IDX_PROC) &&
	       getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &m) == 0 &&
	       protocol == NETLINK_CONNECTOR;
}

void proc_connector_leave(int fd)
{
	(void)request(fd, PROC_CN_MCAST_IGNORE, 0);
}
