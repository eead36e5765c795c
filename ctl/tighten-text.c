/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "ctl/next-step.h"
#include "ctl/promote-output.h"
#include "ctl/suggest-tighten.h"
#include "util/text.h"

#define LINE_WIDTH 96

/* ---- JSON ---- */

static int name_json(const TightenName *n, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "syscall", n->name);
	json_line_str(j, "fate", tighten_fate_name(n->fate));
	json_line_str(j, "risk", risk_name(n->risk));
	json_line_uint(j, "count", n->count);
	json_line_str(j, "reason", known(n->reason));
	return json_line_write(j, f);
}

static void runs_json(const WatchedRuns *r, JsonLine *j)
{
	JsonLine *o = json_line_object(j, "runs");

	json_line_uint(o, "whole", r->whole);
	json_line_uint(o, "running", r->running);
	json_line_uint(o, "seconds", r->time / USEC_PER_SEC);
	json_line_uint(o, "set_aside", r->set_aside);
	json_line_str(o, "why", known(r->why));
}

static int summary_json(const TightenView *v, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const Tightening *t = v->t;
	JsonLine *names;

	json_line_bool(j, "summary", true);
	json_line_str(j, "workload", v->request->workload->name);
	json_line_text(j, "profile", span_of(v->request->path));
	json_line_uint(j, "allowed", t->n);
	for (int i = 0; i < _TIGHTEN_FATE_MAX; i++)
		json_line_uint(j, tighten_fate_name((TightenFate)i), t->counts[i]);
	names = json_line_array(j, "newly_denied");
	for (size_t i = 0; t->patched && i < t->n; i++)
		if (t->names[i].fate == TIGHTEN_UNUSED)
			json_line_str(names, NULL, t->names[i].name);
	json_line_bool(j, "complete", t->counts[TIGHTEN_UNKNOWN] == 0);
	runs_json(v->runs, j);
	json_line_str(j, "refusal", t->refusal);
	json_line_str(j, "stub", t->stub);
	json_line_uint(j, "evaluated", t->evaluated);
	json_line_str(j, "libseccomp", t->library);
	json_line_bool(j, "assumed", t->assumed);
	json_line_int(j, "exit", v->exit_code);
	return json_line_write(j, f);
}

int tighten_print_json(const TightenView *v, FILE *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->t->n; i++)
		r = name_json(&v->t->names[i], f);
	return r == 0 ? summary_json(v, f) : r;
}

/* ---- for people ---- */

/* Names of a profile may be anybody's. */
static size_t put_name(const TightenName *n, size_t width, bool first, FILE *f)
{
	char name[512];
	size_t length;

	text_escape_to(span_of(n->name), name, sizeof(name));
	length = strlen(name) + 2;
	if (!first)
		fputc(',', f);
	if (first || width + length > LINE_WIDTH) {
		fputs("\n   ", f);
		width = 3;
	}
	fprintf(f, " %s", name);
	return width + length;
}

static void print_unused(const Tightening *t, FILE *f)
{
	for (int risk = _RISK_MAX - 1; risk >= 0; risk--) {
		size_t width = 0;
		bool first = true;

		for (size_t i = 0; i < t->n; i++) {
			if (t->names[i].fate != TIGHTEN_UNUSED || (int)t->names[i].risk != risk)
				continue;
			if (first)
				fprintf(f, "\n  Not used, of %s risk:", risk_name((Risk)risk));
			width = put_name(&t->names[i], width, first, f);
			first = false;
		}
	}
}

/* Once for each reason. */
static void print_by_reason(const Tightening *t, TightenFate fate, const char *title, FILE *f)
{
	for (size_t i = 0; i < t->n; i++) {
		bool done = t->names[i].fate != fate, first = true;
		size_t width = 0;

		for (size_t k = 0; k < i && !done; k++)
			done = t->names[k].fate == fate &&
			       strcmp(t->names[k].reason, t->names[i].reason) == 0;
		if (done)
			continue;
		fprintf(f, "\n  %s, since %s:", title, t->names[i].reason);
		for (size_t k = i; k < t->n; k++) {
			if (t->names[k].fate != fate ||
			    strcmp(t->names[k].reason, t->names[i].reason) != 0)
				continue;
			width = put_name(&t->names[k], width, first, f);
			first = false;
		}
	}
}

static void print_head(const TightenView *v, FILE *f)
{
	const Tightening *t = v->t;
	char name[4 * WORKLOAD_NAME_MAX], path[1024];

	fprintf(f, "%s: %s allows %zu calls: %zu used, %zu not used",
		text_escape_to(span_of(v->request->workload->name), name, sizeof(name)),
		text_escape_to(span_of(v->request->path), path, sizeof(path)), t->n,
		t->counts[TIGHTEN_USED], t->counts[TIGHTEN_UNUSED]);
	if (t->counts[TIGHTEN_KEPT] > 0)
		fprintf(f, ", %zu not seen and yet kept", t->counts[TIGHTEN_KEPT]);
	if (t->counts[TIGHTEN_UNKNOWN] > 0)
		fprintf(f, ", %zu not known", t->counts[TIGHTEN_UNKNOWN]);
	fputs(".\n", f);
}

static void print_runs(const TightenView *v, FILE *f)
{
	const WatchedRuns *r = v->runs;
	char time[32];

	fprintf(f,
		"\nThe evidence: %zu run%s watched from the start and without a loss, %s together",
		r->whole, text_plural(r->whole, "", "s"), clock_format_span(r->time, time, sizeof(time)));
	if (r->set_aside > 0)
		fprintf(f, "; %zu set aside (%s)", r->set_aside, r->why);
	fputs(".\n", f);
}

/* What is not known, and how it comes to be. */
static void print_remedy(const TightenView *v, FILE *f)
{
	char name[4 * WORKLOAD_NAME_MAX];

	if (v->t->counts[TIGHTEN_UNKNOWN] == 0)
		return;
	fprintf(f,
		"To know of the rest: \"seccompctl promote %s --to audit-all -o FILE\", and a run "
		"of one replica\nunder that, from its start to its end, with all that it has to "
		"do.\n",
		text_escape_to(span_of(v->request->workload->name), name, sizeof(name)));
}

static int print_patch(const TightenView *v, FILE *f)
{
	const Tightening *t = v->t;
	int r;

	if (t->refusal)
		fprintf(f, "\nThere is no patch: %s.\n", t->refusal);
	if (!t->patched)
		return 0;
	fputc('\n', f);
	r = promote_show_diff(v->request->profile, span_make(t->patched, t->n_patched),
			      v->request->path, f);
	fprintf(f,
		"\nProved with libseccomp %s: both filters were run over %" PRIu64
		" calls; those %zu are not allowed\nany more, and nothing else changes%s%s.\n",
		t->library, t->evaluated, t->counts[TIGHTEN_UNUSED], t->stub ? ", but that\n" : "",
		t->stub ?: "");
	return r;
}

static void print_next(const TightenView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const char *path = v->written ?: v->applied.backup ? v->request->path : NULL;

	if (!v->t->patched)
		return;
	fprintf(f, "What nobody did in that time, such as failing over or closing the month, is "
		   "not among the used\ncalls: run it at stage log first, where a forgotten call "
		   "works and is seen.\n");
	if (v->applied.backup) {
		buffer_add_str(&b, "The old profile is kept as ");
		text_shell_word(&b, span_of(v->applied.backup));
		buffer_add_str(&b, ".\n");
	}
	buffer_add_str(&b, "Next: ");
	buffer_add_str(&b, path ? "" : "the same with -o FILE, then ");
	next_step(v->request->workload, path, &b);
	if (buffer_error(&b) == 0)
		fprintf(f, "%s\n", b.p);
}

int tighten_print_report(const TightenView *v, FILE *f)
{
	const Tightening *t = v->t;
	int r;

	print_head(v, f);
	print_unused(t, f);
	print_by_reason(t, TIGHTEN_KEPT, "Kept", f);
	print_by_reason(t, TIGHTEN_UNKNOWN, "Not known", f);
	fputs(t->counts[TIGHTEN_USED] < t->n ? "\n" : "", f);
	r = print_patch(v, f);
	if (r < 0)
		return r;
	print_runs(v, f);
	print_remedy(v, f);
	print_next(v, f);
	return 0;
}
