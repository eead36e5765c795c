/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each call with its risk, its origin, who made it, and the advice. */
#include <inttypes.h>
#include <string.h>

#include "audit/arch.h"
#include "ctl/report.h"
#include "util/text.h"

#define MAKERS_SHOWN 3

void report_call_name(Buffer *b, const ReportCall *c)
{
	const Sighting *s = c->first_row;

	if (s->name[0])
		html_name(b, span_of(s->name));
	else
		buffer_printf(b, "number %" PRId64, s->nr);
}

/* ---- cells ---- */

static void put_call(const ReportCall *c, Buffer *b)
{
	buffer_add_str(b, "<td class=\"c\">");
	report_call_name(b, c);
	buffer_printf(b, "<small>%s %" PRId64 "</small></td>", arch_name(c->first_row->arch),
		      c->first_row->nr);
}

static const char *shown_advice(const SuggestCall *c)
{
	return c->advice == ADVICE_ALLOW && !c->offered ? "allowed already"
							: advice_name(c->advice);
}

static ReportTone advice_tone(const SuggestCall *c)
{
	if (c->open)
		return REPORT_WARN;
	return c->advice == ADVICE_ALLOW ? REPORT_GOOD : REPORT_PLAIN;
}

static void put_advice(const ReportCall *c, Buffer *b)
{
	buffer_add_str(b, "<td>");
	if (!c->advice) {
		report_badge(b, REPORT_UNKNOWN, "no advice");
	} else {
		report_badge(b, advice_tone(c->advice), shown_advice(c->advice));
		if (c->advice->open)
			buffer_add_str(b, "<small>waits for a person</small>");
	}
	buffer_add_str(b, "</td>");
}

static void put_risk(const ReportCall *c, Buffer *b)
{
	bool known_one = c->first_row->name[0];

	buffer_printf(b, "<td data-v=\"%d\">", known_one ? (int)c->risk : -1);
	if (known_one)
		report_badge(b, report_risk_tone(c->risk), risk_name(c->risk));
	else
		report_badge(b, REPORT_UNKNOWN, "not known");
	buffer_add_str(b, "</td>");
}

static void put_origins(const ReportCall *c, Buffer *b)
{
	const char *sep = "";

	buffer_add_str(b, "<td class=\"o\">");
	for (int o = 0; o < _ORIGIN_MAX; o++)
		if (c->origins & 1U << o) {
			buffer_printf(b, "%s%s", sep, origin_name((Origin)o));
			sep = ", ";
		}
	sep = "<small>";
	for (int a = 0; a < _ACTION_MAX; a++)
		if (c->actions & 1U << a) {
			buffer_printf(b, "%s%s", sep, action_name((Action)a));
			sep = ", ";
		}
	buffer_add_str(b, "</small></td>");
}

/* Programs by what they were started from, else by what they call themselves. */
static Span maker(const SuggestExample *e)
{
	return e->exe.n > 0 ? e->exe : e->comm;
}

static bool was_shown(const ReportCall *c, size_t row, size_t example)
{
	Span by = maker(&c->first_row[row].examples[example]);

	for (size_t i = 0; i <= row; i++)
		for (size_t k = 0; k < (i == row ? example : c->first_row[i].n_examples); k++)
			if (span_eq(maker(&c->first_row[i].examples[k]), by))
				return true;
	return false;
}

static void put_makers(const ReportCall *c, Buffer *b)
{
	size_t shown = 0, more = 0;

	buffer_add_str(b, "<td class=\"b\">");
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->first_row[i].n_examples; k++) {
			if (was_shown(c, i, k))
				continue;
			if (shown == MAKERS_SHOWN) {
				more++;
				continue;
			}
			buffer_add_str(b, shown++ > 0 ? "<br>" : "");
			html_name(b, maker(&c->first_row[i].examples[k]));
		}
	if (more > 0)
		buffer_printf(b, "<small>and %zu more</small>", more);
	if (shown == 0)
		buffer_add_str(b, "not known");
	buffer_add_str(b, "</td>");
}

static void put_count(const ReportCall *c, Buffer *b)
{
	static const char *const words[] = { "", "one instance", "two instances",
					     "more instances" };

	buffer_printf(b, "<td class=\"n\" data-v=\"%" PRIu64 "\">", c->count);
	html_count(b, c->count);
	if (c->lifetimes > 0)
		buffer_printf(b, "<small>%s</small>", words[MIN(c->lifetimes, 3U)]);
	buffer_add_str(b, "</td>");
}

static void put_why(const ReportCall *c, Buffer *b)
{
	char told[512], why[SUSPICION_TEXT_MAX];
	const Suspicion *s = &c->first_row->suspicion;

	buffer_add_str(b, "<td class=\"w\">");
	if (c->advice)
		html_str(b, c->advice->reason);
	if (c->advice && c->advice->decision) {
		buffer_add_str(b, "<small>");
		html_str(b, decision_tell(c->advice->decision, told, sizeof(told)));
		buffer_add_str(b, "</small>");
	}
	/* The reason of an advice tells it already. */
	if (!c->advice && s->marks != 0) {
		buffer_add_str(b, "<small>Marked: ");
		html_str(b, suspicion_tell(s, why));
		buffer_add_str(b, "</small>");
	}
	buffer_add_str(b, "</td>");
}

/* ---- the tables ---- */

static const ReportColumn columns[] = {
	{ "Call", false },   { "Advice", false }, { "Risk", false },
	{ "Origin", false }, { "Count", true },   { "By", false },
	{ "First", false },  { "Last", false },   { "Why", false },
};

static void put_row(const ReportCall *c, Buffer *b)
{
	buffer_add_str(b, "<tr>");
	put_call(c, b);
	put_advice(c, b);
	put_risk(c, b);
	put_origins(c, b);
	put_count(c, b);
	put_makers(c, b);
	report_cell_time(b, c->first);
	report_cell_time(b, c->last);
	put_why(c, b);
	buffer_add_str(b, "</tr>\n");
}

static void put_left_out(const Report *r, size_t shown, Buffer *b)
{
	if (shown < r->n_calls)
		buffer_printf(b,
			      "<p class=\"left-out\">%zu more %s left out of this page: "
			      "\"seccompctl show\" lists them all.</p>\n",
			      r->n_calls - shown,
			      text_plural(r->n_calls - shown, "call is", "calls are"));
	if (r->dropped > 0) {
		buffer_add_str(b, "<p class=\"left-out\">");
		html_count(b, r->dropped);
		buffer_add_str(b, " more records were not kept at all: it made too many different "
				  "calls.</p>\n");
	}
}

void report_calls(const Report *r, Buffer *b)
{
	size_t shown = MIN(r->n_calls, (size_t)REPORT_CALLS_SHOWN);

	report_section_begin(b, "calls", "Calls outside of the profile",
			     "What waits for a person first, then by risk");
	if (!r->advice.suggestion) {
		buffer_add_str(b, "<p>There is no advice: ");
		html_safe(b, span_of(r->advice.why));
		buffer_add_str(b, ".</p>\n");
	}
	if (shown > 0) {
		report_table_begin(b, "calls", "One row for each call.", columns,
				   ELEMENTSOF(columns));
		for (size_t i = 0; i < shown; i++)
			put_row(&r->calls[i], b);
		report_table_end(b);
	} else {
		buffer_add_str(b, "<p>No call outside of its profile was recorded. ");
		html_str(b, r->complete ? "Nothing is known to be missing."
					: "Since the evidence is incomplete, that does not say "
					  "that there was none.");
		buffer_add_str(b, "</p>\n");
	}
	put_left_out(r, shown, b);
	report_section_end(b);
}

static const ReportColumn denied_columns[] = {
	{ "Call", false }, { "Advice", false }, { "Risk", false },
	{ "Count", true }, { "Why", false },
};

static void put_denied(const ReportCall *c, Buffer *b)
{
	buffer_add_str(b, "<tr>");
	put_call(c, b);
	put_advice(c, b);
	put_risk(c, b);
	put_count(c, b);
	put_why(c, b);
	buffer_add_str(b, "</tr>\n");
}

void report_denied(const Report *r, Buffer *b)
{
	const Suggestion *s = r->advice.suggestion;
	size_t n = 0, shown = 0;

	for (size_t i = 0; i < r->n_calls; i++)
		n += report_is_denied(&r->calls[i]);
	report_section_begin(b, "denied", "What is still denied",
			     s && s->patched ? "With the patch below taken" : NULL);
	if (!s)
		buffer_add_str(b, "<p>Not known: without a profile there is nothing to hold the "
				  "calls against.</p>\n");
	else if (n == 0)
		buffer_add_str(b, "<p>None of the calls that were recorded.</p>\n");
	if (n > 0)
		report_table_begin(b, "denied",
				   "At ERRNO these calls fail, at KILL they end the "
				   "process.",
				   denied_columns, ELEMENTSOF(denied_columns));
	for (size_t i = 0; i < r->n_calls && shown < REPORT_CALLS_SHOWN; i++)
		if (report_is_denied(&r->calls[i])) {
			put_denied(&r->calls[i], b);
			shown++;
		}
	if (n > 0)
		report_table_end(b);
	if (shown < n)
		buffer_printf(b, "<p class=\"left-out\">%zu more %s left out of this page.</p>\n",
			      n - shown, text_plural(n - shown, "is", "are"));
	if (r->gate.figures.denials > 0) {
		buffer_add_str(b, "<p>Refused within the window already: ");
		html_str(b, r->gate.figures.denied);
		buffer_add_str(b, ".</p>\n");
	}
	report_section_end(b);
}
