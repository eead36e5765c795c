/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <linux/audit.h>

#include "audit/envelope.h"
#include "audit/interpreted.h"
#include "audit/line.h"

static const char *const status_names[_LINE_STATUS_MAX] = {
	[LINE_RECORD] = "record",
	[LINE_SKIP] = "skip",
	[LINE_REJECT] = "reject",
};

/* All but the record, which its parser fills as a whole or decide() clears: setting it to zero for
 * each line would be felt. */
static void start(Line *l)
{
	l->status = LINE_RECORD;
	l->reason = NULL;
	l->interpreted = false;
	l->has_stamp = false;
}

/* It is no record. Comes before set_stamp(). */
static void decide(Line *l, LineStatus status, const char *reason)
{
	l->status = status;
	l->reason = reason;
	l->record = (Record){ 0 };
}

static void set_stamp(Line *l, const Stamp *stamp)
{
	l->has_stamp = true;
	l->record.has |= RECORD_HAS_STAMP;
	l->record.sec = stamp->sec;
	l->record.msec = stamp->msec;
	l->record.serial = stamp->serial;
}

static bool has_nul(Span text)
{
	return text.n > 0 && memchr(text.p, '\0', text.n);
}

static void decode_fields(Span body, RecordMemo *memo, Line *l)
{
	const char *reason = NULL;
	int r = memo ? record_memo_parse(memo, body, &l->record, &reason)
		     : record_parse(body, &l->record, &reason);

	if (r < 0)
		decide(l, LINE_REJECT, reason);
}

static void decode_interpreted(Span body, uint32_t serial, Line *l)
{
	const char *reason = NULL;

	l->interpreted = true;
	if (has_nul(body))
		decide(l, LINE_REJECT, "NUL byte inside");
	else if (interpreted_parse(body, &l->record, &reason) < 0)
		decide(l, LINE_REJECT, reason);
	l->record.serial = serial;
}

/* A stamp that somebody cut out says nothing of the fields: they are of either kind. */
static void decode_elided(Span body, Line *l)
{
	const char *reason;

	if (record_parse(body, &l->record, &reason) < 0)
		decode_interpreted(body, 0, l);
}

static void decode_seccomp(Span rest, RecordMemo *memo, Line *l)
{
	Stamp stamp;

	switch (envelope_stamp(&rest, &stamp)) {
	case STAMP_EPOCH:
		decode_fields(rest, memo, l);
		set_stamp(l, &stamp);
		return;
	case STAMP_INTERPRETED:
		decode_interpreted(rest, stamp.serial, l);
		return;
	case STAMP_ELIDED:
		decode_elided(rest, l);
		return;
	case STAMP_DAMAGED:
		decide(l, LINE_REJECT, "no audit(time:serial) stamp, or a damaged one");
		return;
	}
}

/* A netlink payload that was written down without its type: its fields must speak for it. */
static void decode_untyped(Span rest, Line *l)
{
	Stamp stamp;

	if (envelope_stamp(&rest, &stamp) != STAMP_EPOCH) {
		decide(l, LINE_SKIP, "not an audit record");
		return;
	}
	if (span_starts(rest, SPAN_LIT("auid=")) && span_find(rest, SPAN_LIT(" syscall=")) >= 0 &&
	    span_find(rest, SPAN_LIT(" reason=\"")) < 0)
		decode_fields(rest, NULL, l);
	else
		decide(l, LINE_SKIP, "another record type");
	set_stamp(l, &stamp);
}

static void skip_other(Span rest, bool old, Line *l)
{
	Stamp stamp;

	decide(l, LINE_SKIP,
	       old && span_find(rest, SPAN_LIT(" reason=\"seccomp\"")) >= 0
		       ? "type 1701: from a kernel before 3.8"
		       : "another record type");
	if (envelope_stamp(&rest, &stamp) == STAMP_EPOCH)
		set_stamp(l, &stamp);
}

static void decode_envelope(const Envelope *e, Line *l)
{
	switch (e->type) {
	case ENVELOPE_SECCOMP:
		if (e->stamped)
			decode_seccomp(e->rest, NULL, l);
		else
			decode_fields(e->rest, NULL, l);
		return;
	case ENVELOPE_UNTYPED:
		decode_untyped(e->rest, l);
		return;
	case ENVELOPE_OLD:
	case ENVELOPE_OTHER:
		skip_other(e->rest, e->type == ENVELOPE_OLD, l);
		return;
	case ENVELOPE_NONE:
		decide(l, LINE_SKIP, "not an audit record");
		return;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static Span trim_end(Span text)
{
	while (text.n > 0 && is_blank(text.p[text.n - 1]))
		text.n--;
	return text;
}

void line_decode_memo(Span text, RecordMemo *memo, Line *ret)
{
	const Span auditd = SPAN_LIT("type=SECCOMP msg=audit(");
	Envelope e;

	start(ret);
	text = trim_end(text);
	/* The form of nearly every line needs no search. */
	if (span_starts(text, auditd)) {
		decode_seccomp(span_from(text, sizeof("type=SECCOMP msg=") - 1), memo, ret);
		return;
	}
	if (has_nul(text)) {
		decide(ret, LINE_REJECT, "NUL byte inside");
		return;
	}
	envelope_find(text, &e);
	if (e.type == ENVELOPE_NONE && envelope_is_loss_notice(text))
		decide(ret, LINE_SKIP, "loss-notice");
	else
		decode_envelope(&e, ret);
}

void line_decode(Span text, Line *ret)
{
	line_decode_memo(text, NULL, ret);
}

void line_decode_payload_memo(uint16_t type, Span payload, RecordMemo *memo, Line *ret)
{
	StampForm form;
	Stamp stamp;

	start(ret);
	/* The kernel sends neither; user space that passes a message on may add one. */
	if (payload.n > 0 && (payload.p[payload.n - 1] == '\0' || payload.p[payload.n - 1] == '\n'))
		payload.n--;
	form = envelope_stamp(&payload, &stamp);
	if (type != AUDIT_SECCOMP)
		decide(ret, LINE_SKIP, "another record type");
	else if (form != STAMP_EPOCH)
		decide(ret, LINE_REJECT, "no audit(time:serial) stamp, or a damaged one");
	else
		decode_fields(payload, memo, ret);
	if (form == STAMP_EPOCH)
		set_stamp(ret, &stamp);
}

void line_decode_payload(uint16_t type, Span payload, Line *ret)
{
	line_decode_payload_memo(type, payload, NULL, ret);
}

const char *line_status_name(LineStatus s)
{
	return s < _LINE_STATUS_MAX ? status_names[s] : "reject";
}

uint64_t line_time(const Line *l)
{
	return l->has_stamp ? l->record.sec * 1000000 + (uint64_t)l->record.msec * 1000 : 0;
}
