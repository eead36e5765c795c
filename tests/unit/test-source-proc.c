/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/source-proc: a drain takes all that is there, and ends whatever comes meanwhile. */
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/source-proc.h"
#include "tests/unit/unit.h"

#define MORE 1000000

typedef struct Exec {
	struct nlmsghdr header;
	char connector[20]; /* struct cn_msg without its end */
	struct proc_event event;
} __attribute__((packed)) Exec;

typedef struct Storm {
	int fd;
	unsigned seen, left; /* to be sent */
} Storm;

static void send_exec(int fd)
{
	const struct cb_id id = { CN_IDX_PROC, CN_VAL_PROC };
	const uint32_t what = PROC_EVENT_EXEC;
	const uint16_t len = sizeof(struct proc_event);
	Exec m = { .header = { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_DONE } };

	memcpy(m.connector, &id, sizeof(id));
	memcpy(m.connector + 16, &len, sizeof(len));
	memcpy(&m.event.what, &what, sizeof(what));
	m.event.event_data.exec.process_pid = m.event.event_data.exec.process_tgid = 21;
	assert_int_equal(send(fd, &m, sizeof(m), 0), sizeof(m));
}

/* As under a storm: for each that is read another one is there. */
static void on_event(const ProcEvent *event, void *userdata)
{
	Storm *s = userdata;

	assert_int_equal(event->pid, 21);
	s->seen++;
	if (s->left == 0)
		return;
	s->left--;
	send_exec(s->fd);
}

static void on_lost(void *userdata)
{
	(void)userdata;
	fail();
}

/* Its end for the messages has a name that reads as the kernel's: the port is 0. */
static int make_pair(int *ret_sender)
{
	const struct sockaddr_un kernel = { .sun_family = AF_UNIX };
	int fds[2], size = 1;

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(bind(fds[1], (const struct sockaddr *)&kernel, sizeof(struct sockaddr_nl)),
			 0);
	/* The least that there is, so that the bound is low. */
	assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
	*ret_sender = fds[1];
	return fds[0];
}

static void test_a_drain_ends_while_more_comes(void **state)
{
	_cleanup_(source_proc_freep) SourceProc *s = NULL;
	_cleanup_close_ int sender = -1;
	Storm storm = { .left = MORE };
	const SourceProcSink sink = { on_event, on_lost, &storm };

	(void)state;
	assert_int_equal(source_proc_new(make_pair(&sender), &s), 0);
	source_proc_stays(s);
	storm.fd = sender;
	for (unsigned i = 0; i < 100; i++)
		send_exec(sender);
	assert_int_equal(source_proc_drain(s, &sink), 0);
	assert_true(storm.seen > 0 && storm.seen < MORE);
	/* What it left is there for the next. */
	storm.left = 0;
	storm.seen = 0;
	for (unsigned i = 0; i < 100 && storm.seen < 100; i++)
		assert_int_equal(source_proc_drain(s, &sink), 0);
	assert_int_equal(storm.seen, 100);
}

static uint32_t port_of(int fd)
{
	struct sockaddr_nl a;
	socklen_t n = sizeof(a);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	return a.nl_pid;
}

static int open_netlink(void)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_USERSOCK);

	if (fd < 0)
		skip();
	assert_int_equal(bind(fd, (const struct sockaddr *)&any, sizeof(any)), 0);
	return fd;
}

/* The smallest messages, until the kernel finds no room for one more. */
static unsigned fill(int to)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = port_of(to) };
	const struct nlmsghdr m = { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_DONE };
	_cleanup_close_ int fd = open_netlink();
	unsigned n = 0;

	while (sendto(fd, &m, sizeof(m), 0, (const struct sockaddr *)&a, sizeof(a)) >= 0)
		n++;
	assert_int_equal(errno, EAGAIN);
	return n;
}

static void test_a_drain_takes_all_that_a_full_buffer_holds(void **state)
{
	_cleanup_(source_proc_freep) SourceProc *s = NULL;
	int fd = open_netlink();
	Storm none = { .fd = -1 };
	const SourceProcSink sink = { on_event, on_lost, &none };
	char byte;

	(void)state;
	assert_int_equal(source_proc_new(fd, &s), 0);
	source_proc_stays(s);
	assert_true(fill(fd) > 64);
	assert_int_equal(source_proc_drain(s, &sink), 0);
	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	/* None of them was of the kernel. */
	assert_int_equal(none.seen, 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_drain_ends_while_more_comes),
	  cmocka_unit_test(test_a_drain_takes_all_that_a_full_buffer_holds))
