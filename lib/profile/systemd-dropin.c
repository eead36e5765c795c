/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/filter.h"
#include "profile/systemd-dropin.h"

#define GROUP_MIN 3 /* calls that a group must stand for, to be better than their names */
#define LINE_WIDTH 96

const char *systemd_section_of(Span unit)
{
	static const struct {
		Span suffix;
		const char *section;
	} kinds[] = {
		{ SPAN_LIT(".service"), "Service" },
		{ SPAN_LIT(".socket"), "Socket" },
		{ SPAN_LIT(".mount"), "Mount" },
		{ SPAN_LIT(".swap"), "Swap" },
	};

	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (span_ends(unit, kinds[i].suffix))
			return kinds[i].section;
	return NULL;
}

/* ---- which words ---- */

typedef struct Words {
	const char **words;
	size_t n;
} Words;

static bool words_have(const Words *w, Span name)
{
	for (size_t i = 0; i < w->n; i++)
		if (span_is(name, w->words[i]))
			return true;
	return false;
}

static const char *entry_of(const UnitNames *list, Span name, bool *ret_error)
{
	for (size_t i = 0; i < list->n; i++) {
		Span rest = span_of(list->names[i]), found;

		if (span_split(&rest, ':', &found) && span_eq(found, name)) {
			*ret_error = rest.p != NULL;
			return list->names[i];
		}
	}
	*ret_error = false;
	return NULL;
}

static bool denies(Span name, const void *userdata)
{
	const UnitFilter *f = userdata;
	bool error;
	const char *entry = entry_of(&f->filter, name, &error);

	return f->filter.inclusive ? !entry || error : entry != NULL;
}

static bool logs(Span name, const void *userdata)
{
	const UnitFilter *f = userdata;
	bool error;
	const char *entry = entry_of(&f->log, name, &error);

	return f->log.inclusive ? entry != NULL : f->log.n > 0 && !entry;
}

/* A list that is being written. */
typedef struct Listing {
	const SystemdGroups *groups;
	SystemdLacks *lacks;
	const void *userdata;
	Words wanted, left;
} Listing;

/* What @group lacks as yet, if all of that is wanted; 0 otherwise. */
static size_t lacking(const Listing *l, const SystemdGroup *group)
{
	size_t n = 0;

	for (size_t i = 0; i < group->n; i++) {
		char name[SYSTEMD_WORD_MAX];

		if (!span_copy(group->calls[i], name, sizeof(name)) || !filter_knows_name(name) ||
		    !l->lacks(group->calls[i], l->userdata))
			continue;
		if (!words_have(&l->wanted, group->calls[i]))
			return 0;
		n++;
	}
	return n;
}

static void take_out(Words *words, const SystemdGroup *group)
{
	size_t n = 0;

	for (size_t i = 0; i < words->n; i++)
		if (!systemd_group_has(group, span_of(words->words[i])))
			words->words[n++] = words->words[i];
	words->n = n;
}

/* The group that stands for most of the words that are left, and for nothing that is not wanted. */
static const SystemdGroup *best_group(const Listing *l)
{
	const SystemdGroup *best = NULL;
	size_t most = GROUP_MIN - 1;

	for (size_t i = 0; l->groups && i < l->groups->n; i++) {
		const SystemdGroup *group = &l->groups->groups[i];
		size_t n = 0;

		for (size_t k = 0; k < l->left.n; k++)
			n += systemd_group_has(group, span_of(l->left.words[k]));
		if (n > most && lacking(l, group) > 0) {
			most = n;
			best = group;
		}
	}
	return best;
}

/* ---- writing ---- */

static void add_word(Buffer *out, Span word, const char *suffix, size_t *width)
{
	if (*width + word.n + strlen(suffix) + 3 > LINE_WIDTH) {
		buffer_add_str(out, " \\\n\t");
		*width = 8;
	} else if (out->p[out->n - 1] != '=' && out->p[out->n - 1] != '~') {
		buffer_add_char(out, ' ');
		++*width;
	}
	buffer_add(out, word);
	buffer_add_str(out, suffix);
	*width += word.n + strlen(suffix);
}

static void begin_line(Buffer *out, const char *key, size_t *width)
{
	buffer_add_str(out, key);
	*width = strlen(key);
}

static int write_words(Listing *l, const char *key, Buffer *out)
{
	const SystemdGroup *group;
	size_t width;

	begin_line(out, key, &width);
	while (buffer_error(out) == 0 && (group = best_group(l))) {
		add_word(out, group->name, "", &width);
		take_out(&l->left, group);
	}
	for (size_t i = 0; buffer_error(out) == 0 && i < l->left.n; i++)
		add_word(out, span_of(l->left.words[i]), "", &width);
	buffer_add_char(out, '\n');
	return buffer_error(out);
}

int systemd_list_write(const char *key, const char *const *names, size_t n,
		       const SystemdGroups *groups, SystemdLacks *lacks, const void *userdata,
		       Buffer *out)
{
	_cleanup_free_ const char **all = calloc(n + 1, sizeof(*all));
	_cleanup_free_ const char **rest = calloc(n + 1, sizeof(*rest));
	Listing l = { groups, lacks, userdata, { all, 0 }, { rest, 0 } };

	if (!all || !rest)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (lacks(span_of(names[i]), userdata))
			all[l.wanted.n++] = rest[l.left.n++] = names[i];
	return l.wanted.n > 0 ? write_words(&l, key, out) : 0;
}

static void write_errnos(const SystemdChange *change, Buffer *out)
{
	char answer[24];
	size_t width;

	if (change->n_errnos == 0)
		return;
	begin_line(out, "SystemCallFilter=~", &width);
	for (size_t i = 0; buffer_error(out) == 0 && i < change->n_errnos; i++) {
		const char *name = strerrorname_np((int)change->errnos[i].data);

		if (name)
			snprintf(answer, sizeof(answer), ":%s", name);
		else
			snprintf(answer, sizeof(answer), ":%u", change->errnos[i].data);
		add_word(out, span_of(change->errnos[i].name), answer, &width);
	}
	buffer_add_char(out, '\n');
}

static Span last_section(Span text)
{
	SystemdText t;
	SystemdLine line;

	systemd_text_init(&t, text);
	while (systemd_text_next(&t, &line))
		;
	return t.section;
}

int systemd_dropin_write(const UnitFilter *now, const SystemdChange *change, Span before,
			 Buffer *out)
{
	_cleanup_buffer_ Buffer lines = BUFFER_NULL;
	int r;

	r = systemd_list_write("SystemCallFilter=", change->allow, change->n_allow, change->groups,
			       denies, now, &lines);
	if (r == 0)
		r = systemd_list_write("SystemCallLog=~", change->allow, change->n_allow,
				       change->groups, logs, now, &lines);
	write_errnos(change, &lines);
	if (r < 0 || lines.n == 0)
		return r < 0 ? r : buffer_error(&lines);
	if (before.n == 0)
		buffer_printf(out,
			      "# %s\n# In force after \"systemctl daemon-reload\" and a restart of "
			      "the unit.\n",
			      change->path);
	buffer_add(out, before);
	if (before.n > 0 && before.p[before.n - 1] != '\n')
		buffer_add_char(out, '\n');
	if (!span_is(last_section(before), change->section))
		buffer_printf(out, "[%s]\n", change->section);
	buffer_add(out, buffer_span(&lines));
	return buffer_error(out) ?: buffer_error(&lines);
}

/* ---- among the other files of the unit ---- */

static Span base_name(Span path)
{
	return span_from(path, (size_t)(span_rfind(path, SPAN_LIT("/")) + 1));
}

static bool is_dropin(const SystemdPart *part)
{
	return span_ends(part->path, SPAN_LIT(".conf"));
}

static bool is_ours(const SystemdPart *part)
{
	return is_dropin(part) && span_is(base_name(part->path), SYSTEMD_DROPIN_NAME);
}

Span systemd_dropin_find(Span text)
{
	SystemdPart part;

	while (systemd_text_part(&text, &part))
		if (is_ours(&part))
			return part.body;
	return SPAN_LIT("");
}

static void put(Buffer *out, Span mark, Span body)
{
	/* an empty line tells a mark from a comment */
	if (out->n > 0)
		buffer_add_str(out, out->p[out->n - 1] == '\n' ? "\n" : "\n\n");
	if (mark.n > 0) {
		buffer_add_str(out, "# ");
		buffer_add(out, mark);
		buffer_add_char(out, '\n');
	}
	buffer_add(out, body);
}

int systemd_dropin_place(Span text, Span dropin, Buffer *out)
{
	static const Span mark = SPAN_LIT("/systemd/" SYSTEMD_DROPIN_NAME);
	bool placed = false;
	SystemdPart part;

	while (systemd_text_part(&text, &part)) {
		bool behind =
			is_dropin(&part) && span_compare(base_name(part.path), base_name(mark)) > 0;

		if (!placed && (behind || is_ours(&part))) {
			put(out, mark, dropin);
			placed = true;
		}
		if (!is_ours(&part))
			put(out, part.path, part.body);
	}
	if (!placed)
		put(out, mark, dropin);
	return buffer_error(out);
}
