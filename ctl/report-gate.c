/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate: each criterion with its value and its threshold, and what the figures do not say. */
#include <inttypes.h>

#include "ctl/report.h"

static const ReportColumn columns[] = {
	{ "Criterion", false }, { "Verdict", false }, { "Value", false },
	{ "Wanted", false },    { "Why", false },
};

static const char *verdict_word(GateVerdict v)
{
	static const char *const words[_GATE_VERDICT_MAX] = {
		[GATE_READY] = "met",
		[GATE_NOT_READY] = "not met",
		[GATE_UNKNOWN] = "unknown",
	};

	return words[v];
}

static void put_chips(const GateReport *g, Buffer *b)
{
	char text[64];

	buffer_add_str(b, "<ul class=\"chips\" aria-label=\"The criteria at a glance\">");
	for (size_t i = 0; i < g->n; i++) {
		snprintf(text, sizeof(text), "%s: %s", g->criteria[i].name,
			 verdict_word(g->criteria[i].verdict));
		buffer_add_str(b, "<li>");
		report_badge(b, report_verdict_tone(g->criteria[i].verdict), text);
		buffer_add_str(b, "</li>");
	}
	buffer_add_str(b, "</ul>\n");
}

static void put_criteria(const GateReport *g, Buffer *b)
{
	report_table_begin(b, "gate",
			   "The thresholds are a judgement, not a proof; [gate] in "
			   "seccompd.conf(5) sets them.",
			   columns, ELEMENTSOF(columns));
	for (size_t i = 0; i < g->n; i++) {
		const GateCriterion *c = &g->criteria[i];

		buffer_add_str(b, "<tr>");
		report_cell_str(b, c->name);
		buffer_printf(b, "<td data-v=\"%d\">", (int)c->verdict);
		report_badge(b, report_verdict_tone(c->verdict), verdict_word(c->verdict));
		buffer_add_str(b, "</td>");
		report_cell_str(b, c->value);
		report_cell_str(b, c->threshold);
		buffer_add_str(b, "<td class=\"w\">");
		html_sentence(b, c->sentence);
		buffer_add_str(b, "</td></tr>\n");
	}
	report_table_end(b);
}

void report_gate(const Report *r, Buffer *b)
{
	const GateReport *g = &r->gate.report;
	char note[96];

	snprintf(note, sizeof(note), "May the profile move to %s?",
		 r->target == GATE_TO_KILL ? "KILL" : "ERRNO");
	report_section_begin(b, "gate", "Gate", r->no_gate ? NULL : note);
	if (r->no_gate) {
		buffer_add_str(b, "<p>There is none to pass: ");
		html_str(b, r->no_gate);
		buffer_add_str(b, ".</p>\n");
	} else {
		put_chips(g, b);
		put_criteria(g, b);
	}
	if (!r->no_gate && r->gate.policy.thresholds.accept_unobservable_loss)
		buffer_add_str(b, "<p class=\"left-out\">AcceptUnobservableLoss=yes is set: "
				  "records that the kernel dropped itself may be missing.</p>\n");
	report_section_end(b);
}
