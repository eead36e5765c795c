/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "config/config-line.h"
#include "config/section-text.h"
#include "util/parse.h"
#include "util/text.h"

#define KEYS_MAX 64 /* in one section */

typedef struct Reading {
	SectionText t;
	size_t allocated;
	unsigned line;
	bool skipping; /* a section that stands twice, or whose head is broken */
} Reading;

void section_text_complain(SectionText *t, unsigned line, const char *fmt, ...)
{
	char text[DIAG_TEXT_MAX];
	va_list ap;

	if (t->n_complaints == SECTION_COMPLAINTS_MAX) {
		t->n_unsaid++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_set_at(&t->complaints[t->n_complaints++], -EINVAL, line, 0, "%s", text);
}

/* ---- values ---- */

static int unescape(Span value, Buffer *out)
{
	while (value.n > 0) {
		int high, low;

		if (value.p[0] != '\\') {
			buffer_add_char(out, value.p[0]);
			value = span_from(value, 1);
			continue;
		}
		high = value.n >= 4 && value.p[1] == 'x' ? parse_hex_digit(value.p[2]) : -1;
		low = value.n >= 4 ? parse_hex_digit(value.p[3]) : -1;
		if (high < 0 || low < 0 || high + low == 0)
			return -EINVAL;
		buffer_add_char(out, (char)(high * 16 + low));
		value = span_from(value, 4);
	}
	return buffer_error(out);
}

static bool needs_escape(char c, bool at_an_end)
{
	return c == '#' || c == ';' || (at_an_end && (c == ' ' || c == '"'));
}

void section_write_key(Buffer *out, const char *key, Span value)
{
	_cleanup_buffer_ Buffer safe = BUFFER_NULL;

	text_escape(&safe, value);
	buffer_printf(out, "%s=", key);
	for (size_t i = 0; i < safe.n; i++)
		if (needs_escape(safe.p[i], i == 0 || i + 1 == safe.n))
			buffer_printf(out, "\\x%02x", (unsigned char)safe.p[i]);
		else
			buffer_add_char(out, safe.p[i]);
	buffer_add_char(out, '\n');
	if (buffer_error(&safe) < 0)
		out->error = buffer_error(&safe);
}

/* ---- reading ---- */

static Section *current(Reading *r)
{
	return r->t.n > 0 ? &r->t.sections[r->t.n - 1] : NULL;
}

static int read_section(Reading *r, Span name, size_t begin, size_t end)
{
	Section s = { .line = r->line, .begin = begin, .end = end };

	s.name = span_dup(name);
	if (!s.name)
		return -ENOMEM;
	r->skipping = section_find(&r->t, s.name) || r->t.n == SECTION_TEXT_SECTIONS_MAX;
	if (r->skipping) {
		section_text_complain(&r->t, r->line,
				      r->t.n == SECTION_TEXT_SECTIONS_MAX
					      ? "there are too many sections: [%s] is left out"
					      : "section [%s] stands twice: the first holds",
				      s.name);
		free(s.name);
		return 0;
	}
	if (r->t.n == r->allocated) {
		size_t want = r->allocated ? 2 * r->allocated : 16;
		Section *more = reallocarray(r->t.sections, want, sizeof(*more));

		if (!more) {
			free(s.name);
			return -ENOMEM;
		}
		r->t.sections = more;
		r->allocated = want;
	}
	r->t.sections[r->t.n++] = s;
	return 0;
}

static int add_key(Section *s, Span key, Buffer *value, unsigned line)
{
	SectionKey *more = reallocarray(s->keys, s->n_keys + 1, sizeof(*more));
	SectionKey k = { .line = line };

	if (more)
		s->keys = more;
	k.key = span_dup(key);
	k.value = value->n > 0 ? buffer_steal(value) : strdup("");
	if (!more || !k.key || !k.value) {
		free(k.key);
		free(k.value);
		return -ENOMEM;
	}
	s->keys[s->n_keys++] = k;
	return 0;
}

static bool has_key(const Section *s, Span key)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (span_is(key, s->keys[i].key))
			return true;
	return false;
}

/* Why a key cannot be taken; NULL when it can. */
static const char *key_problem(const Section *s, Span key, Span value)
{
	if (has_key(s, key))
		return "stands twice in its section: the first holds";
	if (s->n_keys == KEYS_MAX)
		return "is one key too many in its section";
	if (value.n > 0 && (memchr(value.p, '#', value.n) || memchr(value.p, ';', value.n)))
		return "has a # or ; in its value: a comment stands on a line of its own, and "
		       "\\x23 is a #";
	return NULL;
}

static int read_key(Reading *r, Span key, Span value, size_t end)
{
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	Section *s = current(r);
	const char *problem;
	int q;

	if (r->skipping)
		return 0;
	if (!s) {
		section_text_complain(&r->t, r->line, "%.*s= stands before any [section]",
				      (int)MIN(key.n, (size_t)64), key.p);
		return 0;
	}
	s->end = end;
	problem = key_problem(s, key, value);
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = span_make(value.p + 1, value.n - 2);
	q = problem ? 0 : unescape(value, &text);
	if (q == -EINVAL)
		problem = "has a backslash that is no \\xHH";
	if (problem) {
		section_text_complain(&r->t, r->line, "%.*s= %s", (int)MIN(key.n, (size_t)64),
				      key.p, problem);
		return 0;
	}
	return q < 0 ? q : add_key(s, key, &text, r->line);
}

/* What follows a broken head is not the section's before it. */
static void read_rubbish(Reading *r, Span line, const char *what)
{
	bool is_head;

	while (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = span_from(line, 1);
	is_head = line.n > 0 && line.p[0] == '[';
	r->skipping = r->skipping || is_head;
	section_text_complain(&r->t, r->line, "%s%s", what,
			      is_head ? ": all up to the next section is left out" : "");
}

static int read_line(Reading *r, Span text, Span line)
{
	size_t begin = (size_t)(line.p - text.p);
	size_t end = MIN(begin + line.n + 1, text.n);
	Span name, value;

	if (line.n > 0 && memchr(line.p, '\0', line.n)) {
		read_rubbish(r, line, "a NUL byte is no text");
		return 0;
	}
	switch (config_line_parse(line, &name, &value)) {
	case CONFIG_LINE_SECTION:
		return read_section(r, name, begin, end);
	case CONFIG_LINE_KEY:
		return read_key(r, name, value, end);
	case CONFIG_LINE_OTHER:
		read_rubbish(r, line, "neither a [section], a Key=value nor a comment");
		return 0;
	default:
		return 0;
	}
}

int section_text_read(Span text, SectionText *ret)
{
	_cleanup_free_ Reading *reading = calloc(1, sizeof(*reading));
	Span rest = text, line;
	int r = 0;

	if (!reading)
		return -ENOMEM;
	if (text.n > SECTION_TEXT_MAX)
		return -EFBIG;
	while (r == 0 && span_split(&rest, '\n', &line)) {
		reading->line++;
		r = read_line(reading, text, line);
	}
	if (r < 0) {
		section_text_done(&reading->t);
		return r;
	}
	*ret = reading->t;
	return 0;
}

void section_text_done(SectionText *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->sections[i].n_keys; k++) {
			free(t->sections[i].keys[k].key);
			free(t->sections[i].keys[k].value);
		}
		free(t->sections[i].keys);
		free(t->sections[i].name);
	}
	free(t->sections);
	*t = (SectionText){ 0 };
}

const Section *section_find(const SectionText *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->sections[i].name, name) == 0)
			return &t->sections[i];
	return NULL;
}

const char *section_get(const Section *s, const char *key)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (strcmp(s->keys[i].key, key) == 0)
			return s->keys[i].value;
	return NULL;
}

void section_remove(Span text, const Section *const *sections, size_t n, Buffer *out)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		buffer_add(out, span_make(text.p + at, sections[i]->begin - at));
		at = sections[i]->end;
		while (at < text.n && (text.p[at] == '\n' || text.p[at] == '\r'))
			at++;
	}
	if (at < text.n)
		buffer_add(out, span_from(text, at));
}
