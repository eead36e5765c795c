/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/diff-observed.h"
#include "ctl/diff-text.h"
#include "ctl/moment.h"
#include "ctl/table.h"
#include "util/text.h"

#define UNKNOWN_SHOWN 24

/* ---- JSON ---- */

static int call_json(const DryRunCall *c, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const ProofChange *change = &c->change;
	JsonLine *origins;

	json_line_bool(j, "observed", c->observed);
	json_line_str(j, "change", proof_kind_name(proof_kind(change)));
	json_line_str(j, "arch", arch_name(change->arch));
	json_line_str(j, "syscall", known(change->name));
	json_line_int(j, "nr", change->nr);
	diff_word_json(j, "before", "before_data", change->before);
	diff_word_json(j, "after", "after_data", change->after);
	json_line_bool(j, "by_arguments", c->by_arguments);
	json_line_uint(j, "count", c->count);
	json_line_time(j, "first", c->first);
	json_line_time(j, "last", c->last);
	origins = json_line_array(j, "origins");
	for (int o = 0; o < _ORIGIN_MAX; o++)
		if (c->origins & 1U << o)
			json_line_str(origins, NULL, origin_name((Origin)o));
	return json_line_write(j, f);
}

static int summary_json(const ObservedView *v, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_bool(j, "summary", true);
	json_line_str(j, "workload", v->workload->name);
	json_line_text(j, "a", span_of(v->o->paths[0]));
	json_line_text(j, "b", span_of(v->o->paths[1]));
	json_line_uint(j, "calls", v->n_calls);
	json_line_uint(j, "different", v->run->n_different);
	json_line_uint(j, "unknown", v->run->n_unknown);
	json_line_bool(j, "same", v->run->same);
	json_line_bool(j, "complete", v->complete);
	json_line_str(j, "why", v->complete ? NULL : v->why);
	json_line_str(j, "ran_under", v->ran_is_file ? "a" : "applied");
	json_line_uint(j, "evaluated", v->run->evaluated);
	json_line_str(j, "dialect", dialect_name(v->dialect));
	json_line_str(j, "runtime", runtime_name(v->context.runtime));
	json_line_str(j, "capabilities", v->facts.capabilities);
	json_line_str(j, "library", v->run->library);
	json_line_int(j, "exit", v->exit_code);
	return json_line_write(j, f);
}

int observed_print_json(const ObservedView *v, FILE *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->run->n; i++)
		r = call_json(&v->run->calls[i], f);
	return r == 0 ? summary_json(v, f) : r;
}

/* ---- for people ---- */

static const TableColumn columns[] = {
	{ "CALL", false },   { "ARCH", false },  { "COUNT", true }, { "LAST", false },
	{ "BEFORE", false }, { "AFTER", false }, { "WHEN", false },
};

static void add_row(Table *t, const DryRunCall *c)
{
	static const TableTone tones[_PROOF_KIND_MAX] = {
		[PROOF_ALLOWED] = TONE_GOOD,
		[PROOF_LOGGED] = TONE_GOOD,
		[PROOF_DENIED] = TONE_BAD,
		[PROOF_CHANGED] = TONE_WARN,
	};
	char last[32], word[DIFF_WORD_SIZE];
	const ProofChange *change = &c->change;

	if (change->name[0])
		table_cell(t, span_of(change->name), TONE_PLAIN);
	else
		table_cellf(t, TONE_PLAIN, "%" PRId64, change->nr);
	table_cell(t, span_of(arch_name(change->arch)), TONE_PLAIN);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, c->count);
	table_cell(t, span_of(clock_format_ago(c->last, ctl_now(), last, sizeof(last))),
		   TONE_PLAIN);
	table_cell(t, span_of(diff_word_text(change->before, word)), TONE_PLAIN);
	table_cell(t, span_of(diff_word_text(change->after, word)), tones[proof_kind(change)]);
	table_cell(t, span_of(c->by_arguments ? "for some arguments" : "always"), TONE_PLAIN);
}

static int print_different(const ObservedView *v, FILE *f)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));

	if (v->run->n_different == 0)
		return 0;
	fputc('\n', f);
	for (size_t i = 0; i < v->run->n; i++)
		if (v->run->calls[i].observed)
			add_row(t, &v->run->calls[i]);
	return table_print(t, f, v->color);
}

static void print_unknown(const ObservedView *v, FILE *f)
{
	const DryRun *run = v->run;
	const char *them = text_plural(run->n_unknown, "it", "them");
	size_t shown = 0;

	if (run->n_unknown == 0)
		return;
	fprintf(f,
		"\nOf %zu more %s, which the profiles answer differently too, nobody knows "
		"whether it makes %s:\n%s leaves no record of %s.\n ",
		run->n_unknown, text_plural(run->n_unknown, "call", "calls"), them,
		v->ran_is_file ? "the filter that it ran under is not known, and the first profile"
			       : "the filter that it ran under",
		them);
	for (size_t i = 0; i < run->n && shown < UNKNOWN_SHOWN; i++) {
		const ProofChange *c = &run->calls[i].change;

		if (run->calls[i].observed)
			continue;
		fprintf(f, "%s %s", shown > 0 ? "," : "", c->name);
		if (c->arch != v->context.host_arch)
			fprintf(f, " (%s)", arch_name(c->arch));
		shown++;
	}
	fputs(shown < run->n_unknown ? "...\n" : "\n", f);
}

static void print_head(const ObservedView *v, FILE *f)
{
	char name[4 * WORKLOAD_NAME_MAX], a[1024], b[1024];

	text_escape_to(span_of(v->workload->name), name, sizeof(name));
	text_escape_to(span_of(v->o->paths[0]), a, sizeof(a));
	text_escape_to(span_of(v->o->paths[1]), b, sizeof(b));
	if (v->run->same)
		fprintf(f, "%s: %s and %s answer every call alike.\n", name, a, b);
	else
		fprintf(f,
			"%s: of %zu %s seen, %zu would be answered differently under "
			"%s than under %s.\n",
			name, v->n_calls,
			text_plural(v->n_calls, "call that was", "calls that were"),
			v->run->n_different, b, a);
}

int observed_print_text(const ObservedView *v, FILE *f)
{
	char why[EVIDENCE_WHY_MAX];
	int r;

	print_head(v, f);
	r = print_different(v, f);
	if (r < 0)
		return r;
	print_unknown(v, f);
	if (!v->complete && !v->run->same)
		fprintf(f,
			"\nThe evidence is incomplete: %s; there may be calls that nobody saw.\n",
			moment_sentence(v->why, ctl_now(), why, sizeof(why)));
	fprintf(f,
		"\nRead for %s with %s, capabilities %s; both filters were run over %" PRIu64
		" calls\n(libseccomp %s).\n",
		dialect_name(v->dialect), runtime_name(v->context.runtime), v->facts.capabilities,
		v->run->evaluated, v->run->library);
	return 0;
}
