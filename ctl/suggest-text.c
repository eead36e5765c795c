/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/ignored.h"
#include "ctl/sightings.h"
#include "ctl/suggest-text.h"
#include "ctl/table.h"
#include "ctl/tone.h"
#include "profile/diff.h"
#include "util/text.h"

#define UNSEEN_SHOWN 12

static int call_json(const SuggestCall *c, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	JsonLine *origins;

	json_line_str(j, "arch", arch_name(c->arch));
	json_line_str(j, "syscall", c->name);
	json_line_int(j, "nr", c->nr);
	json_line_str(j, "advice", advice_name(c->advice));
	json_line_str(j, "risk", risk_name(c->risk));
	json_line_str(j, "reason", c->reason);
	json_line_uint(j, "count", c->count);
	json_line_time(j, "first", c->first);
	json_line_time(j, "last", c->last);
	origins = json_line_array(j, "origins");
	for (int o = 0; o < _ORIGIN_MAX; o++)
		if (c->origins & 1U << o)
			json_line_str(origins, NULL, origin_name((Origin)o));
	json_line_uint(j, "subjects", c->subjects);
	examples_json(c->examples, c->n_examples, j);
	return json_line_write(j, f);
}

static int summary_json(const SuggestView *v, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const Suggestion *s = v->suggestion;
	JsonLine *names;

	json_line_bool(j, "summary", true);
	names = json_line_array(j, "newly_allowed");
	for (size_t i = 0; i < s->n_newly_allowed; i++)
		json_line_str(names, NULL, s->newly_allowed[i]);
	names = json_line_array(j, "other_changes");
	for (size_t i = 0; i < s->n_other_changes; i++)
		json_line_str(names, NULL, s->other_changes[i]);
	json_line_uint(j, "still_denied", s->n_still_denied);
	json_line_bool(j, "complete", v->complete);
	lost_json(&v->lost, j, "lost");
	json_line_str(j, "capabilities", v->capabilities);
	json_line_int(j, "exit", v->exit_code);
	return json_line_write(j, f);
}

int suggest_print_json(const SuggestView *v, FILE *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->suggestion->n_calls; i++)
		r = call_json(&v->suggestion->calls[i], f);
	return r == 0 ? summary_json(v, f) : r;
}

int suggest_print_diff(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const Suggestion *s = v->suggestion;
	const char *label = v->profile_path;
	int r;

	if (!s->patched)
		return 0;
	/* No reader of diffs would find a file again whose name has control characters. */
	for (const char *p = label; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			label = "profile.json";
	r = diff_unified(v->profile, span_make(s->patched, s->n_patched), label, label, &b);
	if (r == 0)
		r = buffer_error(&b);
	if (r < 0)
		return r;
	return fwrite(b.p, 1, b.n, f) == b.n ? 0 : -EIO;
}

static const TableColumn columns[] = {
	{ "CALL", false }, { "ARCH", false }, { "ADVICE", false },
	{ "RISK", false }, { "COUNT", true }, { "WHY", false },
};

static const char *shown_advice(const SuggestCall *c)
{
	return c->advice == ADVICE_ALLOW && !c->offered ? "allowed already"
							: advice_name(c->advice);
}

static int print_calls(const Suggestion *s, bool color, FILE *f)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));

	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *c = &s->calls[i];

		if (c->name)
			table_cell(t, span_of(c->name), TONE_PLAIN);
		else
			table_cellf(t, TONE_PLAIN, "%" PRId64, c->nr);
		table_cell(t, span_of(arch_name(c->arch)), TONE_PLAIN);
		table_cell(t, span_of(shown_advice(c)), c->offered ? TONE_GOOD : TONE_PLAIN);
		table_cell(t, span_of(risk_name(c->risk)), risk_tone(c->risk));
		table_cellf(t, TONE_PLAIN, "%" PRIu64, c->count);
		table_cell(t, span_of(c->reason), TONE_PLAIN);
	}
	return table_print(t, f, color);
}

/* "mincore (x86_64, i386)": where the proof saw the name become allowed. */
static void print_allowed(const Proof *p, const char *name, FILE *f)
{
	const char *sep = " (";
	uint32_t last = 0;

	fprintf(f, "%s", name);
	for (size_t i = 0; i < p->n_changes; i++)
		if (strcmp(p->changes[i].name, name) == 0 && p->changes[i].arch != last) {
			last = p->changes[i].arch;
			fprintf(f, "%s%s", sep, arch_name(last));
			sep = ", ";
		}
	fputs(*sep == ',' ? ")" : "", f);
}

static void print_other_changes(const Suggestion *s, FILE *f)
{
	for (size_t i = 0; i < s->n_other_changes; i++)
		fprintf(f, "* %s.\n", s->other_changes[i]);
}

static void print_proof(const SuggestView *v, FILE *f)
{
	const Suggestion *s = v->suggestion;
	char to[1024];

	fprintf(f,
		"\nProved with libseccomp %s: both filters were built for every architecture of "
		"the\n"
		"profile and run over %" PRIu64 " calls. Newly allowed: ",
		s->proof.library, s->proof.evaluated);
	for (size_t i = 0; i < s->n_newly_allowed; i++) {
		fputs(i > 0 ? ", " : "", f);
		print_allowed(&s->proof, s->newly_allowed[i], f);
	}
	fputs(s->n_newly_allowed > 0 ? "." : "nothing.", f);
	fprintf(f, "%s\n",
		s->n_other_changes > 0 ? " What changes along:" : " Nothing else changes.");
	print_other_changes(s, f);
	fprintf(f, "Read for %s, capabilities %s.\n", dialect_name(v->dialect), v->capabilities);
	if (s->proof.assumed)
		fprintf(f, "It is assumed that the container runtime's libseccomp knows these "
			   "names.\n");
	if (s->proof.sampled > 0)
		fprintf(f, "For %u calls the arguments were sampled: too many combinations.\n",
			s->proof.sampled);
	if (v->written)
		fprintf(f, "The patched profile is in %s.\n",
			text_escape_to(span_of(v->written), to, sizeof(to)));
}

static void print_unseen(const Suggestion *s, FILE *f)
{
	if (s->n_unseen == 0)
		return;
	fprintf(f,
		"  The container ran under another filter, which allowed %zu calls that the "
		"profile "
		"does not:\n  none of these would have been recorded. ",
		s->n_unseen);
	for (size_t i = 0; i < MIN(s->n_unseen, (size_t)UNSEEN_SHOWN); i++)
		fprintf(f, "%s%s", i > 0 ? ", " : "", s->unseen[i]);
	fprintf(f, "%s\n", s->n_unseen > UNSEEN_SHOWN ? "..." : ".");
}

/* Silence is evidence only where every call would have been heard. */
static void print_evidence(const SuggestView *v, FILE *f)
{
	char first[CLOCK_RFC3339_SIZE], last[CLOCK_RFC3339_SIZE];
	const Workload *w = v->workload;

	fprintf(f, "\nSeen from %s to %s: ",
		w->first ? clock_format_rfc3339(w->first, first) : "(never)",
		w->last ? clock_format_rfc3339(w->last, last) : "(never)");
	if (v->complete) {
		fprintf(f, "nothing is known to be missing.\n");
		return;
	}
	fprintf(f, "the evidence is incomplete, so there may be calls that nobody saw.\n");
	lost_print(&v->lost, f);
	print_unseen(v->suggestion, f);
	if (!span_is(span_of(w->visibility), "full"))
		fprintf(f, "  The applied filter may hide denied calls (visibility: %s).\n",
			known(w->visibility) ?: "unknown");
}

int suggest_print_text(const SuggestView *v, bool color, FILE *f)
{
	const Suggestion *s = v->suggestion;
	char name[4 * WORKLOAD_NAME_MAX];
	int r = 0;

	text_escape_to(span_of(v->workload->name), name, sizeof(name));
	if (s->n_calls > 0)
		r = print_calls(s, color, f);
	else
		fprintf(f, "No call of %s was recorded.\n", name);
	if (r < 0)
		return r;
	if (s->patched) {
		fputc('\n', f);
		r = suggest_print_diff(v, f);
		print_proof(v, f);
	} else if (s->n_other_changes > 0) {
		fputc('\n', f);
		print_other_changes(s, f);
	} else
		fprintf(f, "\nThere is nothing to add to the profile for %s.\n", name);
	if (s->n_still_denied > 0)
		fprintf(f, "%zu recorded calls stay denied; the table says why.\n",
			s->n_still_denied);
	ignored_print(v->profile_path, v->dialect, s->ignored, s->n_ignored, f);
	print_evidence(v, f);
	return r;
}
