/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/stage-history.h"

#define PREFIX SPAN_LIT("stage ")

static const struct {
	const char *key;
	size_t offset;
	bool required;
} keys[] = {
	{ "From", offsetof(StageEntry, from), true },
	{ "To", offsetof(StageEntry, to), true },
	{ "User", offsetof(StageEntry, user), false },
	{ "Why", offsetof(StageEntry, why), false },
	{ "Gate", offsetof(StageEntry, gate), false },
	{ "Profile", offsetof(StageEntry, profile), true },
	{ "Sha256", offsetof(StageEntry, sha256), true },
	{ "Previous", offsetof(StageEntry, previous), true },
	{ "PreviousSha256", offsetof(StageEntry, previous_sha256), true },
	{ "Undoes", offsetof(StageEntry, undoes), false },
};

static const char **slot(StageEntry *e, size_t i)
{
	return (const char **)((char *)e + keys[i].offset);
}

static bool is_known_key(const char *key)
{
	for (size_t i = 0; i < ELEMENTSOF(keys); i++)
		if (strcmp(keys[i].key, key) == 0)
			return true;
	return strcmp(key, "Forced") == 0;
}

static bool is_time(const char *time)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.ddddddZ";

	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == 'd' ? time[i] < '0' || time[i] > '9' : time[i] != form[i])
			return false;
	return time[sizeof(form) - 1] == '\0';
}

/* False after a complaint. */
static bool read_entry(SectionText *t, const Section *s, StageEntry *ret)
{
	StageEntry e = { .time = s->name + PREFIX.n, .line = s->line, .section = s };
	const char *forced = section_get(s, "Forced");

	if (!is_time(e.time)) {
		section_text_complain(t, s->line,
				      "[%s] has no time such as "
				      "2026-11-22T03:06:00.123456Z",
				      s->name);
		return false;
	}
	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		const char *value = section_get(s, keys[i].key);

		if (keys[i].required && (!value || !value[0])) {
			section_text_complain(t, s->line, "%s= is missing in section [%s]",
					      keys[i].key, s->name);
			return false;
		}
		*slot(&e, i) = value ? value : "";
	}
	for (size_t i = 0; i < s->n_keys; i++)
		if (!is_known_key(s->keys[i].key))
			section_text_complain(t, s->keys[i].line,
					      "there is no key %s= in section [stage TIME]",
					      s->keys[i].key);
	e.forced = forced && strcmp(forced, "yes") == 0;
	*ret = e;
	return true;
}

static int by_time(const void *a, const void *b)
{
	return strcmp(((const StageEntry *)a)->time, ((const StageEntry *)b)->time);
}

int stage_history_read(SectionText *t, StageHistory *ret)
{
	StageHistory h = { .entries = calloc(t->n + 1, sizeof(*h.entries)) };

	if (!h.entries)
		return -ENOMEM;
	for (size_t i = 0; i < t->n; i++)
		if (span_starts(span_of(t->sections[i].name), PREFIX))
			h.n += read_entry(t, &t->sections[i], &h.entries[h.n]);
	qsort(h.entries, h.n, sizeof(*h.entries), by_time);
	*ret = h;
	return 0;
}

void stage_history_done(StageHistory *h)
{
	free(h->entries);
	*h = (StageHistory){ 0 };
}

/* A step back takes back the step that it names, and what came after that one. */
static size_t take_back(const StageHistory *h, const size_t *steps, size_t n, const char *time)
{
	for (size_t i = n; i > 0; i--)
		if (strcmp(h->entries[steps[i - 1]].time, time) == 0)
			return i - 1;
	return n;
}

const StageEntry *stage_history_way_back(const StageHistory *h, const char *to)
{
	size_t steps[SECTION_TEXT_SECTIONS_MAX], n = 0;

	for (size_t i = 0; i < h->n; i++)
		if (h->entries[i].undoes[0])
			n = take_back(h, steps, n, h->entries[i].undoes);
		else
			steps[n++] = i;
	for (; n > 0; n--)
		if (!to || strcmp(h->entries[steps[n - 1]].from, to) == 0)
			return &h->entries[steps[n - 1]];
	return NULL;
}

static void write_entry(const StageEntry *e, Buffer *out)
{
	StageEntry copy = *e;

	buffer_printf(out, "[stage %s]\n", e->time);
	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		const char *value = *slot(&copy, i);

		if (value && value[0])
			section_write_key(out, keys[i].key, span_of(value));
	}
	if (e->forced)
		section_write_key(out, "Forced", SPAN_LIT("yes"));
}

static int by_place(const void *a, const void *b)
{
	const Section *const *x = a, *const *y = b;

	return ((*x)->begin > (*y)->begin) - ((*x)->begin < (*y)->begin);
}

int stage_history_append(Span text, const StageHistory *h, const StageEntry *e, Buffer *out,
			 Buffer *forgotten)
{
	const Section *oldest[SECTION_TEXT_SECTIONS_MAX];
	size_t n = h->n + 1 > STAGE_HISTORY_MAX ? h->n + 1 - STAGE_HISTORY_MAX : 0;

	for (size_t i = 0; i < n; i++) {
		oldest[i] = h->entries[i].section;
		buffer_printf(forgotten, "%s\n", h->entries[i].previous);
	}
	/* cppcheck-suppress uninitvar ; the first n are set */
	qsort(oldest, n, sizeof(*oldest), by_place);
	section_remove(text, oldest, n, out);
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buffer_add_char(out, '\n');
	if (out->n > 0 && !span_ends(buffer_span(out), SPAN_LIT("\n\n")))
		buffer_add_char(out, '\n');
	write_entry(e, out);
	return MIN(buffer_error(out), buffer_error(forgotten));
}

bool stage_history_was_undone(const StageHistory *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->entries[i].undoes[0])
			return true;
	return false;
}
