/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* who/proc-event: what the kernel sends is read, and nothing else. */
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>

#include "tests/unit/unit.h"
#include "who/proc-event.h"

/* struct cn_msg without its end, behind which nothing may stand. */
typedef struct Connector {
	struct cb_id id;
	uint32_t seq, ack;
	uint16_t len, flags;
} Connector;

typedef struct Message {
	struct nlmsghdr header;
	Connector connector;
	struct proc_event event;
} __attribute__((packed)) Message;

static Message message(uint32_t what)
{
	Message m = { .header = { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_DONE },
		      .connector = { .id = { CN_IDX_PROC, CN_VAL_PROC },
				     .ack = 78,
				     .len = sizeof(struct proc_event) } };

	memcpy(&m.event.what, &what, sizeof(what));
	m.event.timestamp_ns = 123456789;
	return m;
}

static int parse(const Message *m, size_t n, ProcEvent *ret)
{
	return proc_event_parse(span_make((const char *)m, n), ret);
}

static void test_forks_execs_and_exits_of_processes(void **state)
{
	Message m = message(PROC_EVENT_FORK);
	ProcEvent e;

	(void)state;
	m.event.event_data.fork = (typeof(m.event.event_data.fork)){ 11, 10, 20, 20 };
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	assert_int_equal(e.kind, PROCESS_FORK);
	assert_int_equal(e.pid, 20);
	assert_int_equal(e.parent, 10);
	assert_int_equal(e.time, 123456789);
	m = message(PROC_EVENT_EXEC);
	m.event.event_data.exec.process_pid = m.event.event_data.exec.process_tgid = 21;
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	assert_int_equal(e.kind, PROCESS_EXEC);
	assert_int_equal(e.pid, 21);
	m = message(PROC_EVENT_EXIT);
	m.event.event_data.exit.process_pid = m.event.event_data.exit.process_tgid = 22;
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	assert_int_equal(e.kind, PROCESS_EXIT);
	assert_int_equal(e.pid, 22);
}

static void test_threads_and_other_events_are_others(void **state)
{
	Message m = message(PROC_EVENT_FORK);
	ProcEvent e;

	(void)state;
	m.event.event_data.fork = (typeof(m.event.event_data.fork)){ 10, 10, 21, 20 };
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	assert_int_equal(e.kind, PROCESS_OTHER);
	m = message(PROC_EVENT_UID);
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	assert_int_equal(e.kind, PROCESS_OTHER);
}

static void test_the_answer_to_a_request(void **state)
{
	Message m = message(PROC_EVENT_NONE);
	ProcEvent e;

	(void)state;
	m.event.event_data.ack.err = EPERM;
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	assert_int_equal(e.kind, PROCESS_ACK);
	assert_int_equal(e.answer_to, 77);
	assert_int_equal(e.error, EPERM);
}

static void test_what_the_kernel_does_not_send_is_refused(void **state)
{
	Message m = message(PROC_EVENT_EXEC);
	ProcEvent e;

	(void)state;
	assert_int_equal(parse(&m, sizeof(m), &e), -EBADMSG); /* pid 0 */
	m.event.event_data.exec.process_pid = m.event.event_data.exec.process_tgid = 21;
	assert_int_equal(parse(&m, sizeof(m), &e), 0);
	for (size_t n = 0; n < sizeof(m); n++)
		assert_int_equal(parse(&m, n, &e), -EBADMSG);
	m.connector.id.idx++;
	assert_int_equal(parse(&m, sizeof(m), &e), -EBADMSG);
	m.connector.id.idx--;
	m.header.nlmsg_type = NLMSG_ERROR;
	assert_int_equal(parse(&m, sizeof(m), &e), -EBADMSG);
}

UNIT_MAIN(cmocka_unit_test(test_forks_execs_and_exits_of_processes),
	  cmocka_unit_test(test_threads_and_other_events_are_others),
	  cmocka_unit_test(test_the_answer_to_a_request),
	  cmocka_unit_test(test_what_the_kernel_does_not_send_is_refused))
