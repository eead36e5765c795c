/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line of "journalctl -o json": an object of names and values, of which those of our fields are
 * read and all others are passed over. A text that is not UTF-8 is an array of its bytes, one that
 * was left out for its length is null. Strict: anything else is damage.
 */
#include "source/journal-entry.h"
#include "util/parse.h"

#define DEPTH_MAX 8

typedef struct Json {
	Span rest;
	char *out; /* where decoded text goes; there is room for all of it */
} Json;

static void skip_blanks(Json *j)
{
	while (j->rest.n > 0 && (*j->rest.p == ' ' || *j->rest.p == '\t'))
		j->rest = span_from(j->rest, 1);
}

static bool skip_char(Json *j, char c)
{
	skip_blanks(j);
	return span_skip(&j->rest, span_make(&c, 1));
}

static bool read_hex4(Json *j, uint32_t *ret)
{
	*ret = 0;
	if (j->rest.n < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		int digit = parse_hex_digit(j->rest.p[i]);

		if (digit < 0)
			return false;
		*ret = *ret << 4 | (uint32_t)digit;
	}
	j->rest = span_from(j->rest, 4);
	return true;
}

static void put_utf8(Json *j, uint32_t c)
{
	static const struct {
		uint32_t below;
		unsigned shift, lead;
	} forms[] = {
		{ 0x80, 0, 0 }, { 0x800, 6, 0xc0 }, { 0x10000, 12, 0xe0 }, { 0x110000, 18, 0xf0 }
	};
	size_t i = 0;

	while (c >= forms[i].below)
		i++;
	*j->out++ = (char)(forms[i].lead | c >> forms[i].shift);
	for (unsigned shift = forms[i].shift; shift > 0; shift -= 6)
		*j->out++ = (char)(0x80 | (c >> (shift - 6) & 0x3f));
}

/* Six bytes of text make at most three, twelve make four. */
static bool read_unicode(Json *j)
{
	uint32_t c, low;

	if (!read_hex4(j, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00) {
		if (!span_skip(&j->rest, SPAN_LIT("\\u")) || !read_hex4(j, &low) || low < 0xdc00 ||
		    low >= 0xe000)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000)
		return false;
	put_utf8(j, c);
	return true;
}

static bool read_escape(Json *j)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *at;
	char c;

	if (j->rest.n == 0)
		return false;
	c = *j->rest.p;
	j->rest = span_from(j->rest, 1);
	if (c == 'u')
		return read_unicode(j);
	at = c != '\0' ? strchr(names, c) : NULL;
	if (!at)
		return false;
	*j->out++ = values[at - names];
	return true;
}

/* What follows the opening quote; the text is at *ret. */
static bool read_string(Json *j, Span *ret)
{
	const char *start = j->out;

	while (j->rest.n > 0) {
		unsigned char c = (unsigned char)*j->rest.p;

		if (c < 0x20)
			return false;
		j->rest = span_from(j->rest, 1);
		if (c == '"') {
			*ret = span_make(start, (size_t)(j->out - start));
			return true;
		}
		if (c != '\\')
			*j->out++ = (char)c;
		else if (!read_escape(j))
			return false;
	}
	return false;
}

/* The bytes of a text that is not UTF-8: [83,69,67...]. Behind the '['. */
static bool read_bytes(Json *j, Span *ret)
{
	const char *start = j->out;

	do {
		uint32_t byte;
		size_t n = 0;

		skip_blanks(j);
		while (n < j->rest.n && n < 4 && j->rest.p[n] >= '0' && j->rest.p[n] <= '9')
			n++;
		if (parse_u32(span_first(j->rest, n), &byte) < 0 || byte > 255)
			return false;
		*j->out++ = (char)byte;
		j->rest = span_from(j->rest, n);
	} while (skip_char(j, ','));
	*ret = span_make(start, (size_t)(j->out - start));
	return skip_char(j, ']');
}

/* A number, true, false or null. */
static bool skip_word(Json *j)
{
	size_t n = 0;

	while (n < j->rest.n &&
	       (strchr("+-.", j->rest.p[n]) || parse_hex_digit(j->rest.p[n]) >= 0 ||
		(j->rest.p[n] >= 'a' && j->rest.p[n] <= 'z')) &&
	       j->rest.p[n] != '\0')
		n++;
	j->rest = span_from(j->rest, n);
	return n > 0;
}

static bool skip_value(Json *j, unsigned depth)
{
	bool object;
	Span text;

	if (skip_char(j, '"'))
		return read_string(j, &text);
	object = skip_char(j, '{');
	if (!object && !skip_char(j, '['))
		return skip_word(j);
	if (depth == DEPTH_MAX)
		return false;
	if (skip_char(j, object ? '}' : ']'))
		return true;
	do
		if (object && (!skip_char(j, '"') || !read_string(j, &text) || !skip_char(j, ':')))
			return false;
		else if (!skip_value(j, depth + 1))
			return false;
	while (skip_char(j, ','));
	return skip_char(j, object ? '}' : ']');
}

static bool is_array_of_bytes(Json j)
{
	if (!skip_char(&j, '['))
		return false;
	skip_blanks(&j);
	return j.rest.n > 0 && *j.rest.p >= '0' && *j.rest.p <= '9';
}

static bool read_value(Json *j, JournalEntry *e, int field)
{
	/* A name may not stand twice: nobody could say which one counts. */
	if (e->fields[field].p)
		return false;
	if (skip_char(j, '"'))
		return read_string(j, &e->fields[field]);
	/* Of several values, which are texts in an array, none is kept. */
	if (is_array_of_bytes(*j))
		return skip_char(j, '[') && read_bytes(j, &e->fields[field]);
	skip_blanks(j);
	if (field == JOURNAL_MESSAGE && span_starts(j->rest, SPAN_LIT("null")))
		e->left_out = "the journal left the message out: use journalctl --all";
	return skip_value(j, 0);
}

static bool read_object(Json *j, JournalEntry *e)
{
	if (!skip_char(j, '{'))
		return false;
	if (skip_char(j, '}'))
		return true;
	do {
		char *out = j->out;
		Span name;
		int field;

		if (!skip_char(j, '"') || !read_string(j, &name) || !skip_char(j, ':'))
			return false;
		field = journal_field_of_name(name);
		/* What is not kept needs no room. */
		j->out = out;
		if (field >= 0 ? !read_value(j, e, field) : !skip_value(j, 0))
			return false;
		if (field < 0)
			j->out = out;
	} while (skip_char(j, ','));
	return skip_char(j, '}');
}

bool journal_is_json(Span line)
{
	return span_starts(line, SPAN_LIT("{")) && span_find(line, SPAN_LIT("\"__CURSOR\"")) >= 0;
}

void journal_json_parse(Span line, char *scratch, JournalEntry *ret)
{
	Json j = { .rest = line, .out = scratch };

	*ret = (JournalEntry){ 0 };
	if (read_object(&j, ret)) {
		skip_blanks(&j);
		if (j.rest.n == 0)
			return;
	}
	*ret = (JournalEntry){ .damage = "a damaged journal entry" };
}
