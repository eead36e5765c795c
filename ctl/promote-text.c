/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/moment.h"
#include "ctl/promote-output.h"
#include "ctl/table.h"
#include "util/text.h"

#define LOSSES_SHOWN 20

/* ---- the gate ---- */

static const TableColumn columns[] = { { "CRITERION", false },
				       { "VERDICT", false },
				       { "VALUE", false },
				       { "WANTED", false },
				       { "WHY", false } };

static int print_gate(const PromoteView *v, FILE *f)
{
	static const TableTone tones[_GATE_VERDICT_MAX] = { TONE_GOOD, TONE_BAD, TONE_WARN };
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	const GateReport *g = v->gate;
	char text[2 * GATE_TEXT_MAX];
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const GateCriterion *c = &g->criteria[i];

		if (c->verdict == GATE_READY)
			continue;
		n++;
		table_cell(t, span_of(c->name), TONE_PLAIN);
		table_cell(t, span_of(gate_verdict_name(c->verdict)), tones[c->verdict]);
		table_cell(t, span_of(c->value), TONE_PLAIN);
		table_cell(t, span_of(c->threshold), TONE_PLAIN);
		table_cell(t, span_of(moment_sentence(c->sentence, ctl_now(), text, sizeof(text))),
			   TONE_PLAIN);
	}
	fprintf(f, "\nThe gate to stage %s: %s, %zu of %zu criteria are met.\n",
		gate_target_name(g->target), gate_verdict_name(g->verdict), g->n - n, g->n);
	if (n == 0)
		return 0;
	fputc('\n', f);
	return table_print(t, f, v->color);
}

/* ---- remarks ---- */

static void print_remarks(const Promotion *p, PromoteKind kind, const char *title, FILE *f)
{
	bool first = true;

	for (size_t i = 0; i < p->n_remarks; i++) {
		if (p->remarks[i].kind != kind)
			continue;
		if (first)
			fprintf(f, "\n%s\n", title);
		first = false;
		fprintf(f, "  * %s.\n", p->remarks[i].text);
	}
}

static void print_losses(const PromoteView *v, FILE *f)
{
	const Promotion *p = v->promotion;
	char name[4 * WORKLOAD_NAME_MAX];

	for (size_t i = 0; i < MIN(p->n_losses, (size_t)LOSSES_SHOWN); i++) {
		const PromoteLoss *loss = &p->losses[i];

		fprintf(f, "      %s (%s, number %" PRId64 "), %" PRIu64 " %s: %s%s\n",
			loss->name ?: "no name", arch_name(loss->arch), loss->nr, loss->count,
			text_plural(loss->count, "record", "records"),
			action_name(action_of_code(loss->answer)),
			loss->doubtful ? ", depending on its arguments" : "");
	}
	if (p->n_losses > LOSSES_SHOWN)
		fprintf(f, "      and %zu more\n", p->n_losses - LOSSES_SHOWN);
	if (p->n_losses > 0)
		fprintf(f, "    Next: seccompctl suggest %s --profile %s\n",
			text_escape_to(span_of(v->workload->name), name, sizeof(name)),
			v->path ?: "FILE");
}

/* ---- all of it ---- */

static void print_head(const PromoteView *v, FILE *f)
{
	const Promotion *p = v->promotion;
	char name[4 * WORKLOAD_NAME_MAX], path[1024];

	fprintf(f, "%s: stage %s to %s, ",
		text_escape_to(span_of(v->workload->name), name, sizeof(name)),
		p->from == STAGE_OTHER && v->before.n == 0 ? "none (unconfined)"
							   : stage_name(p->from),
		v->target);
	if (v->path)
		fprintf(f, "profile %s", text_escape_to(span_of(v->path), path, sizeof(path)));
	else
		fprintf(f, "from what its runtime has loaded");
	fprintf(f, " (read by %s, %s", dialect_name(v->dialect), runtime_name(v->runtime));
	if (v->facts.version > 0)
		fprintf(f, " %u.%u.%u", v->facts.version >> 16, v->facts.version >> 8 & 0xff,
			v->facts.version & 0xff);
	fprintf(f, "; capabilities %s)\n", v->facts.capabilities);
}

static void print_next(const PromoteView *v, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	promote_next(v, &b);
	if (buffer_error(&b) == 0)
		fprintf(f, "Next: %s%s\n",
			v->written || v->applied ? "" : "the same with -o FILE, then ", b.p);
}

static void print_end(const PromoteView *v, FILE *f)
{
	const Promotion *p = v->promotion;
	char path[1024];

	fprintf(f,
		"\nProof: both filters were run at %" PRIu64 " points; %" PRIu64
		" %s, each of a call that no rule\nlists, and nothing else.\n",
		p->evaluated, p->n_moved,
		text_plural(p->n_moved, "answer changes", "answers change"));
	if (v->applied)
		fprintf(f,
			"Written. The profile before it is kept as %s;\n\"seccompctl demote\" "
			"brings it back.\n",
			text_escape_to(span_of(v->applied), path, sizeof(path)));
	else if (v->written)
		fprintf(f, "Written to %s.\n",
			text_escape_to(span_of(v->written), path, sizeof(path)));
	fprintf(f, "A running process keeps its filter: containers must be made anew.\n");
	print_next(v, f);
}

static int print_refusal(const PromoteView *v, FILE *f)
{
	const char *gate = !v->gate || v->gate->verdict == GATE_READY ? NULL
			   : v->gate->verdict == GATE_UNKNOWN
				   ? "nobody can know yet whether it is time"
				   : "it is not time yet";
	bool obstacles = v->promotion->n_obstacles > 0;

	fprintf(f, "\nNot promoted: %s%s%s. --force does it all the same, and is recorded.\n",
		obstacles ? "something speaks against it" : "", obstacles && gate ? ", and " : "",
		gate ?: "");
	return 0;
}

int promote_print_report(const PromoteView *v, FILE *f)
{
	const Promotion *p = v->promotion;
	int r = 0;

	print_head(v, f);
	if (v->gate)
		r = print_gate(v, f);
	if (r < 0)
		return r;
	print_remarks(p, PROMOTE_OBSTACLE, "What speaks against it:", f);
	print_losses(v, f);
	print_remarks(p, PROMOTE_CHANGE, "What changes:", f);
	print_remarks(p, PROMOTE_NOTE, "Good to know:", f);
	if (v->refused)
		return print_refusal(v, f);
	if (!p->changed) {
		fprintf(f, "\nThe profile is there already: nothing changes.\n");
		return 0;
	}
	fputc('\n', f);
	r = promote_show_diff(v->before, v->after, v->path, f);
	if (r == 0)
		print_end(v, f);
	return r;
}
