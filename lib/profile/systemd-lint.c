/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "profile/systemd-lint.h"
#include "profile/systemd-settings.h"

#define MESSAGE_MAX 512

/* The numbers are the codes. */
typedef enum Code {
	CODE_LOAD = 1,
	CODE_NAME,
	CODE_GROUP,
	CODE_ERROR,
	CODE_AGAIN,
	CODE_NOT_THERE,
	CODE_OUTSIDE,
	CODE_LINE,
	CODE_RESET,
	CODE_TILDE,
	CODE_ARCHITECTURE,
	CODE_START,
	CODE_OTHER_ABIS,
	CODE_NOTHING,
	CODE_NO_LIST,
	CODE_LOG,
	CODE_BLIND,
	_CODE_MAX,
} Code;

typedef struct SystemdLint {
	const LintInput *in;
	UnitFilter filter;
	LintReport report;
	size_t allocated;
	size_t said[_CODE_MAX];
	const char *places[_SYSTEMD_KEY_MAX]; /* the last assignment of each that counts, or NULL */
	Span sections[_SYSTEMD_KEY_MAX];
	bool whole; /* it says what is run: no drop-in alone */
	int error;  /* sticky: -ENOMEM */
} SystemdLint;

/* ---- saying ---- */

static int grow(SystemdLint *l)
{
	size_t want = l->allocated ? 2 * l->allocated : 32;
	LintFinding *more;

	if (l->report.n < l->allocated)
		return 0;
	more = reallocarray(l->report.findings, want, sizeof(*more));
	if (!more)
		return -ENOMEM;
	l->report.findings = more;
	l->allocated = want;
	return 0;
}

static void add(SystemdLint *l, Code code, LintSeverity severity, LintFinding f,
		const char *message)
{
	if (l->error == 0)
		l->error = grow(l);
	if (l->error < 0)
		return;
	f.severity = severity;
	snprintf(f.code, sizeof(f.code), "S%02u", (unsigned)code % 100);
	f.message = strdup(message);
	if (!f.where || !f.message) {
		free(f.where);
		free(f.message);
		l->error = -ENOMEM;
		return;
	}
	l->report.counts[severity]++;
	l->report.findings[l->report.n++] = f;
}

/* "/Service/SystemCallFilter": as the other dialects point into their files. */
static char *where_of(const SystemdLint *l, SystemdKey key)
{
	Span section = l->sections[key];
	char *text = NULL;

	if (asprintf(&text, "/%.*s/%s", (int)section.n, section.p ? section.p : "",
		     systemd_key_name(key)) < 0)
		return NULL;
	return text;
}

_printf_(6, 7) static void say(SystemdLint *l, Code code, LintSeverity severity, SystemdKey key,
			       const char *at, const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	LintFinding f = { 0 };
	va_list ap;

	if (l->said[code]++ >= LINT_EACH_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	systemd_place(l->in->text, at, &f.line, &f.column);
	f.where = where_of(l, key);
	add(l, code, severity, f, message);
}

static void say_dropped(SystemdLint *l)
{
	char message[MESSAGE_MAX];

	for (Code c = 0; c < _CODE_MAX; c++) {
		if (l->said[c] <= LINT_EACH_MAX)
			continue;
		snprintf(message, sizeof(message), "%zu more findings of this kind are not listed",
			 l->said[c] - LINT_EACH_MAX);
		add(l, c, LINT_NOTE, (LintFinding){ .line = 1, .column = 1, .where = strdup("") },
		    message);
	}
}

/* ---- what the reader notes ---- */

static const struct {
	Code code;
	LintSeverity severity;
	const char *sentence; /* with one %s, the word */
} notes[_SYSTEMD_NOTE_MAX] = {
	[SYSTEMD_OUTSIDE] = { CODE_OUTSIDE, LINT_WARNING,
			      "systemd looks for %s only in [Service], [Socket], [Mount] and "
			      "[Swap], not here" },
	[SYSTEMD_NO_ASSIGNMENT] = { CODE_LINE, LINT_WARNING,
				    "this line is no assignment%s, and systemd ignores it" },
	[SYSTEMD_RESET] = { CODE_RESET, LINT_NOTE,
			    "this empty %s= takes back all assignments before it" },
	[SYSTEMD_UNKNOWN_NAME] = { CODE_NAME, LINT_WARNING,
				   "libseccomp does not know the call \"%s\", and systemd ignores "
				   "it" },
	[SYSTEMD_UNKNOWN_GROUP] = { CODE_GROUP, LINT_WARNING,
				    "the installed systemd has no group \"%s\", and ignores it" },
	[SYSTEMD_BAD_ERROR] = { CODE_ERROR, LINT_WARNING,
				"\"%s\" has no errno that systemd knows, and is ignored as a "
				"whole" },
	[SYSTEMD_ERROR_IN_ALLOW] = { CODE_ERROR, LINT_WARNING,
				     "\"%s\" is ignored: only a list with \"~\" may give a call an "
				     "errno" },
	[SYSTEMD_UNKNOWN_ARCH] = { CODE_ARCHITECTURE, LINT_WARNING,
				   "\"%s\" is no architecture that systemd knows, and is ignored" },
	[SYSTEMD_AGAIN] = { CODE_AGAIN, LINT_NOTE,
			    "\"%s\" is in the list already, by a group, an earlier entry or "
			    "because "
			    "systemd always puts it there" },
	[SYSTEMD_NOT_THERE] = { CODE_NOT_THERE, LINT_WARNING,
				"\"%s\" is to be taken out of the list, and is not in it" },
	[SYSTEMD_LOST_TILDE] = { CODE_TILDE, LINT_WARNING,
				 "\"%s\" is ignored: \"~\" counts only before the first word, for "
				 "all of them" },
	[SYSTEMD_EMPTY_LIST] = { CODE_TILDE, LINT_WARNING,
				 "%s=~ without a call lists nothing, but makes the list one of "
				 "calls that are taken out" },
};

static void take_note(SystemdNote note, SystemdKey key, const char *at, const char *word,
		      void *userdata)
{
	const char *sentence = notes[note].sentence;
	size_t mark;

	if (!sentence)
		return;
	mark = strcspn(sentence, "%");
	say(userdata, notes[note].code, notes[note].severity, key, at, "%.*s%s%s", (int)mark,
	    sentence, word, sentence + mark + 2);
}

/* ---- the text: where what is assigned ---- */

/* What is run, mounted or listened on stands in the unit's own file. */
static bool says_what_runs(Span key)
{
	return span_is(key, "ExecStart") || span_is(key, "What") ||
	       span_starts(key, SPAN_LIT("Listen"));
}

static void find_places(SystemdLint *l)
{
	SystemdText t;
	SystemdLine line;

	systemd_text_init(&t, l->in->text);
	while (systemd_text_next(&t, &line)) {
		SystemdKey key;

		if (line.kind != SYSTEMD_ASSIGNMENT)
			continue;
		l->whole |= says_what_runs(line.key);
		if (systemd_key_of(&line, &key) < 0)
			continue;
		l->sections[key] = line.section;
		l->places[key] = line.at.p;
	}
}

/* ---- what it comes to ---- */

static const char *find_entry(const UnitNames *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		Span rest = span_of(list->names[i]), found;

		if (span_split(&rest, ':', &found) && span_is(found, name))
			return list->names[i];
	}
	return NULL;
}

static bool filter_is_set(const UnitFilter *f)
{
	return f->filter.inclusive || f->filter.n > 0;
}

/* An entry with an errno denies, in a list of either kind. */
static bool lets(const UnitFilter *f, const char *name)
{
	const char *entry = find_entry(&f->filter, name);

	if (!filter_is_set(f))
		return true;
	return f->filter.inclusive ? entry && !strchr(entry, ':') : !entry;
}

static void check_start(SystemdLint *l)
{
	static const char *const loader[] = { "openat", "read", "close", "mmap", "mprotect" };
	const char *at = l->places[SYSTEMD_FILTER];

	if (!l->whole || !filter_is_set(&l->filter))
		return;
	if (!lets(&l->filter, "execve")) {
		say(l, CODE_START, LINT_ERROR, SYSTEMD_FILTER, at,
		    "execve is denied, so the service cannot start: systemd makes that call after "
		    "it has loaded the filter");
		return;
	}
	for (size_t i = 0; i < ELEMENTSOF(loader); i++)
		if (!lets(&l->filter, loader[i])) {
			say(l, CODE_START, LINT_WARNING, SYSTEMD_FILTER, at,
			    "%s is denied, without which no program starts that is linked "
			    "dynamically; @system-service is what systemd recommends to begin with",
			    loader[i]);
			return;
		}
}

static void check_other_abis(SystemdLint *l)
{
	const UnitNames *arches = &l->filter.arches;
	bool native = arches->n == 0;

	for (size_t i = 0; i < arches->n; i++)
		native |= strcmp(arches->names[i], "native") == 0;
	if (!native)
		say(l, CODE_ARCHITECTURE, LINT_NOTE, SYSTEMD_ARCHITECTURES,
		    l->places[SYSTEMD_ARCHITECTURES],
		    "\"native\" is not listed, and allowed all the same: systemd never takes the "
		    "host's own architecture away");
	if (l->whole && filter_is_set(&l->filter) && arches->n == 0)
		say(l, CODE_OTHER_ABIS, LINT_NOTE, SYSTEMD_FILTER, l->places[SYSTEMD_FILTER],
		    "programs of the host's other architectures may run, and the list has their "
		    "calls by name as well; SystemCallArchitectures=native forbids them");
}

/* Assignments that end in no filter. */
static void check_nothing(SystemdLint *l)
{
	const char *at = l->places[SYSTEMD_FILTER];

	if (at && !filter_is_set(&l->filter) && l->whole)
		say(l, CODE_NOTHING, LINT_WARNING, SYSTEMD_FILTER, at,
		    "in the end SystemCallFilter= denies nothing, and systemd loads no filter for "
		    "it");
	at = l->places[SYSTEMD_LOG];
	if (at && !l->filter.log.inclusive && l->filter.log.n == 0 && l->whole)
		say(l, CODE_NOTHING, LINT_WARNING, SYSTEMD_LOG, at,
		    "in the end SystemCallLog= logs nothing: after \"~\", systemd loads no filter "
		    "for an empty list");
	at = l->places[SYSTEMD_ERROR_NUMBER];
	if (at && l->whole && !filter_is_set(&l->filter))
		say(l, CODE_NO_LIST, LINT_WARNING, SYSTEMD_ERROR_NUMBER, at,
		    "SystemCallErrorNumber= has no effect without a SystemCallFilter= that denies "
		    "something");
}

/* Is a call logged that a program may make? Only where no other filter denies it. */
static bool logs_something(const UnitFilter *f)
{
	const UnitNames *list = f->log.inclusive ? &f->log : &f->filter;

	/* all but a list, and all but another are let through: that leaves something */
	if (!f->log.inclusive && !f->filter.inclusive)
		return true;
	for (size_t i = 0; i < list->n; i++) {
		Span rest = span_of(list->names[i]), name;
		char text[SYSTEMD_WORD_MAX];

		span_split(&rest, ':', &name);
		span_copy(name, text, sizeof(text));
		if (lets(f, text) && !find_entry(&f->log, text) == !f->log.inclusive)
			return true;
	}
	return false;
}

static void check_log(SystemdLint *l)
{
	const UnitFilter *f = &l->filter;

	if ((!f->log.inclusive && f->log.n == 0) || !filter_is_set(f) || logs_something(f))
		return;
	say(l, CODE_LOG, LINT_WARNING, SYSTEMD_LOG, l->places[SYSTEMD_LOG],
	    "SystemCallLog= logs nothing: of two filters the stricter one holds, and "
	    "SystemCallFilter= denies every call that it would log");
}

static void check_blind(SystemdLint *l)
{
	if (!filter_is_set(&l->filter) || l->filter.error_number == UNIT_ERROR_KILL ||
	    !l->places[SYSTEMD_ERROR_NUMBER])
		return;
	say(l, CODE_BLIND, LINT_NOTE, SYSTEMD_ERROR_NUMBER, l->places[SYSTEMD_ERROR_NUMBER],
	    "calls that are denied with an errno leave no record, and SystemCallLog= cannot log "
	    "them; without SystemCallErrorNumber= the process is killed, and recorded");
}

/* ---- all of it ---- */

static int compare_findings(const void *a, const void *b)
{
	const LintFinding *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->code, y->code);
}

static void judge(SystemdLint *l)
{
	const SystemdReading in = { l->in->text, l->in->groups, take_note, l };
	Diag d = { 0 };
	int r;

	find_places(l);
	r = systemd_settings_read(&in, &l->filter, &d);
	if (r < 0 && !d.text[0]) {
		l->error = r;
		return;
	}
	if (r < 0) {
		add(l, CODE_LOAD, LINT_ERROR,
		    (LintFinding){ .line = MAX(d.line, 1U),
				   .column = MAX(d.column, 1U),
				   .where = strdup("") },
		    d.text);
		return;
	}
	check_start(l);
	check_other_abis(l);
	check_nothing(l);
	check_log(l);
	check_blind(l);
}

int systemd_lint(const LintInput *in, LintReport *ret)
{
	SystemdLint l = { .in = in };

	judge(&l);
	say_dropped(&l);
	unit_filter_done(&l.filter);
	if (l.error < 0) {
		lint_done(&l.report);
		return l.error;
	}
	if (l.report.n > 0)
		qsort(l.report.findings, l.report.n, sizeof(*l.report.findings), compare_findings);
	*ret = l.report;
	return 0;
}
