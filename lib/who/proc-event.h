/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* One message of the kernel's process event connector (linux/cn_proc.h), as far as it tells of
 * whole processes. Times are CLOCK_MONOTONIC in ns, as the kernel stamps them. */
#include "util/span.h"

typedef enum ProcEventKind {
	PROCESS_FORK,
	PROCESS_EXEC,
	PROCESS_EXIT,
	PROCESS_ACK,   /* the kernel's answer to a request of whoever listens */
	PROCESS_OTHER, /* a thread, or an event that is not asked for */
} ProcEventKind;

typedef struct ProcEvent {
	ProcEventKind kind;
	int32_t pid;    /* thread group id in the first pid namespace */
	int32_t parent; /* of PROCESS_FORK: the real parent, who need not be the one who forked */
	uint64_t time;
	uint32_t status;    /* of PROCESS_EXIT: how it ended, as of wait(2) */
	uint32_t answer_to; /* of PROCESS_ACK: the "ack" of the request */
	uint32_t error;     /* of PROCESS_ACK: 0 or an errno */
} ProcEvent;

/* @message is a whole datagram. 0, or -EBADMSG for what the kernel does not send. */
int proc_event_parse(Span message, ProcEvent *ret);
