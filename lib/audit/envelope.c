/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/envelope.h"
#include "util/parse.h"
#include "util/prefix.h"

#define TYPE_NAME_MAX 40 /* bounds every look ahead, which keeps the search linear */

static const struct {
	Span name;
	EnvelopeType type;
} types[] = {
	{ { "SECCOMP", 7 }, ENVELOPE_SECCOMP },
	{ { "1326", 4 }, ENVELOPE_SECCOMP },
	{ { "UNKNOWN[1326]", 13 }, ENVELOPE_SECCOMP },
	{ { "AUDIT1326", 9 }, ENVELOPE_SECCOMP }, /* a journald that lacks the name */
	{ { "1701", 4 }, ENVELOPE_OLD },
	{ { "ANOM_ABEND", 10 }, ENVELOPE_OLD },
	{ { "UNKNOWN[1701]", 13 }, ENVELOPE_OLD },
};

static EnvelopeType type_of_name(Span name)
{
	for (size_t i = 0; i < ELEMENTSOF(types); i++)
		if (span_eq(name, types[i].name))
			return types[i].type;
	return ENVELOPE_OTHER;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Offset of @needle at the start of a word, from @from on; -1 when there is none. */
static ssize_t find_word(Span text, size_t from, Span needle)
{
	for (;;) {
		ssize_t at = span_find(span_from(text, from), needle);

		if (at < 0)
			return -1;
		from += (size_t)at;
		if (from == 0 || !is_word(text.p[from - 1]))
			return (ssize_t)from;
		from++;
	}
}

/* The word at the start of @text, moved over together with one space; empty when it is too long. */
static Span take_name(Span *text)
{
	Span head = span_first(*text, TYPE_NAME_MAX);
	const char *space = head.n > 0 ? memchr(head.p, ' ', head.n) : NULL;
	Span name;

	if (!space && text->n >= TYPE_NAME_MAX)
		return span_first(*text, 0);
	name = space ? span_first(head, (size_t)(space - head.p)) : head;
	*text = span_from(*text, name.n + 1);
	return name;
}

/* "type=T audit(" and "type=T msg=audit(". Of a record that says SECCOMP, the stamp may be lost. */
static ssize_t find_type(Span text, Envelope *ret)
{
	const Span key = SPAN_LIT("type=");

	for (ssize_t at = find_word(text, 0, key); at >= 0;
	     at = find_word(text, (size_t)at + key.n, key)) {
		Span rest = span_from(text, (size_t)at + key.n), name = take_name(&rest);
		EnvelopeType type = type_of_name(name);
		bool stamped;

		span_skip(&rest, SPAN_LIT("msg="));
		stamped = span_starts(rest, SPAN_LIT("audit("));
		if (name.n == 0 || (!stamped && type != ENVELOPE_SECCOMP))
			continue;
		*ret = (Envelope){ .type = type, .stamped = true, .rest = rest };
		return at;
	}
	return -1;
}

/* Is @name what journald prints for a record's type? */
static bool is_type_name(Span name)
{
	if (name.n < 3)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!is_word(name.p[i]) || (name.p[i] >= 'a' && name.p[i] <= 'z'))
			return span_starts(name, SPAN_LIT("UNKNOWN["));
	return true;
}

/* "audit[PID]: T fields" and "audit: T fields", as the journal shows its audit transport. */
static ssize_t find_journal(Span text, Envelope *ret)
{
	const Span key = SPAN_LIT("audit");

	for (ssize_t at = find_word(text, 0, key); at >= 0;
	     at = find_word(text, (size_t)at + key.n, key)) {
		Span rest = span_from(text, (size_t)at + key.n), name;

		if (span_skip(&rest, SPAN_LIT("["))) {
			for (size_t i = 0; i < 10 && rest.n > 0 && parse_hex_digit(*rest.p) >= 0;
			     i++)
				rest = span_from(rest, 1);
			if (!span_skip(&rest, SPAN_LIT("]")))
				continue;
		}
		if (!span_skip(&rest, SPAN_LIT(": ")))
			continue;
		name = take_name(&rest);
		if (!is_type_name(name))
			continue;
		*ret = (Envelope){ .type = type_of_name(name), .rest = rest };
		return at;
	}
	return -1;
}

/* The same behind any other tag, or alone, as the journal's MESSAGE. */
static ssize_t find_message(Span text, Envelope *ret)
{
	const Span key = SPAN_LIT("SECCOMP auid=");
	ssize_t at = find_word(text, 0, key);

	if (at != 0 && (at < 2 || !span_starts(span_from(text, (size_t)at - 2), SPAN_LIT(": "))))
		return -1;
	*ret = (Envelope){ .type = ENVELOPE_SECCOMP, .rest = span_from(text, (size_t)at + 8) };
	return at;
}

/* The text of a netlink message, written down as it came. */
static ssize_t find_bare(Span text, Envelope *ret)
{
	if (!span_starts(text, SPAN_LIT("audit(")))
		return -1;
	*ret = (Envelope){ .type = ENVELOPE_UNTYPED, .stamped = true, .rest = text };
	return 0;
}

void envelope_find(Span text, Envelope *ret)
{
	static ssize_t (*const finders[])(Span text, Envelope * ret) = {
		find_bare,
		find_type,
		find_journal,
		find_message,
	};
	const char *end = text.p + text.n;
	Envelope found;

	*ret = (Envelope){ .type = ENVELOPE_NONE };
	/* Each one looks only left of what has been found: the leftmost head wins. */
	for (size_t i = 0; i < ELEMENTSOF(finders) && text.n > 0; i++) {
		ssize_t at = finders[i](text, &found);

		if (at < 0)
			continue;
		*ret = found;
		/* What was found before stands in this record's own text, so it is part of it. */
		ret->rest.n = (size_t)(end - found.rest.p);
		text = span_first(text, (size_t)at);
	}
}

/* The number at the start of @text, with what ends it. */
static bool take_number(Span *text, char end, uint64_t max, uint64_t *ret)
{
	size_t n = prefix_decimal(*text, ret);

	if (n == 0 || n >= text->n || text->p[n] != end || *ret > max)
		return false;
	*text = span_from(*text, n + 1);
	return true;
}

/* SEC.MSEC:SERIAL up to the closing parenthesis. */
static bool read_epoch(Span *text, Stamp *ret)
{
	Span rest = *text;
	uint64_t msec, serial;
	size_t before;

	if (!take_number(&rest, '.', UINT64_MAX / 1000000 - 1, &ret->sec))
		return false;
	before = rest.n;
	if (!take_number(&rest, ':', 999, &msec) || before - rest.n > sizeof("999"))
		return false;
	if (!take_number(&rest, ')', UINT32_MAX, &serial))
		return false;
	ret->msec = (uint32_t)msec;
	ret->serial = (uint32_t)serial;
	*text = rest;
	return true;
}

/* DATE TIME.MSEC:SERIAL as ausearch -i prints it, or "..." where somebody cut it out. */
static StampForm read_interpreted(Span *text, Stamp *ret)
{
	Span inside = span_first(*text, 64), serial;
	const char *end = inside.n > 0 ? memchr(inside.p, ')', inside.n) : NULL;
	ssize_t colon;

	if (!end)
		return STAMP_DAMAGED;
	inside = span_first(inside, (size_t)(end - inside.p));
	*text = span_from(*text, inside.n + 1);
	if (span_is(inside, "...") || span_is(inside, "\xe2\x80\xa6"))
		return STAMP_ELIDED;
	colon = span_rfind(inside, SPAN_LIT(":"));
	if (colon < 0 || !memchr(inside.p, ' ', (size_t)colon))
		return STAMP_DAMAGED;
	serial = span_from(inside, (size_t)colon + 1);
	return parse_u32(serial, &ret->serial) < 0 ? STAMP_DAMAGED : STAMP_INTERPRETED;
}

/*
 * "audit(SEC.MSEC:SERIAL): " as nearly every one is: since 2001 the seconds have ten digits, the
 * kernel pads the milliseconds to three, and few serials have more than eight.
 */
static inline bool take_usual_stamp(Span *text, Stamp *ret)
{
	const Span head = SPAN_LIT("audit("), tail = SPAN_LIT("): ");
	const char *p, *end;
	uint64_t high, low, msec, serial;

	if (text->n < 64 || !span_starts(*text, head))
		return false;
	p = text->p + head.n;
	if (p[10] != '.' || p[14] != ':' || !exact_decimal8(p, 8, &high) ||
	    !exact_decimal8(p + 8, 2, &low) || !exact_decimal8(p + 11, 3, &msec))
		return false;
	end = p + 15 + prefix_decimal8(span_make(p + 15, sizeof(uint64_t)), &serial);
	if (end == p + 15 || memcmp(end, tail.p, tail.n) != 0)
		return false;
	*ret = (Stamp){ high * 100 + low, (uint32_t)msec, (uint32_t)serial };
	*text = span_from(*text, (size_t)(end + tail.n - text->p));
	return true;
}

StampForm envelope_stamp(Span *text, Stamp *ret)
{
	StampForm form = STAMP_EPOCH;
	Stamp stamp = { 0 };
	Span rest = *text;

	if (take_usual_stamp(text, ret))
		return STAMP_EPOCH;
	if (!span_skip(&rest, SPAN_LIT("audit(")))
		return STAMP_DAMAGED;
	if (!read_epoch(&rest, &stamp)) {
		stamp = (Stamp){ 0 };
		form = read_interpreted(&rest, &stamp);
	}
	span_skip(&rest, SPAN_LIT(" "));
	if (form == STAMP_DAMAGED || !span_skip(&rest, SPAN_LIT(":")))
		return STAMP_DAMAGED;
	span_skip(&rest, SPAN_LIT(" "));
	*ret = stamp;
	*text = rest;
	return form;
}

bool envelope_is_loss_notice(Span text)
{
	/* What kernel/audit.c says since Linux 3.8, each with whatever else must stand there. */
	static const struct {
		Span text, also;
	} notices[] = {
		{ { "callbacks suppressed", 20 }, { "_printk_skb: ", 13 } },
		{ { "audit_lost=", 11 }, { "", 0 } },
		{ { "audit_backlog=", 14 }, { " > audit_backlog_limit=", 23 } },
		{ { "backlog limit exceeded", 22 }, { "", 0 } },
		{ { "rate limit exceeded", 19 }, { "audit: ", 7 } },
		{ { "queue overflow", 14 }, { "kauditd ", 8 } },
		{ { "out of memory in audit_", 23 }, { "", 0 } },
	};

	if (span_find(text, SPAN_LIT("audit")) < 0)
		return false;
	for (size_t i = 0; i < ELEMENTSOF(notices); i++)
		if (span_find(text, notices[i].text) >= 0 &&
		    (notices[i].also.n == 0 || span_find(text, notices[i].also) >= 0))
			return true;
	return false;
}
