/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "source/byte-reader.h"
#include "source/journal-entry.h"
#include "source/log-reader.h"

typedef enum Form { FORM_UNKNOWN, FORM_LINES, FORM_EXPORT } Form;

struct LogReader {
	ByteReader *bytes;
	LineReader lines; /* of an export, only its buffer is used */
	Form form;
	JournalExport export;
	RecordMemo memo;
	char scratch[LINE_READER_MAX];
};

/* What has been read and not been taken yet. */
static Span unread(const LineReader *r)
{
	return span_make(r->buffer + r->begin, r->end - r->begin);
}

int log_reader_new(int fd, bool never_wait, LogReader **ret)
{
	_cleanup_(log_reader_freep) LogReader *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	r = byte_reader_new(fd, never_wait, &l->bytes);
	if (r == 0)
		r = line_reader_init(&l->lines);
	if (r < 0)
		return r;
	*ret = STEAL(l);
	return 0;
}

LogReader *log_reader_free(LogReader *l)
{
	if (!l)
		return NULL;
	byte_reader_free(l->bytes);
	line_reader_done(&l->lines);
	free(l);
	return NULL;
}

void log_line_decode(const LineText *text, char *scratch, RecordMemo *memo, Line *ret)
{
	JournalEntry entry;

	if (text->too_long)
		*ret = (Line){ .status = LINE_REJECT, .reason = "line too long" };
	else if (text->text.n > 0 && *text->text.p == '{' && journal_is_json(text->text)) {
		journal_json_parse(text->text, scratch, &entry);
		journal_entry_decode(&entry, ret);
	} else
		line_decode_memo(text->text, memo, ret);
}

static void take_lines(LogReader *l, bool end, LogSink sink, void *userdata)
{
	LineText text;
	Line line;

	while (line_reader_next(&l->lines, &text) || (end && line_reader_last(&l->lines, &text))) {
		log_line_decode(&text, l->scratch, &l->memo, &line);
		sink(&line, userdata);
	}
}

static void take_entries(LogReader *l, bool end, LogSink sink, void *userdata)
{
	Span rest = unread(&l->lines);
	JournalEntry entry;
	Line line;

	while (journal_export_next(&l->export, &rest, &entry) ||
	       (end && journal_export_last(&l->export, &entry))) {
		journal_entry_decode(&entry, &line);
		sink(&line, userdata);
	}
	l->lines.begin = l->lines.end;
}

/* Nothing is decided before there are bytes enough. */
static Form form_of(Span head, bool end)
{
	if (!end && journal_may_be_export(head))
		return FORM_UNKNOWN;
	return journal_is_export(head) ? FORM_EXPORT : FORM_LINES;
}

int log_reader_step(LogReader *l, LogSink sink, void *userdata)
{
	size_t room;
	char *p = line_reader_room(&l->lines, &room);
	ssize_t n = byte_reader_read(l->bytes, p, room);

	if (n < 0)
		return (int)n;
	line_reader_fed(&l->lines, (size_t)n);
	if (l->form == FORM_UNKNOWN)
		l->form = form_of(unread(&l->lines), n == 0);
	if (l->form == FORM_EXPORT)
		take_entries(l, n == 0, sink, userdata);
	if (l->form == FORM_LINES)
		take_lines(l, n == 0, sink, userdata);
	return n > 0 ? LOG_MORE : LOG_END;
}

uint64_t log_reader_position(const LogReader *l)
{
	return byte_reader_position(l->bytes);
}

bool log_is_wrapped(Span head)
{
	return byte_reader_is_packed(head) || journal_is_export(head);
}
