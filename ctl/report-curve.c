/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The discovery curve: how many different sightings were known when. Where it is flat and nothing
 * was watched, that says nothing, so what was not watched is marked. */
#include <inttypes.h>
#include <stdlib.h>

#include "ctl/report.h"
#include "util/text.h"

#define HEIGHT 190
#define WIDTH 1000 /* of the curve's own units */
#define BUCKETS 96
#define DAYS_SHOWN 92
#define HOUR (3600 * USEC_PER_SEC)
#define DAY (24 * HOUR)

typedef struct Curve {
	ReportAxis axis;
	uint64_t bars[BUCKETS]; /* new ones */
	uint64_t before, all, highest_bar;
	ReportStretches stretches;
} Curve;

static void count(const Report *r, Curve *c)
{
	const Sightings *s = &r->gate.sightings;

	report_axis_find(r, &c->axis);
	for (size_t i = 0; i < s->n; i++) {
		size_t at = (size_t)(report_axis_at(&c->axis, s->rows[i].first) * BUCKETS);

		c->before += s->rows[i].first < c->axis.from;
		if (s->rows[i].first >= c->axis.from)
			c->bars[MIN(at, (size_t)BUCKETS - 1)]++;
	}
	c->all = s->n;
	for (size_t i = 0; i < BUCKETS; i++)
		c->highest_bar = MAX(c->highest_bar, c->bars[i]);
}

/* The bars stand on the floor, at most a third of the height. */
static void put_bars(const Curve *c, Buffer *b)
{
	const ReportAxis *a = &c->axis;
	char from[CLOCK_RFC3339_SIZE];

	for (size_t i = 0; i < BUCKETS; i++) {
		double high = c->highest_bar ? (double)c->bars[i] / (double)c->highest_bar : 0;

		if (c->bars[i] == 0)
			continue;
		high = MAX(high * HEIGHT / 3, 3);
		clock_format_rfc3339(a->from + (a->to - a->from) / BUCKETS * i, from);
		buffer_printf(b,
			      "<rect class=\"bar\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" "
			      "height=\"%.1f\"><title>from %.16s: %" PRIu64 " new</title></rect>",
			      100.0 * (double)i / BUCKETS, HEIGHT - high, 100.0 / BUCKETS - 0.15,
			      high, from, c->bars[i]);
	}
}

static double height_of(const Curve *c, uint64_t n)
{
	double most = (double)MAX(c->all, 1U);

	return HEIGHT - 4 - (HEIGHT - 14) * (double)n / most;
}

static void put_steps(const Curve *c, Buffer *b)
{
	uint64_t n = c->before;

	buffer_printf(b, "M0 %.1f", height_of(c, n));
	for (size_t i = 0; i < BUCKETS; i++) {
		if (c->bars[i] == 0)
			continue;
		n += c->bars[i];
		buffer_printf(b, "H%.1fV%.1f", (double)WIDTH * (double)i / BUCKETS,
			      height_of(c, n));
	}
	buffer_printf(b, "H%d", WIDTH);
}

static void put_line(const Curve *c, Buffer *b)
{
	buffer_printf(b,
		      "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" width=\"100%%\" "
		      "height=\"%d\" aria-hidden=\"true\"><path class=\"area\" d=\"",
		      WIDTH, HEIGHT, HEIGHT);
	put_steps(c, b);
	buffer_printf(b, "V%dH0Z\"/><path class=\"line\" d=\"", HEIGHT);
	put_steps(c, b);
	buffer_add_str(b, "\"/></svg>");
}

static void put_svg(const Report *r, Curve *c, Buffer *b)
{
	buffer_printf(b,
		      "<div class=\"plot\"><div class=\"y\" aria-hidden=\"true\"><span>%" PRIu64
		      "</span><span>%g</span><span>0</span></div>",
		      MAX(c->all, 1U), (double)MAX(c->all, 1U) / 2);
	buffer_printf(b,
		      "<svg role=\"img\" aria-labelledby=\"curve-t curve-d\" width=\"100%%\" "
		      "height=\"%d\"><title id=\"curve-t\">Discovery curve</title>"
		      "<desc id=\"curve-d\">%" PRIu64 " %s in all, %" PRIu64
		      " of them within the chart. The table below it has the figures of each "
		      "day.</desc>",
		      HEIGHT, c->all, text_plural(c->all, "sighting", "sightings"),
		      c->all - c->before);
	report_stripes(r, &c->axis, HEIGHT, b, &c->stretches);
	for (unsigned i = 1; i < 4; i++)
		buffer_printf(b, "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>",
			      HEIGHT * i / 4, HEIGHT * i / 4);
	put_bars(c, b);
	put_line(c, b);
	buffer_add_str(b, "</svg>");
	report_axis_labels(&c->axis, b);
	buffer_add_str(b, "</div>\n");
}

static void put_legend(Buffer *b)
{
	buffer_add_str(b,
		       "<ul class=\"legend\">"
		       "<li><svg width=\"18\" height=\"10\"><rect class=\"area\" width=\"18\" "
		       "height=\"10\"/><path class=\"line\" d=\"M0 1H18\"/></svg>known so far</li>"
		       "<li><svg width=\"10\" height=\"10\"><rect class=\"bar\" width=\"10\" "
		       "height=\"10\"/></svg>new</li>"
		       "<li><svg width=\"18\" height=\"10\"><rect width=\"18\" height=\"10\" "
		       "fill=\"url(#unwatched)\"/></svg>not watched</li>"
		       "<li><svg width=\"18\" height=\"10\"><rect width=\"18\" height=\"10\" "
		       "fill=\"url(#lost)\"/></svg>something was lost</li></ul>\n");
}

static void put_caption(const Curve *c, Buffer *b)
{
	const ReportStretches *s = &c->stretches;
	char span[32], unwatched[32], lost[32], end[CLOCK_RFC3339_SIZE];

	html_printf(b, "%s shown, %s of it not watched, and %s with a loss (%zu %s).",
		    clock_format_span(c->axis.to - c->axis.from, span, sizeof(span)),
		    clock_format_span(s->unwatched_time, unwatched, sizeof(unwatched)),
		    clock_format_span(s->lost_time, lost, sizeof(lost)), s->lost,
		    text_plural(s->lost, "stretch", "stretches"));
	if (s->unwatched + s->lost > 0)
		html_str(b, " Where it was not watched or something was lost, a flat line does not "
			    "mean that nothing was called.");
	if (c->axis.cut)
		html_printf(b, " %" PRIu64 " %s older than the chart.", c->before,
			    text_plural(c->before, "sighting is", "sightings are"));
	if (c->axis.ended)
		html_printf(b, " It ends at %.16s, since when nothing was recorded or watched.",
			    clock_format_rfc3339(c->axis.to, end));
}

/* ---- in words and figures ---- */

static const ReportColumn columns[] = {
	{ "Day", false },     { "Records", true },   { "New", true },
	{ "Watched", false }, { "Complete", false },
};

static void put_day(const GateView *g, size_t from, size_t to, Buffer *b)
{
	uint64_t records = 0, new = 0;
	usec_t observed = 0, complete = 0;
	char day[CLOCK_RFC3339_SIZE], text[32];

	for (size_t i = from; i < to; i++) {
		records += g->hours[i].records;
		new += g->hours[i].sightings;
		observed += g->hours[i].observed;
		complete += g->hours[i].complete;
	}
	clock_format_rfc3339(g->hours[from].from, day);
	buffer_printf(b, "<tr><td>%.10s</td>", day);
	report_cell_count(b, records);
	report_cell_count(b, new);
	buffer_printf(b, "<td data-v=\"%" PRIu64 "\">%s</td>", observed,
		      observed ? clock_format_span(observed, text, sizeof(text)) : "not watched");
	buffer_printf(b, "<td data-v=\"%" PRIu64 "\">%s</td></tr>\n", complete,
		      complete ? clock_format_span(complete, text, sizeof(text)) : "none of it");
}

static void put_days(const Report *r, Buffer *b)
{
	const GateView *g = &r->gate;
	size_t days = 0;

	buffer_add_str(b, "<details><summary>The same day by day</summary>\n");
	report_table_begin(b, "days", "What is not listed was not watched, or it did not run.",
			   columns, ELEMENTSOF(columns));
	for (size_t to = g->n_hours; to > 0 && days < DAYS_SHOWN; days++) {
		size_t from = to - 1;

		while (from > 0 && g->hours[from - 1].from / DAY == g->hours[to - 1].from / DAY)
			from--;
		put_day(g, from, to, b);
		to = from;
	}
	report_table_end(b);
	buffer_add_str(b, "</details>\n");
}

static void put_coverage(const Report *r, Buffer *b)
{
	const Coverage *c = &r->gate.coverage;
	const CoverageInput *in = &r->gate.coverage_input;

	buffer_add_str(b, "<h3>How much is still to come</h3>\n<p>");
	if (c->next_new >= 0)
		html_printf(b,
			    "By what was seen once, %.0f %% of further instances show something "
			    "new, and at least %.0f more calls are still to come. ",
			    100 * c->next_new, c->unseen_least);
	if (c->lifetime_bound >= 0)
		html_printf(b,
			    "%" PRIu64
			    " %s without anything new %s that only at %.1f %% per instance. ",
			    in->quiet_lifetimes,
			    text_plural(in->quiet_lifetimes, "instance", "instances"),
			    text_plural(in->quiet_lifetimes, "bounds", "bound"),
			    100 * c->lifetime_bound);
	if (c->day_bound >= 0)
		html_printf(b, "The quiet days bound it only at %.1f %% per day. ",
			    100 * c->day_bound);
	if (c->next_new < 0 && c->lifetime_bound < 0 && c->day_bound < 0)
		html_str(b, "Not known: too little was watched to count on. ");
	html_str(b, coverage_caveat());
	buffer_add_str(b, "</p>\n");
}

void report_curve(const Report *r, Buffer *b)
{
	Curve c = { 0 };

	count(r, &c);
	report_section_begin(b, "curve", "Discovery", "New sightings over time");
	buffer_add_str(b, "<figure>\n");
	put_svg(r, &c, b);
	put_legend(b);
	buffer_add_str(b, "<figcaption>");
	put_caption(&c, b);
	buffer_add_str(b, "</figcaption></figure>\n");
	if (r->gate.n_hours > 0)
		put_days(r, b);
	put_coverage(r, b);
	report_section_end(b);
}
