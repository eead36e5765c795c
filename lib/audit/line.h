/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From whatever envelope a record arrives in (netlink payload, auditd line, printk line) to a
 * verdict: it is a record, or of another type, or a record that cannot be read. Nothing is dropped
 * silently: the three counts add up to what was read.
 */
#include "audit/record-memo.h"

typedef enum LineStatus {
	LINE_RECORD,
	LINE_SKIP,   /* not a SECCOMP record */
	LINE_REJECT, /* a SECCOMP record that is damaged; .reason says how */
	_LINE_STATUS_MAX,
} LineStatus;

typedef struct Line {
	LineStatus status;
	const char *reason; /* static; NULL for a record */
	/* Written by ausearch -i: strings are not machine-safe, comm and exe are plain text, there
	 * is a serial but no time, and any number may be absent: look at .record.has. */
	bool interpreted;
	bool has_stamp; /* .record.sec, .msec and .serial are set, whatever the status */
	Record record;
} Line;

/* A line of text without its line end. */
void line_decode(Span text, Line *ret);

/* A netlink message's payload and its nlmsg_type. The stamp is read for every type. */
void line_decode_payload(uint16_t type, Span payload, Line *ret);

/* The same, faster, for who reads many: @memo makes no difference to what is found. */
void line_decode_memo(Span text, RecordMemo *memo, Line *ret);
void line_decode_payload_memo(uint16_t type, Span payload, RecordMemo *memo, Line *ret);

/* "record", "skip", "reject". Static. */
const char *line_status_name(LineStatus s) _const_;

/* Time of a record's stamp in microseconds, 0 without one. */
uint64_t line_time(const Line *l) _pure_;
