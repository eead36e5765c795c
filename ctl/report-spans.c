/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When each call was made: from its first record to its last. In between the ledger keeps counts,
 * no times, but for the first in each of some instances. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "audit/arch.h"
#include "ctl/report.h"
#include "util/text.h"

#define ROW 18
#define ROWS_MAX 48

static int newest_first(const void *a, const void *b)
{
	const ReportCall *x = *(const ReportCall *const *)a, *y = *(const ReportCall *const *)b;

	if (x->first != y->first)
		return x->first > y->first ? -1 : 1;
	return x->first_row < y->first_row ? -1 : x->first_row > y->first_row;
}

static const char *risk_class(const ReportCall *c)
{
	return c->first_row->name[0] ? risk_name(c->risk) : "none";
}

static void put_tick(const ReportAxis *a, const char *class, usec_t t, unsigned y, Buffer *b)
{
	if (t >= a->from && t <= a->to)
		buffer_printf(b,
			      "<rect class=\"tick %s\" x=\"%.2f%%\" y=\"%u\" width=\"3\" "
			      "height=\"%d\"/>",
			      class, 99.6 * report_axis_at(a, t), y + 3, ROW - 6);
}

static void put_span(const ReportAxis *a, const ReportCall *c, unsigned y, Buffer *b)
{
	double from = report_axis_at(a, c->first), to = report_axis_at(a, c->last);
	char first[CLOCK_RFC3339_SIZE], last[CLOCK_RFC3339_SIZE];
	const char *class = risk_class(c);

	buffer_printf(b, "<line class=\"rowline\" x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>",
		      y + ROW, y + ROW);
	buffer_printf(b,
		      "<rect class=\"span %s\" x=\"%.2f%%\" y=\"%u\" width=\"%.2f%%\" "
		      "height=\"%d\"><title>%.16s to %.16s, %" PRIu64 " %s</title></rect>",
		      class, 99.6 * from, y + 6, MAX(99.6 * (to - from), 0.3), ROW - 12,
		      clock_format_rfc3339(c->first, first), clock_format_rfc3339(c->last, last),
		      c->count, text_plural(c->count, "record", "records"));
	put_tick(a, class, c->first, y, b);
	put_tick(a, class, c->last, y, b);
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->first_row[i].n_makings; k++)
			put_tick(a, class, c->first_row[i].makings[k].first, y, b);
}

static void put_rows(const ReportAxis *a, const ReportCall **rows, size_t n, Buffer *b)
{
	buffer_add_str(b, "<figure><div class=\"plot\"><div class=\"rows mono\" "
			  "aria-hidden=\"true\">");
	for (size_t i = 0; i < n; i++) {
		buffer_add_str(b, "<span>");
		report_call_name(b, rows[i]);
		buffer_add_str(b, "</span>");
	}
	buffer_printf(b,
		      "</div><svg role=\"img\" aria-labelledby=\"spans-t spans-d\" width=\"100%%\" "
		      "height=\"%zu\"><title id=\"spans-t\">Calls over time</title>"
		      "<desc id=\"spans-d\">A row for each of %zu %s, from its first record to "
		      "its last. The table under Calls has the times.</desc>",
		      n * ROW, n, text_plural(n, "call", "calls"));
	for (size_t i = 0; i < n; i++)
		put_span(a, rows[i], (unsigned)i * ROW, b);
	buffer_add_str(b, "</svg>");
	report_axis_labels(a, b);
	buffer_add_str(b, "</div>\n<ul class=\"legend\">"
			  "<li><svg width=\"24\" height=\"12\"><rect class=\"span low\" y=\"4\" "
			  "width=\"24\" height=\"5\"/><rect class=\"tick low\" width=\"3\" "
			  "height=\"12\"/><rect class=\"tick low\" x=\"21\" width=\"3\" "
			  "height=\"12\"/></svg>low risk: first and last record, first of an "
			  "instance</li>"
			  "<li><svg width=\"12\" height=\"12\"><rect class=\"medium\" width=\"12\" "
			  "height=\"12\"/></svg>medium</li>"
			  "<li><svg width=\"12\" height=\"12\"><rect class=\"high\" width=\"12\" "
			  "height=\"12\"/></svg>high and critical</li></ul></figure>\n");
}

void report_spans(const Report *r, Buffer *b)
{
	_cleanup_free_ const ReportCall **rows = calloc(r->n_calls + 1, sizeof(*rows));
	size_t shown = MIN(r->n_calls, (size_t)ROWS_MAX);
	ReportAxis a;

	if (!rows) {
		b->error = b->error ?: -ENOMEM;
		return;
	}
	if (r->n_calls == 0)
		return;
	report_axis_find(r, &a);
	for (size_t i = 0; i < r->n_calls; i++)
		rows[i] = &r->calls[i];
	qsort(rows, r->n_calls, sizeof(*rows), newest_first);
	report_section_begin(b, "spans", "Calls over time", "The newest first");
	put_rows(&a, rows, shown, b);
	if (shown < r->n_calls)
		buffer_printf(
			b,
			"<p class=\"left-out\">%zu older %s left out here: the table below has "
			"all.</p>\n",
			r->n_calls - shown,
			text_plural(r->n_calls - shown, "call is", "calls are"));
	report_section_end(b);
}
