/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <strings.h>

#include "config/decision-section.h"

#define PREFIX SPAN_LIT("decision ")
#define DAY (24 * 3600 * USEC_PER_SEC)

enum {
	KEY_ANSWER,
	KEY_USER,
	KEY_TIME,
	KEY_UNTIL,
	KEY_WHY,
	_KEY_MAX,
};

static const struct {
	const char *name;
	bool required;
} keys[_KEY_MAX] = {
	[KEY_ANSWER] = { "Answer", true }, [KEY_USER] = { "User", false },
	[KEY_TIME] = { "Time", false },    [KEY_UNTIL] = { "Until", false },
	[KEY_WHY] = { "Why", true },
};

static int key_index(const char *key)
{
	for (int i = 0; i < _KEY_MAX; i++)
		if (strcmp(keys[i].name, key) == 0)
			return i;
	return -ENOENT;
}

/* ---- reading ---- */

static unsigned line_of(const Section *s, const char *key)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (strcmp(s->keys[i].key, key) == 0)
			return s->keys[i].line;
	return s->line;
}

/* False after a complaint. */
static bool check_keys(SectionText *t, const Section *s)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (key_index(s->keys[i].key) < 0)
			section_text_complain(t, s->keys[i].line,
					      "there is no key %.64s= in section [decision CALL]",
					      s->keys[i].key);
	for (size_t i = 0; i < _KEY_MAX; i++) {
		const char *value = section_get(s, keys[i].name);

		if (keys[i].required && (!value || !value[0])) {
			section_text_complain(t, s->line, "%s= is missing in section [%.96s]",
					      keys[i].name, s->name);
			return false;
		}
	}
	return true;
}

static bool read_until(SectionText *t, const Section *s, usec_t now, Decision *d)
{
	const char *until = section_get(s, "Until");
	usec_t day;

	if (!until || !until[0])
		return true;
	if (clock_parse_date(span_of(until), &day) < 0) {
		section_text_complain(t, line_of(s, "Until"),
				      "Until=%.64s is no date such as 2026-12-31", until);
		return false;
	}
	d->until = day + DAY;
	d->expired = now >= d->until;
	return true;
}

/* False after a complaint. */
static bool read_decision(SectionText *t, const Section *s, usec_t now,
			  char name[static SYSCALL_NAME_MAX], Decision *ret)
{
	Decision d = { .syscall = name, .line = s->line };
	Diag why = { 0 };

	if (decision_parse_call(span_of(s->name + PREFIX.n), name, &d.arch, &why) < 0) {
		section_text_complain(t, s->line, "%s", why.text);
		return false;
	}
	if (!check_keys(t, s))
		return false;
	if (decision_parse_answer(span_of(section_get(s, "Answer")), &d.answer, &d.errno_ret,
				  &why) < 0) {
		section_text_complain(t, line_of(s, "Answer"), "%s", why.text);
		return false;
	}
	d.user = section_get(s, "User") ?: "";
	d.time = section_get(s, "Time") ?: "";
	d.why = section_get(s, "Why");
	if (!read_until(t, s, now, &d))
		return false;
	*ret = d;
	return true;
}

static int by_call(const void *a, const void *b)
{
	const Decision *x = a, *y = b;
	int order = strcmp(x->syscall, y->syscall);

	return order ? order : (x->arch > y->arch) - (x->arch < y->arch);
}

/* Other sections are not ours, unless somebody meant this one. */
static void check_other(SectionText *t, const Section *s)
{
	if (strncasecmp(s->name, "decision", PREFIX.n - 1) == 0)
		section_text_complain(
			t, s->line,
			"section [%.96s] is not read: a decision stands in [decision CALL]",
			s->name);
}

int decision_list_read(SectionText *t, usec_t now, DecisionList *ret)
{
	_cleanup_decision_list_ DecisionList l = {
		.items = calloc(t->n + 1, sizeof(*l.items)),
		.names = calloc(t->n + 1, sizeof(*l.names)),
	};

	if (!l.items || !l.names)
		return -ENOMEM;
	for (size_t i = 0; i < t->n; i++)
		if (!span_starts(span_of(t->sections[i].name), PREFIX))
			check_other(t, &t->sections[i]);
		else if (read_decision(t, &t->sections[i], now, l.names[l.n], &l.items[l.n]))
			l.n++;
	qsort(l.items, l.n, sizeof(*l.items), by_call);
	*ret = l;
	l = (DecisionList){ 0 };
	return 0;
}

void decision_list_done(DecisionList *l)
{
	free(l->items);
	free(l->names);
	*l = (DecisionList){ 0 };
}

/* ---- writing ---- */

typedef struct Values {
	const char *of[_KEY_MAX];
} Values;

static void write_key(Buffer *out, size_t key, const Values *v)
{
	if (v->of[key] && v->of[key][0])
		section_write_key(out, keys[key].name, span_of(v->of[key]));
}

static bool is_blank(Span line)
{
	while (line.n > 0 && strchr(" \t\r\n", line.p[0]))
		line = span_from(line, 1);
	return line.n == 0;
}

static Span next_line(Span text, size_t at)
{
	Span rest = span_from(text, at);
	const char *end = rest.n > 0 ? memchr(rest.p, '\n', rest.n) : NULL;

	return end ? span_first(rest, (size_t)(end - rest.p) + 1) : rest;
}

/* Behind a section and the comments that stand directly below it. */
static size_t end_of_paragraph(Span text, const Section *s)
{
	size_t at = s->end;

	for (;;) {
		Span line = next_line(text, at);

		if (line.n == 0 || is_blank(line) || line.p[0] == '[')
			return at;
		at += line.n;
	}
}

/* The last one before its place in the order of names, or whose file it is. */
static const Section *section_before(const SectionText *t, const char *name)
{
	const Section *found = NULL;

	for (size_t i = 0; i < t->n; i++) {
		const Section *s = &t->sections[i];
		bool is_decision = span_starts(span_of(s->name), PREFIX);

		if ((is_decision && strcmp(s->name, name) < 0) ||
		    (!found && strcmp(s->name, "workload") == 0))
			found = s;
	}
	return found;
}

static void end_line(Buffer *out)
{
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buffer_add_char(out, '\n');
}

static void insert(Span text, const SectionText *t, const char *name, const Values *v, Buffer *out)
{
	const Section *before = section_before(t, name);
	size_t at = before ? end_of_paragraph(text, before) : text.n;

	buffer_add(out, span_first(text, at));
	end_line(out);
	if (out->n > 0 && !span_ends(buffer_span(out), SPAN_LIT("\n\n")))
		buffer_add_char(out, '\n');
	buffer_printf(out, "[%s]\n", name);
	for (size_t i = 0; i < _KEY_MAX; i++)
		write_key(out, i, v);
	if (at < text.n && !is_blank(next_line(text, at)))
		buffer_add_char(out, '\n');
	buffer_add(out, span_from(text, at));
}

/* The key of the section whose line this is, or -ENOENT. */
static int key_at(const Section *s, unsigned line)
{
	for (size_t i = 0; i < s->n_keys; i++)
		if (s->keys[i].line == line)
			return key_index(s->keys[i].key);
	return -ENOENT;
}

/* Line by line: what is no key of ours stays. */
static void replace(Span text, const Section *s, const Values *v, Buffer *out)
{
	bool written[_KEY_MAX] = { false };
	unsigned number = s->line;

	buffer_add(out, span_first(text, s->begin));
	for (size_t at = s->begin; at < s->end; number++) {
		Span line = next_line(span_first(text, s->end), at);
		int key = key_at(s, number);

		at += line.n;
		if (key < 0) {
			buffer_add(out, line);
			end_line(out);
			continue;
		}
		write_key(out, (size_t)key, v);
		written[key] = true;
	}
	for (size_t i = 0; i < _KEY_MAX; i++)
		if (!written[i])
			write_key(out, i, v);
	buffer_add(out, span_from(text, s->end));
}

static char *section_name(const char *name, uint32_t arch, char buf[static DECISION_CALL_MAX + 16])
{
	char call[DECISION_CALL_MAX];

	snprintf(buf, DECISION_CALL_MAX + 16, "decision %s",
		 decision_format_call(name, arch, call));
	return buf;
}

int decision_put(Span text, const SectionText *t, const Decision *d, const char *until, Buffer *out)
{
	char name[DECISION_CALL_MAX + 16], answer[DECISION_ANSWER_TEXT_MAX];
	const Values v = { {
		[KEY_ANSWER] = decision_format_answer(d->answer, d->errno_ret, answer),
		[KEY_USER] = d->user,
		[KEY_TIME] = d->time,
		[KEY_UNTIL] = until,
		[KEY_WHY] = d->why,
	} };
	const Section *s = section_find(t, section_name(d->syscall, d->arch, name));

	/* [workload] may come on top */
	if (!s && t->n + 1 >= SECTION_TEXT_SECTIONS_MAX)
		return -E2BIG;
	if (s)
		replace(text, s, &v, out);
	else
		insert(text, t, name, &v, out);
	return buffer_error(out);
}

/* 1 when there was one. */
static int remove_once(Span text, const char *name, Buffer *out)
{
	_cleanup_section_text_ SectionText t = { 0 };
	const Section *s;
	int r;

	r = section_text_read(text, &t);
	if (r < 0)
		return r;
	s = section_find(&t, name);
	if (!s)
		return 0;
	section_remove(text, &s, 1, out);
	return buffer_error(out) < 0 ? buffer_error(out) : 1;
}

int decision_remove(Span text, const char *name, uint32_t arch, Buffer *out)
{
	char section[DECISION_CALL_MAX + 16];
	bool removed = false;
	int r;

	section_name(name, arch, section);
	for (;;) {
		_cleanup_buffer_ Buffer next = BUFFER_NULL;

		r = remove_once(text, section, &next);
		if (r <= 0)
			return r < 0 ? r : removed;
		buffer_done(out);
		*out = next;
		next = BUFFER_NULL;
		text = buffer_span(out);
		removed = true;
	}
}
