/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>

#include "who/proc-event.h"

/* cn_msg is 20 bytes long: what follows is not aligned and has to be copied. */
#define EVENT_OFFSET (NLMSG_HDRLEN + sizeof(struct cn_msg))
#define DATA_OFFSET offsetof(struct proc_event, event_data)

static void set_process(ProcEventKind kind, int32_t pid, int32_t tgid, ProcEvent *e)
{
	e->kind = pid == tgid ? kind : PROCESS_OTHER;
	e->pid = tgid;
}

static void set_event(const struct proc_event *event, uint32_t ack, ProcEvent *e)
{
	*e = (ProcEvent){ .kind = PROCESS_OTHER, .time = event->timestamp_ns };
	/* The type of .what changes with the kernel's headers. */
	switch ((uint32_t)event->what) {
	case PROC_EVENT_NONE:
		e->kind = PROCESS_ACK;
		e->answer_to = ack - 1;
		e->error = event->event_data.ack.err;
		break;
	case PROC_EVENT_FORK:
		set_process(PROCESS_FORK, event->event_data.fork.child_pid,
			    event->event_data.fork.child_tgid, e);
		e->parent = event->event_data.fork.parent_tgid;
		break;
	case PROC_EVENT_EXEC:
		set_process(PROCESS_EXEC, event->event_data.exec.process_pid,
			    event->event_data.exec.process_tgid, e);
		break;
	case PROC_EVENT_EXIT:
		set_process(PROCESS_EXIT, event->event_data.exit.process_pid,
			    event->event_data.exit.process_tgid, e);
		e->status = event->event_data.exit.exit_code;
		break;
	}
}

int proc_event_parse(Span message, ProcEvent *ret)
{
	struct nlmsghdr header;
	struct cn_msg connector;
	struct proc_event event = { 0 };

	if (message.n < EVENT_OFFSET + DATA_OFFSET)
		return -EBADMSG;
	memcpy(&header, message.p, sizeof(header));
	memcpy(&connector, message.p + NLMSG_HDRLEN, sizeof(connector));
	if (header.nlmsg_type != NLMSG_DONE || connector.id.idx != CN_IDX_PROC ||
	    connector.id.val != CN_VAL_PROC || connector.len > message.n - EVENT_OFFSET ||
	    connector.len < DATA_OFFSET)
		return -EBADMSG;
	memcpy(&event, message.p + EVENT_OFFSET, MIN(sizeof(event), (size_t)connector.len));
	set_event(&event, connector.ack, ret);
	if (ret->kind != PROCESS_ACK && ret->kind != PROCESS_OTHER && ret->pid <= 0)
		return -EBADMSG;
	return 0;
}
