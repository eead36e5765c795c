/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/filter.h"
#include "profile/systemd-settings.h"

#define NO_ERROR (-1) /* the list's own answer */

typedef struct Call {
	char *name;
	int32_t error;
	const char *at; /* in the text: what made it so */
} Call;

/* A list as it is being made; the first assignment since the last reset says what it is. */
typedef struct List {
	Call *calls; /* by name */
	size_t n, allocated;
	bool set, allow;
} List;

/* What an entry of a list is to do with the call that it names. */
typedef struct Entry {
	bool inverted; /* the list begins with "~" */
	int32_t error;
	const char *at;
} Entry;

typedef struct Reader {
	const SystemdReading *in;
	Diag *diag;
	SystemdKey key; /* of the assignment that is being read */
	List filter, log;
	UnitFilter result; /* .arches and .error_number */
	bool has_section;
} Reader;

static const char *const keys[_SYSTEMD_KEY_MAX] = {
	[SYSTEMD_FILTER] = "SystemCallFilter",
	[SYSTEMD_LOG] = "SystemCallLog",
	[SYSTEMD_ERROR_NUMBER] = "SystemCallErrorNumber",
	[SYSTEMD_ARCHITECTURES] = "SystemCallArchitectures",
};

const char *systemd_key_name(SystemdKey k)
{
	return (unsigned)k < _SYSTEMD_KEY_MAX ? keys[k] : "?";
}

static bool is_section(Span name)
{
	static const char *const sections[] = { "Service", "Socket", "Mount", "Swap" };

	for (size_t i = 0; i < ELEMENTSOF(sections); i++)
		if (span_is(name, sections[i]))
			return true;
	return false;
}

int systemd_key_of(const SystemdLine *line, SystemdKey *ret)
{
	for (unsigned i = 0; i < _SYSTEMD_KEY_MAX; i++)
		if (span_is(line->key, keys[i])) {
			*ret = (SystemdKey)i;
			return is_section(line->section) ? 0 : -ENOENT;
		}
	return -EINVAL;
}

static void note(const Reader *r, SystemdNote what, const char *at, const char *word)
{
	if (r->in->note)
		r->in->note(what, r->key, at, word, r->in->userdata);
}

static int fail(const Reader *r, const char *at, const char *sentence)
{
	unsigned line, column;

	systemd_place(r->in->text, at, &line, &column);
	return diag_set_at(r->diag, -EBADMSG, line, column, "%s", sentence);
}

/* ---- lists ---- */

static void list_done(List *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->calls[i].name);
	free(l->calls);
	*l = (List){ 0 };
}

/* Where @name is, or would be. */
static size_t list_place(const List *l, Span name, bool *ret_there)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int r = span_compare(span_of(l->calls[middle].name), name);

		if (r == 0) {
			*ret_there = true;
			return middle;
		}
		if (r < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_there = false;
	return low;
}

static int list_insert(List *l, size_t at, Span name, Entry e)
{
	char *copy;

	if (l->n == UNIT_NAMES_MAX)
		return -E2BIG;
	if (l->n == l->allocated) {
		size_t want = l->allocated ? 2 * l->allocated : 64;
		Call *more = reallocarray(l->calls, want, sizeof(*more));

		if (!more)
			return -ENOMEM;
		l->calls = more;
		l->allocated = want;
	}
	copy = span_dup(name);
	if (!copy)
		return -ENOMEM;
	memmove(l->calls + at + 1, l->calls + at, (l->n - at) * sizeof(*l->calls));
	l->calls[at] = (Call){ copy, e.error, e.at };
	l->n++;
	return 0;
}

static void list_remove(List *l, size_t at)
{
	free(l->calls[at].name);
	l->n--;
	memmove(l->calls + at, l->calls + at + 1, (l->n - at) * sizeof(*l->calls));
}

/* An entry of the list's own kind adds, one of the other takes out. In an allow list a denial with
 * an errno stays as an entry, and answers so. 1 when it changed nothing. */
static int apply_call(List *l, Span name, Entry e)
{
	bool adds = e.inverted != l->allow || (e.inverted && e.error >= 0), there;
	size_t at = list_place(l, name, &there);

	if (!adds && there)
		list_remove(l, at);
	if (!adds)
		return !there;
	if (!there)
		return list_insert(l, at, name, e);
	if (l->calls[at].error == e.error)
		return 1;
	l->calls[at].error = e.error;
	l->calls[at].at = e.at;
	return 0;
}

/* A member of a group that libseccomp does not know is none of the unit's faults. */
static int apply_group(List *l, const SystemdGroup *group, Entry e)
{
	int result = 1;

	for (size_t i = 0; i < group->n; i++) {
		char name[SYSTEMD_WORD_MAX];
		int r;

		if (!span_copy(group->calls[i], name, sizeof(name)) || !filter_knows_name(name))
			continue;
		r = apply_call(l, group->calls[i], e);
		if (r < 0)
			return r;
		result &= r;
	}
	return result;
}

static int need_groups(const Reader *r, const char *at)
{
	return fail(r, at,
		    "its groups of system calls are those of the installed systemd, and "
		    "\"systemd-analyze syscall-filter\" cannot be asked for them");
}

/* "name", "@group", "name:errno". 0, or -errno. */
static int apply_word(Reader *r, List *l, const char *word, Entry e)
{
	const SystemdGroup *group = NULL;
	int n;

	if (word[0] == '@') {
		if (!r->in->groups)
			return need_groups(r, e.at);
		group = systemd_groups_find(r->in->groups, span_of(word));
		if (!group) {
			note(r, SYSTEMD_UNKNOWN_GROUP, e.at, word);
			return 0;
		}
	} else if (!filter_knows_name(word)) {
		note(r, word[0] == '~' ? SYSTEMD_LOST_TILDE : SYSTEMD_UNKNOWN_NAME, e.at, word);
		return 0;
	}
	n = group ? apply_group(l, group, e) : apply_call(l, span_of(word), e);
	if (n == 1)
		note(r, e.inverted == l->allow && e.error < 0 ? SYSTEMD_NOT_THERE : SYSTEMD_AGAIN,
		     e.at, word);
	return MIN(n, 0);
}

/* Cuts ":errno" off. False when the word is to be ignored. */
static bool take_error(const Reader *r, char *word, bool inverted, const char *at, int32_t *ret)
{
	char *colon = strchr(word, ':');

	*ret = NO_ERROR;
	if (!colon)
		return true;
	if (colon == word || unit_error_parse(span_of(colon + 1), ret) < 0) {
		note(r, SYSTEMD_BAD_ERROR, at, word);
		return false;
	}
	if (!inverted) {
		note(r, SYSTEMD_ERROR_IN_ALLOW, at, word);
		return false;
	}
	*colon = '\0';
	return true;
}

/* The first assignment says what the list is. What systemd itself needs is in each allow list of
 * calls; not in one of SystemCallLog=, which denies nothing. */
static int begin_list(Reader *r, List *l, bool inverted, const char *at)
{
	const SystemdGroup *always;
	int n;

	if (l->set)
		return 0;
	l->set = true;
	l->allow = !inverted;
	if (inverted || r->key != SYSTEMD_FILTER)
		return 0;
	always = r->in->groups ? systemd_groups_find(r->in->groups, SPAN_LIT("@default")) : NULL;
	if (!always)
		return need_groups(r, at);
	n = apply_group(l, always, (Entry){ .error = NO_ERROR, .at = at });
	return MIN(n, 0);
}

static int read_list(Reader *r, List *l, const SystemdLine *line)
{
	char word[SYSTEMD_WORD_MAX];
	Span rest = line->value, at;
	Entry e = { .error = NO_ERROR };
	int n;

	if (systemd_is_empty(rest)) {
		note(r, l->set ? SYSTEMD_RESET : SYSTEMD_RESET_NOTHING, line->at.p,
		     systemd_key_name(r->key));
		list_done(l);
		return 0;
	}
	e.inverted = systemd_inverts(&rest);
	if (systemd_is_empty(rest))
		note(r, SYSTEMD_EMPTY_LIST, line->at.p, systemd_key_name(r->key));
	n = begin_list(r, l, e.inverted, line->at.p);
	while (n == 0 && systemd_word(&rest, word, &at)) {
		e.at = at.p;
		if (r->key == SYSTEMD_FILTER && !take_error(r, word, e.inverted, at.p, &e.error))
			continue;
		n = apply_word(r, l, word, e);
	}
	return n;
}

/* ---- the other settings ---- */

static int read_error_number(Reader *r, const SystemdLine *line)
{
	Span rest = line->value, at, more;
	char word[SYSTEMD_WORD_MAX], second[SYSTEMD_WORD_MAX];
	int32_t error = UNIT_ERROR_KILL;

	if (systemd_word(&rest, word, &at) &&
	    (systemd_word(&rest, second, &more) || unit_error_parse(span_of(word), &error) < 0 ||
	     error == 0)) {
		note(r, SYSTEMD_BAD_ERROR, at.p, word);
		return 0;
	}
	r->result.error_number = error;
	return 0;
}

static void arches_done(UnitNames *arches)
{
	for (size_t i = 0; i < arches->n; i++)
		free(arches->names[i]);
	free(arches->names);
	*arches = (UnitNames){ 0 };
}

static int add_arch(Reader *r, const char *word, const char *at)
{
	UnitNames *arches = &r->result.arches;

	if (!unit_arch_scmp_name(span_of(word))) {
		note(r, SYSTEMD_UNKNOWN_ARCH, at, word);
		return 0;
	}
	for (size_t i = 0; i < arches->n; i++)
		if (strcmp(arches->names[i], word) == 0) {
			note(r, SYSTEMD_AGAIN, at, word);
			return 0;
		}
	if (!arches->names)
		arches->names = calloc(UNIT_ARCHES_MAX, sizeof(*arches->names));
	if (!arches->names)
		return -ENOMEM;
	if (arches->n == UNIT_ARCHES_MAX)
		return -E2BIG;
	arches->names[arches->n] = strdup(word);
	return arches->names[arches->n++] ? 0 : -ENOMEM;
}

static int read_arches(Reader *r, const SystemdLine *line)
{
	char word[SYSTEMD_WORD_MAX];
	Span rest = line->value, at;
	int n = 0;

	if (systemd_is_empty(rest)) {
		note(r, r->result.arches.n > 0 ? SYSTEMD_RESET : SYSTEMD_RESET_NOTHING, line->at.p,
		     systemd_key_name(r->key));
		arches_done(&r->result.arches);
	}
	while (n == 0 && systemd_word(&rest, word, &at))
		n = add_arch(r, word, at.p);
	return n;
}

static int read_assignment(Reader *r, const SystemdLine *line)
{
	int n = systemd_key_of(line, &r->key);

	if (n == -ENOENT)
		note(r, SYSTEMD_OUTSIDE, line->at.p, systemd_key_name(r->key));
	if (n < 0)
		return 0;
	switch (r->key) {
	case SYSTEMD_FILTER:
		return read_list(r, &r->filter, line);
	case SYSTEMD_LOG:
		return read_list(r, &r->log, line);
	case SYSTEMD_ERROR_NUMBER:
		return read_error_number(r, line);
	default:
		return read_arches(r, line);
	}
}

static int read_line(Reader *r, const SystemdLine *line)
{
	switch (line->kind) {
	case SYSTEMD_SECTION:
		r->has_section |= is_section(line->section);
		return 0;
	case SYSTEMD_BAD_SECTION:
		return fail(r, line->at.p,
			    "a section's head without a \"]\" at its end: systemd loads no such "
			    "file");
	case SYSTEMD_BAD_LINE:
		note(r, SYSTEMD_NO_ASSIGNMENT, line->at.p, "");
		return 0;
	default:
		return read_assignment(r, line);
	}
}

/* JSON is a profile for container runtimes, and a unit file never begins like this. */
static bool is_json(Span text)
{
	while (text.n > 0 && strchr(" \t\r\n", text.p[0]) && text.p[0])
		text = span_from(text, 1);
	return span_starts(text, SPAN_LIT("{"));
}

static int read_lines(Reader *r)
{
	SystemdText text;
	SystemdLine line;
	int n = 0;

	if (r->in->text.n > SYSTEMD_TEXT_MAX)
		return diag_set(r->diag, -EBADMSG,
				"it is larger than 256 KiB, which no unit's files are");
	if (is_json(r->in->text))
		return diag_set(
			r->diag, -EBADMSG,
			"this is JSON, a profile for container runtimes; systemd reads unit "
			"files");
	systemd_text_init(&text, r->in->text);
	while (n == 0 && systemd_text_next(&text, &line))
		n = read_line(r, &line);
	if (n == -E2BIG)
		return diag_set(r->diag, -EBADMSG, "a list has more than %d entries",
				UNIT_NAMES_MAX);
	if (n == 0 && !r->has_section)
		return diag_set(r->diag, -EBADMSG,
				"it has no section [Service], [Socket], [Mount] or [Swap], where "
				"systemd looks for these settings");
	return n;
}

/* ---- the result ---- */

/* libseccomp refuses a rule that gives the default answer, and systemd then starts nothing. */
static int check_entries(const Reader *r)
{
	for (size_t i = 0; r->filter.allow && i < r->filter.n; i++)
		if (r->filter.calls[i].error == r->result.error_number)
			return fail(r, r->filter.calls[i].at,
				    "it gives a call the answer that all calls get which are not "
				    "listed: libseccomp refuses that, and the service does not "
				    "start (228/SECCOMP)");
	return 0;
}

static char *entry_of(const Call *c)
{
	char *text = NULL;
	int r;

	if (c->error == NO_ERROR)
		return strdup(c->name);
	r = c->error == UNIT_ERROR_KILL ? asprintf(&text, "%s:kill", c->name)
					: asprintf(&text, "%s:%d", c->name, c->error);
	return r < 0 ? NULL : text;
}

static int put_list(const List *l, UnitNames *ret)
{
	ret->inclusive = l->set && l->allow;
	ret->names = calloc(MAX(l->n, 1U), sizeof(*ret->names));
	if (!ret->names)
		return -ENOMEM;
	for (; ret->n < l->n; ret->n++) {
		ret->names[ret->n] = entry_of(&l->calls[ret->n]);
		if (!ret->names[ret->n])
			return -ENOMEM;
	}
	return 0;
}

int systemd_settings_read(const SystemdReading *in, UnitFilter *ret, Diag *d)
{
	Reader r = { .in = in, .diag = d, .result = { .error_number = UNIT_ERROR_KILL } };
	int n = read_lines(&r);

	if (n == 0)
		n = check_entries(&r);
	if (n == 0)
		n = put_list(&r.filter, &r.result.filter);
	if (n == 0)
		n = put_list(&r.log, &r.result.log);
	list_done(&r.filter);
	list_done(&r.log);
	if (n < 0) {
		unit_filter_done(&r.result);
		return n;
	}
	*ret = r.result;
	return 0;
}
