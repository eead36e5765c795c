/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "daemon/journal-message.h"
#include "seccompd/journal-fields.h"
#include "util/text.h"
#include "who/workload.h"

#define SENTENCE_MAX 4096

static void add_span(Buffer *b, const char *name, Span value)
{
	uint64_t size = htole64(value.n);

	if (value.n == 0)
		return;
	buffer_add_str(b, name);
	/* A line cannot hold a newline: its size goes before it. */
	if (memchr(value.p, '\n', value.n)) {
		buffer_add_char(b, '\n');
		buffer_add(b, span_make((const char *)&size, sizeof(size)));
	} else {
		buffer_add_char(b, '=');
	}
	buffer_add(b, value);
	buffer_add_char(b, '\n');
}

void journal_message_begin(Buffer *b, const char *id, int priority, const char *ledger,
			   const char *fmt, ...)
{
	char raw[SENTENCE_MAX], safe[SENTENCE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	b->n = 0;
	b->error = 0;
	b->max = JOURNAL_MESSAGE_MAX;
	journal_message_add(b, "MESSAGE", text_escape_to(span_of(raw), safe, sizeof(safe)));
	journal_message_add(b, "MESSAGE_ID", id);
	journal_message_add_number(b, "PRIORITY", priority);
	journal_message_add(b, "SYSLOG_IDENTIFIER", "seccompd");
	journal_message_add(b, SECCOMPD_FIELD_LEDGER, ledger);
}

void journal_message_add(Buffer *b, const char *name, const char *value)
{
	if (value)
		add_span(b, name, span_of(value));
}

void journal_message_add_number(Buffer *b, const char *name, int64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, value);
	journal_message_add(b, name, text);
}

void journal_message_add_bool(Buffer *b, const char *name, bool value)
{
	journal_message_add(b, name, value ? "yes" : "no");
}

void journal_message_add_time(Buffer *b, const char *name, usec_t value)
{
	char text[CLOCK_RFC3339_SIZE];

	journal_message_add(b, name, clock_format_rfc3339(value, text));
}

void journal_message_add_unit(Buffer *b, const char *unit)
{
	const char *slash = strchr(unit, '/');

	if (!slash) {
		journal_message_add(b, SECCOMPD_FIELD_OBJECT_UNIT, unit);
		return;
	}
	add_span(b, SECCOMPD_FIELD_OBJECT_UNIT, span_make(unit, (size_t)(slash - unit)));
	journal_message_add(b, SECCOMPD_FIELD_OBJECT_USER_UNIT, slash + 1);
}

void journal_message_add_k8s(Buffer *b, const char *workload)
{
	Span rest = span_of(workload), namespace, kind;

	if (!span_skip(&rest, SPAN_LIT("k8s:")) || !span_split(&rest, '/', &namespace) ||
	    !span_split(&rest, '/', &kind))
		return;
	add_span(b, SECCOMPD_FIELD_K8S_NAMESPACE, namespace);
	add_span(b, SECCOMPD_FIELD_K8S_CONTAINER, rest);
}
