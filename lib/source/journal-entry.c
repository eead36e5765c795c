/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-entry.h"
#include "util/parse.h"

#define USEC_PER_MSEC 1000U
#define USEC_PER_SEC 1000000U

const Span journal_field_names[_JOURNAL_FIELD_MAX] = {
	[JOURNAL_MESSAGE] = { "MESSAGE", 7 },
	[JOURNAL_TRANSPORT] = { "_TRANSPORT", 10 },
	[JOURNAL_FACILITY] = { "SYSLOG_FACILITY", 15 },
	[JOURNAL_AUDIT_TYPE] = { "_AUDIT_TYPE", 11 },
	[JOURNAL_AUDIT_ID] = { "_AUDIT_ID", 9 },
	[JOURNAL_SOURCE_TIME] = { "_SOURCE_REALTIME_TIMESTAMP", 26 },
};

int journal_field_of_name(Span name)
{
	for (int i = 0; i < _JOURNAL_FIELD_MAX; i++)
		if (span_eq(name, journal_field_names[i]))
			return i;
	return -1;
}

static void skip_entry(Line *ret, const char *reason)
{
	*ret = (Line){ .status = LINE_SKIP, .reason = reason };
}

static void reject_entry(Line *ret, const char *reason)
{
	*ret = (Line){ .status = LINE_REJECT, .reason = reason };
}

static void decode_message(const JournalEntry *e, Line *ret)
{
	Span message = e->fields[JOURNAL_MESSAGE];

	if (message.p)
		line_decode(message, ret);
	else if (e->left_out)
		reject_entry(ret, e->left_out);
	else
		skip_entry(ret, "a journal entry without a message");
}

/* The audit transport's text is "SECCOMP auid=..."; its stamp stands in fields of their own. */
static void decode_audit(const JournalEntry *e, Line *ret)
{
	const Span *f = e->fields;
	uint64_t usec;
	uint32_t type, serial;

	/* The stamp is read for every type: serials are over all of them. */
	if (parse_u32(f[JOURNAL_AUDIT_TYPE], &type) < 0 || type != 1326)
		skip_entry(ret, "another record type");
	else
		decode_message(e, ret);
	if (ret->has_stamp || parse_u32(f[JOURNAL_AUDIT_ID], &serial) < 0 ||
	    parse_u64(f[JOURNAL_SOURCE_TIME], &usec) < 0)
		return;
	ret->has_stamp = true;
	ret->record.has |= RECORD_HAS_STAMP;
	ret->record.sec = usec / USEC_PER_SEC;
	ret->record.msec = (uint32_t)(usec % USEC_PER_SEC / USEC_PER_MSEC);
	ret->record.serial = serial;
}

/* What a program writes into /dev/kmsg has this transport, too. */
static bool is_from_kernel(const Span *f)
{
	return span_is(f[JOURNAL_TRANSPORT], "kernel") &&
	       (!f[JOURNAL_FACILITY].p || span_is(f[JOURNAL_FACILITY], "0"));
}

void journal_entry_decode(const JournalEntry *e, Line *ret)
{
	const Span *f = e->fields;

	if (e->damage)
		reject_entry(ret, e->damage);
	else if (span_is(f[JOURNAL_TRANSPORT], "audit"))
		decode_audit(e, ret);
	else if (is_from_kernel(f))
		decode_message(e, ret);
	else if (!f[JOURNAL_TRANSPORT].p && e->left_out)
		reject_entry(ret, e->left_out);
	else
		skip_entry(ret, "a journal entry that is not the kernel's");
}
