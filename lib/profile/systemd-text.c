/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile/systemd-text.h"

#define BOM SPAN_LIT("\xef\xbb\xbf")

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_comment(Span line)
{
	return line.n > 0 && (line.p[0] == '#' || line.p[0] == ';');
}

static Span skip_blanks(Span s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = span_from(s, 1);
	return s;
}

/* At the end, a line end stays: it belongs to the backslash before it. */
static Span strip(Span s)
{
	s = skip_blanks(s);
	while (s.n > 0 && is_blank(s.p[s.n - 1]) && s.p[s.n - 1] != '\n')
		s.n--;
	return s;
}

/* Cuts the next physical line off; its end is not part of it. */
static bool take_line(Span *rest, Span *ret)
{
	if (rest->n == 0 || !span_split(rest, '\n', ret))
		return false;
	if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

/* An odd number of backslashes at the end: each escapes the next. */
static bool is_continued(Span line)
{
	size_t n = 0;

	while (n < line.n && line.p[line.n - n - 1] == '\\')
		n++;
	return n % 2 == 1;
}

/* The line at the front of @rest with all that continue it: up to the end of the last. Comments in
 * between belong to it. */
static Span take_continued(SystemdText *t)
{
	const char *begin = t->rest.p, *end = begin;
	bool more = true;
	Span line;

	while (more && take_line(&t->rest, &line)) {
		bool comment = end != begin && is_comment(skip_blanks(line));

		more = comment || is_continued(line);
		if (!comment)
			end = line.p + line.n;
	}
	/* the text's end after a backslash: nothing continues it */
	return span_make(begin, (size_t)(end - begin) - more);
}

/* "# /usr/lib/systemd/system/cron.service": so "systemctl cat" begins each file, behind an empty
 * line.
 */
static bool is_file_mark(Span text, Span line, Span *ret)
{
	if (line.p != text.p && !(line.p - text.p >= 2 && line.p[-2] == '\n'))
		return false;
	if (!span_skip(&line, SPAN_LIT("# ")))
		return false;
	*ret = strip(line);
	return span_starts(*ret, SPAN_LIT("/")) && span_find(*ret, SPAN_LIT("/systemd/")) >= 0 &&
	       span_find(*ret, SPAN_LIT(" ")) < 0;
}

/* Passes comments and empty lines over. False at the end. */
static bool skip_to_content(SystemdText *t)
{
	Span line, rest = t->rest;

	while (take_line(&rest, &line)) {
		Span content = skip_blanks(line), file;

		if (content.n > 0 && !is_comment(content))
			return true;
		if (is_file_mark(t->text, line, &file)) {
			t->file = file;
			t->section = SPAN_LIT(""); /* each file begins outside of sections */
		}
		t->rest = rest;
	}
	t->rest = span_make(t->text.p + t->text.n, 0);
	return false;
}

bool systemd_text_part(Span *rest, SystemdPart *ret)
{
	Span lines = *rest, line, next;

	if (rest->n == 0)
		return false;
	*ret = (SystemdPart){ .body = *rest };
	if (take_line(&lines, &line) && is_file_mark(*rest, line, &ret->path))
		ret->body = lines;
	while (take_line(&lines, &line))
		if (is_file_mark(*rest, line, &next)) {
			/* without the empty line that is no part of the file */
			ret->body.n = (size_t)(line.p - ret->body.p) - 1;
			*rest = span_from(*rest, (size_t)(line.p - rest->p));
			return true;
		}
	*rest = span_from(*rest, rest->n);
	return true;
}

void systemd_text_init(SystemdText *t, Span text)
{
	*t = (SystemdText){ .text = text, .rest = text, .section = SPAN_LIT("") };
	span_skip(&t->rest, BOM);
}

static void read_section(SystemdText *t, Span line, SystemdLine *ret)
{
	ret->kind = SYSTEMD_BAD_SECTION;
	ret->at = line;
	if (line.p[line.n - 1] != ']')
		return;
	ret->kind = SYSTEMD_SECTION;
	t->section = ret->section = span_make(line.p + 1, line.n - 2);
}

bool systemd_text_next(SystemdText *t, SystemdLine *ret)
{
	const char *equals;
	Span line;

	if (!skip_to_content(t))
		return false;
	line = strip(take_continued(t));
	*ret = (SystemdLine){ .section = t->section, .at = line, .file = t->file };
	if (line.p[0] == '[') {
		read_section(t, line, ret);
		return true;
	}
	equals = memchr(line.p, '=', line.n);
	ret->kind = SYSTEMD_BAD_LINE;
	if (!equals || equals == line.p)
		return true;
	ret->kind = SYSTEMD_ASSIGNMENT;
	ret->key = ret->at = strip(span_make(line.p, (size_t)(equals - line.p)));
	ret->value = span_from(line, (size_t)(equals - line.p) + 1);
	return true;
}

/* Over the end of a line that goes on. */
static bool skip_line_end(Span *s)
{
	return span_skip(s, SPAN_LIT("\\\n")) || span_skip(s, SPAN_LIT("\\\r\n"));
}

/* Blanks, the ends of continued lines, and the comments that stand between them. */
static Span skip_gap(Span s)
{
	bool at_line_start = false;
	const char *end;

	for (;;) {
		s = skip_blanks(s);
		if (at_line_start && is_comment(s)) {
			end = memchr(s.p, '\n', s.n);
			s = span_from(s, end ? (size_t)(end - s.p) + 1 : s.n);
		} else if (skip_line_end(&s))
			at_line_start = true;
		else
			return s;
	}
}

bool systemd_word(Span *value, char buf[static SYSTEMD_WORD_MAX], Span *ret_at)
{
	Span s = skip_gap(*value);
	size_t n = 0, i = 0;

	for (; i < s.n && !is_blank(s.p[i]); i++) {
		/* systemd refuses a word that ends so; here no call has such a name */
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		if (s.p[i] == '\n' || s.p[i] == '\r') {
			i--; /* a line's end: the gap begins at its backslash */
			break;
		}
		if (n + 1 < SYSTEMD_WORD_MAX)
			buf[n++] = s.p[i];
	}
	buf[n] = '\0';
	*ret_at = span_first(s, i);
	*value = span_from(s, i);
	return i > 0;
}

bool systemd_is_empty(Span value)
{
	return skip_gap(value).n == 0;
}

bool systemd_inverts(Span *value)
{
	*value = skip_gap(*value);
	return span_skip(value, SPAN_LIT("~"));
}

void systemd_place(Span text, const char *at, unsigned *ret_line, unsigned *ret_column)
{
	const char *line = text.p;

	*ret_line = 1;
	for (const char *p = text.p; p < at; p++)
		if (*p == '\n') {
			++*ret_line;
			line = p + 1;
		}
	*ret_column = (unsigned)(at - line) + 1;
}
