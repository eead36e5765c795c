/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/ignored.h"
#include "ctl/moment.h"
#include "ctl/next-step.h"
#include "ctl/shown-lines.h"
#include "suggest/sightings.h"
#include "ctl/suggest-output.h"
#include "ctl/table.h"
#include "ctl/tone.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

#define UNSEEN_SHOWN 12

static const TableColumn columns[] = {
	{ "CALL", false }, { "ARCH", false }, { "ADVICE", false }, { "RISK", false },
	{ "COUNT", true }, { "BY", false },   { "WHY", false },
};

static const char *shown_advice(const SuggestCall *c)
{
	return c->advice == ADVICE_ALLOW && !c->offered ? "allowed already"
							: advice_name(c->advice);
}

/* "nginx", "nginx +2": the programs that are among the examples. */
static void put_makers(Table *t, const SuggestCall *c)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	unsigned others = 0;

	for (size_t i = 0; i < c->n_examples; i++) {
		bool known_already = false;

		for (size_t k = 0; k < i; k++)
			known_already |= span_eq(c->examples[k].comm, c->examples[i].comm);
		if (!known_already && c->examples[i].comm.n > 0)
			others += b.n > 0;
		if (b.n == 0)
			buffer_add(&b, c->examples[i].comm);
	}
	if (others > 0)
		buffer_printf(&b, " +%u", others);
	table_cell(t, b.n > 0 ? buffer_span(&b) : SPAN_LIT("-"), TONE_PLAIN);
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
		put_makers(t, c);
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

/* What stands in a new profile beside what was seen. */
static void print_first(const SuggestView *v, FILE *f)
{
	const FirstProfile *p = v->first;

	if (!p)
		return;
	fprintf(f,
		"\nA new profile at stage log: besides what was seen, it allows %zu calls that no "
		"program or runtime\ncan do without%s",
		p->n_always, p->n_carried > 0 ? ", and" : ".\n");
	if (p->n_carried > 0)
		fprintf(f,
			" %zu that the filter it ran under allowed, of which there is no\nrecord: "
			"\"promote --to audit-all\" and \"suggest --tighten\" find out which of "
			"them it needs.\n",
			p->n_carried);
}

static void print_proof(const SuggestView *v, FILE *f)
{
	const Suggestion *s = v->suggestion;

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
		fprintf(f, "For %u %s the arguments were sampled: too many combinations.\n",
			s->proof.sampled, text_plural(s->proof.sampled, "call", "calls"));
}

/* The way to have them, whoever judges that they belong there. */
static void print_marked(const Suggestion *s, FILE *f)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_calls; i++)
		n += s->calls[i].suspicion.marks != 0 && !s->calls[i].offered &&
		     s->calls[i].advice == ADVICE_REVIEW;
	if (n > 0)
		fprintf(f,
			"\n%zu of them %s marked, as WHY says: a single container may have planted "
			"%s.\n"
			"--include-marked offers what is marked as well.\n",
			n, text_plural(n, "is", "are"), text_plural(n, "it", "them"));
}

static void print_unseen(const Suggestion *s, FILE *f)
{
	if (s->n_unseen == 0)
		return;
	fprintf(f,
		"  The container ran under another filter, which allowed %zu %s that the "
		"profile "
		"does not:\n  none of these would have been recorded. ",
		s->n_unseen, text_plural(s->n_unseen, "call", "calls"));
	for (size_t i = 0; i < MIN(s->n_unseen, (size_t)UNSEEN_SHOWN); i++)
		fprintf(f, "%s%s", i > 0 ? ", " : "", s->unseen[i]);
	fprintf(f, "%s\n", s->n_unseen > UNSEEN_SHOWN ? "..." : ".");
}

/* Silence is evidence only where every call would have been heard. */
static void print_evidence(const SuggestView *v, FILE *f)
{
	char seen[MOMENT_TEXT_MAX], why[EVIDENCE_WHY_MAX];
	const Workload *w = v->workload;
	usec_t now = ctl_now();

	if (w->imported && w->last == 0)
		fprintf(f, "\nSeen nobody knows when: ");
	else
		fprintf(f, "\nSeen %s: ", moment_between(w->first, w->last, now, seen));
	if (v->complete) {
		fprintf(f, "nothing is known to be missing.\n");
		return;
	}
	fprintf(f, "the evidence is incomplete%s%s, so there may be calls that nobody saw.\n",
		v->why[0] ? ": " : "", moment_sentence(v->why, now, why, sizeof(why)));
	lost_print(&v->lost, f);
	print_unseen(v->suggestion, f);
	if (!span_is(span_of(w->visibility), "full"))
		fprintf(f, "  The applied filter may hide denied calls (visibility: %s).\n",
			known(w->visibility) ?: "unknown");
}

/* What it comes to, before all else. */
static void print_headline(const SuggestView *v, FILE *f)
{
	const Suggestion *s = v->suggestion;
	char name[4 * WORKLOAD_NAME_MAX];
	size_t offered = 0;

	for (size_t i = 0; i < s->n_calls; i++)
		offered += s->calls[i].offered;
	text_escape_to(span_of(v->workload->name), name, sizeof(name));
	if (s->n_calls == 0) {
		fprintf(f, "%s: no call was recorded.\n", name);
		return;
	}
	fprintf(f, "%s: %zu call%s recorded; ", name, s->n_calls, text_plural(s->n_calls, "", "s"));
	if (s->patched)
		fprintf(f, "the patch is for %zu", offered);
	else
		fputs("there is nothing to add to the profile", f);
	if (s->n_still_denied > 0)
		fprintf(f, ", %zu stay%s out of the profile (WHY says the reason)",
			s->n_still_denied, text_plural(s->n_still_denied, "s", ""));
	fputs(".\n", f);
}

static int print_patch(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r = suggest_make_diff(v, &b);

	return r < 0 ? r : shown_lines(buffer_span(&b), f);
}

static const char *what_next(const SuggestView *v)
{
	bool from_stdin = strcmp(v->profile_path, "-") == 0;

	if (v->applied.backup || v->written)
		return "start anew what runs under it: a filter that is loaded stays as it is.";
	if (v->suggestion->patched && from_stdin)
		return "--output profile prints all of it. Then start anew what runs under it.";
	if (v->suggestion->patched && v->dialect == DIALECT_SYSTEMD)
		return "the same with --apply writes the drop-in; then systemctl daemon-reload, "
		       "and "
		       "restart the unit.";
	if (v->suggestion->patched)
		return "the same with --apply changes the file, and keeps the old one beside it;\n"
		       "--output diff is for patch -p0 and git apply. Then start anew what runs "
		       "under it.";
	if (v->exit_code == SECCOMPD_EXIT_FINDINGS)
		return "a person decides about the calls that stay out of the profile.";
	if (v->exit_code == SECCOMPD_EXIT_OK)
		return "nothing is to be done.";
	if (!span_is(span_of(v->workload->visibility), "full"))
		return "run an instance of it under a copy of the profile whose defaultAction is\n"
		       "SCMP_ACT_LOG, so that what is denied can be seen.";
	return "let it run until the evidence is complete; seccompctl status tells what is lost.";
}

/* Of a new profile nothing runs yet. */
static void print_first_start(const SuggestView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	next_step(v->workload, v->written, &b);
	if (buffer_error(&b) == 0)
		fprintf(f, "Next: %s%s\n", v->written ? "" : "the same with -o FILE, then ", b.p);
}

static void print_next(const SuggestView *v, FILE *f)
{
	char path[1024];

	fputc('\n', f);
	if (v->first) {
		print_first_start(v, f);
		return;
	}
	if (v->written)
		fprintf(f, "The patched profile is in %s.\n",
			text_escape_to(span_of(v->written), path, sizeof(path)));
	if (v->applied.backup)
		suggest_print_applied(v, f);
	fprintf(f, "Next: %s\n", what_next(v));
}

int suggest_print_report(const SuggestView *v, FILE *f)
{
	const Suggestion *s = v->suggestion;
	int r = 0;

	print_headline(v, f);
	if (s->n_calls > 0) {
		fputc('\n', f);
		r = print_calls(s, v->color, f);
		print_marked(s, f);
	}
	print_first(v, f);
	if (r == 0 && s->patched) {
		fputc('\n', f);
		r = print_patch(v, f);
		print_proof(v, f);
	} else if (s->n_other_changes > 0) {
		fputc('\n', f);
		print_other_changes(s, f);
	}
	if (r < 0)
		return r;
	ignored_print(v->profile_path, v->dialect, s->ignored, s->n_ignored, f);
	print_evidence(v, f);
	print_next(v, f);
	return 0;
}
