/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "source/line-reader.h"

int line_reader_init(LineReader *r)
{
	*r = (LineReader){ .buffer = malloc(LINE_READER_BUFFER) };
	return r->buffer ? 0 : -ENOMEM;
}

void line_reader_done(LineReader *r)
{
	free(r->buffer);
	*r = (LineReader){ 0 };
}

char *line_reader_room(LineReader *r, size_t *ret_n)
{
	if (r->begin > 0) {
		memmove(r->buffer, r->buffer + r->begin, r->end - r->begin);
		r->end -= r->begin;
		r->begin = 0;
	}
	*ret_n = LINE_READER_BUFFER - r->end;
	return r->buffer + r->end;
}

void line_reader_fed(LineReader *r, size_t n)
{
	r->end += n;
}

static Span without_cr(Span s)
{
	return s.n > 0 && s.p[s.n - 1] == '\r' ? span_first(s, s.n - 1) : s;
}

/* A line of which LINE_READER_MAX bytes are here and no end is in sight. */
static bool cut_long_line(LineReader *r, LineText *ret)
{
	ret->text = span_make(r->buffer + r->begin, LINE_READER_MAX);
	ret->too_long = true;
	r->begin = r->end;
	r->skipping = true;
	return true;
}

bool line_reader_next(LineReader *r, LineText *ret)
{
	const char *start, *newline;
	size_t n;

	for (;;) {
		start = r->buffer + r->begin;
		n = r->end - r->begin;
		newline = n > 0 ? memchr(start, '\n', n) : NULL;
		if (!newline && r->skipping)
			r->begin = r->end;
		if (!newline)
			return !r->skipping && n >= LINE_READER_MAX && cut_long_line(r, ret);
		r->begin += (size_t)(newline - start) + 1;
		if (!r->skipping)
			break;
		r->skipping = false;
	}
	ret->text = without_cr(span_make(start, (size_t)(newline - start)));
	ret->too_long = ret->text.n > LINE_READER_MAX;
	ret->text = span_first(ret->text, LINE_READER_MAX);
	return true;
}

bool line_reader_last(LineReader *r, LineText *ret)
{
	Span rest = span_make(r->buffer + r->begin, r->end - r->begin);

	r->begin = r->end;
	if (r->skipping || rest.n == 0)
		return false;
	ret->text = without_cr(rest);
	ret->too_long = false;
	return true;
}
