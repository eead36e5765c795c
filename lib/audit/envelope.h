/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What stands around a record in a line of text: auditd's and ausearch's "type=T msg=audit(...)",
 * printk's "type=N audit(...)" behind any prefix of syslog, dmesg or the journal, the journal's own
 * "audit[PID]: T ...", and the bare text of a netlink message. The leftmost head decides what the
 * line is: a record of another type may quote a whole SECCOMP record in its own text.
 */
#include "audit/record.h"

typedef enum EnvelopeType {
	ENVELOPE_NONE,    /* no audit record */
	ENVELOPE_SECCOMP, /* says that it is one */
	ENVELOPE_UNTYPED, /* a stamp and nothing that names the type */
	ENVELOPE_OLD,     /* type 1701, which seccomp used before Linux 3.8 */
	ENVELOPE_OTHER,
} EnvelopeType;

typedef struct Envelope {
	EnvelopeType type;
	bool stamped; /* the form has a stamp; false for the journal's */
	Span rest;    /* from "audit(" on when stamped, else the fields */
} Envelope;

typedef struct Stamp {
	uint64_t sec;
	uint32_t msec, serial;
} Stamp;

typedef enum StampForm {
	STAMP_DAMAGED,
	STAMP_EPOCH,       /* audit(SEC.MSEC:SERIAL): */
	STAMP_INTERPRETED, /* a date in somebody's locale and time zone; only the serial is set */
	STAMP_ELIDED,      /* audit(...): */
} StampForm;

/* Linear in @text. */
void envelope_find(Span text, Envelope *ret);

/* Reads the stamp at the start of @text and moves @text to the fields behind it. */
StampForm envelope_stamp(Span *text, Stamp *ret);

/* Does this line, which is no record, tell that the kernel lost some? */
bool envelope_is_loss_notice(Span text) _pure_;
