/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records over the hours of the days. An hour without a record is one of two things: it was
 * watched, or it was not. */
#include <errno.h>
#include <inttypes.h>

#include "ctl/report.h"
#include "util/text.h"

#define HOUR (3600 * USEC_PER_SEC)
#define DAY (24 * HOUR)
#define DAYS_MAX 92
#define ROWS_MAX 14 /* so many days are rows; more are columns */
#define CELL 18     /* as high as its label */
#define CELL_LOW 13 /* of columns */

typedef struct Heat {
	usec_t first; /* midnight */
	unsigned days;
	bool days_are_rows;
	unsigned cell; /* its height */
	bool any_part; /* an hour that was watched in part, or lost something */
	const LedgerHour *hours[DAYS_MAX * 24];
	uint64_t records;
} Heat;

static bool find(const GateView *g, const ReportAxis *a, Heat *h)
{
	usec_t last;

	if (g->n_hours == 0)
		return false;
	last = g->hours[g->n_hours - 1].from / DAY;
	if (!a->ended)
		last = MAX(last, (a->to - 1) / DAY);
	h->first = g->hours[0].from / DAY;
	h->first = last - MIN(last - h->first, (usec_t)DAYS_MAX - 1);
	h->days = (unsigned)(last - h->first + 1);
	h->first *= DAY;
	h->days_are_rows = h->days <= ROWS_MAX;
	h->cell = h->days_are_rows ? CELL : CELL_LOW;
	for (size_t i = 0; i < g->n_hours; i++) {
		const LedgerHour *hour = &g->hours[i];

		if (hour->from < h->first || hour->from >= h->first + h->days * DAY)
			continue;
		h->hours[(hour->from - h->first) / HOUR] = hour;
		h->records += hour->records;
		h->any_part |= hour->observed > 0 && hour->complete < hour->observed;
	}
	return true;
}

/* By powers of ten. */
static unsigned level(uint64_t records)
{
	unsigned n = 0;

	for (; records > 0 && n < 5; records /= 10)
		n++;
	return n;
}

static void place(const Heat *h, unsigned i, double *x, double *width, unsigned *y)
{
	unsigned column = h->days_are_rows ? i % 24 : i / 24;
	unsigned columns = h->days_are_rows ? 24 : h->days;

	*width = 100.0 / columns;
	*x = column * *width;
	*y = (h->days_are_rows ? i / 24 : i % 24) * h->cell;
}

static void put_cell(const Heat *h, unsigned i, Buffer *b)
{
	const LedgerHour *hour = h->hours[i];
	bool part = hour && hour->observed > 0 && hour->complete < hour->observed;
	char from[CLOCK_RFC3339_SIZE];
	double x, width;
	unsigned y;

	place(h, i, &x, &width, &y);
	if (!hour || (hour->records == 0 && hour->observed == 0)) {
		buffer_printf(b,
			      "<rect class=\"cell\" fill=\"url(#unwatched)\" x=\"%.2f%%\" y=\"%u\" "
			      "width=\"%.2f%%\" height=\"%u\"/>",
			      x, y, width, h->cell);
		return;
	}
	clock_format_rfc3339(hour->from, from);
	buffer_printf(b,
		      "<rect class=\"cell h%u\" x=\"%.2f%%\" y=\"%u\" width=\"%.2f%%\" "
		      "height=\"%u\"><title>%.10s %.5s: %" PRIu64 " %s, %" PRIu64
		      " new; watched %u min, %u of them complete</title></rect>",
		      level(hour->records), x, y, width, h->cell, from, from + 11, hour->records,
		      text_plural(hour->records, "record", "records"), hour->sightings,
		      (unsigned)(hour->observed / (60 * USEC_PER_SEC)),
		      (unsigned)(hour->complete / (60 * USEC_PER_SEC)));
	if (part)
		buffer_printf(b,
			      "<rect class=\"part\" x=\"%.2f%%\" y=\"%u\" width=\"%.2f%%\" "
			      "height=\"4\"/>",
			      x, y + h->cell - 5, width * 0.96);
}

static void put_row_labels(const Heat *h, Buffer *b)
{
	char day[CLOCK_RFC3339_SIZE];

	buffer_printf(b, "<div class=\"rows%s\" aria-hidden=\"true\">",
		      h->days_are_rows ? "" : " low");
	for (unsigned i = 0; h->days_are_rows && i < h->days; i++) {
		clock_format_rfc3339(h->first + i * DAY, day);
		buffer_printf(b, "<span>%.5s</span>", day + 5);
	}
	for (unsigned i = 0; !h->days_are_rows && i < 24; i++)
		buffer_printf(b, i % 3 == 0 ? "<span>%02u:00</span>" : "<span></span>", i);
	buffer_add_str(b, "</div>");
}

static void put_column_labels(const Heat *h, Buffer *b)
{
	ReportAxis a = { .from = h->first, .to = h->first + h->days * DAY };

	if (h->days_are_rows)
		buffer_add_str(b, "<div class=\"x\"><span>00:00</span><span>06:00</span>"
				  "<span>12:00</span><span>18:00</span><span>24:00</span></div>");
	else
		report_axis_labels(&a, b);
}

static void put_legend(const Heat *h, Buffer *b)
{
	static const char *const words[] = { "watched, no record", "1 to 9 records",
					     "10 to 99",           "100 to 999",
					     "1,000 to 9,999",     "10,000 and more" };

	buffer_add_str(b, "<ul class=\"legend\">");
	for (unsigned i = 0; i < ELEMENTSOF(words); i++)
		buffer_printf(b,
			      "<li><svg width=\"12\" height=\"12\"><rect class=\"h%u\" "
			      "width=\"12\" height=\"12\"/></svg>%s</li>",
			      i, words[i]);
	if (h->any_part)
		buffer_add_str(b, "<li><svg width=\"12\" height=\"12\"><rect class=\"h1\" "
				  "width=\"12\" height=\"12\"/><rect class=\"part\" y=\"7\" "
				  "width=\"12\" height=\"4\"/></svg>something was lost in it</li>");
	buffer_add_str(b, "<li><svg width=\"18\" height=\"12\"><rect width=\"18\" height=\"12\" "
			  "fill=\"url(#unwatched)\"/></svg>not watched, or it did not run</li></ul>"
			  "\n");
}

static void put_heat(const Heat *h, Buffer *b)
{
	unsigned rows = h->days_are_rows ? h->days : 24;

	buffer_add_str(b, "<figure><div class=\"plot heat\">");
	put_row_labels(h, b);
	buffer_printf(b,
		      "<svg role=\"img\" aria-labelledby=\"heat-t heat-d\" width=\"100%%\" "
		      "height=\"%u\"><title id=\"heat-t\">Records by hour</title>"
		      "<desc id=\"heat-d\">%" PRIu64 " %s in %u %s, one cell for each hour. "
		      "The table under Discovery has the figures of each day.</desc>",
		      rows * h->cell, h->records, text_plural(h->records, "record", "records"),
		      h->days, text_plural(h->days, "day", "days"));
	for (unsigned i = 0; i < h->days * 24; i++)
		put_cell(h, i, b);
	buffer_add_str(b, "</svg>");
	put_column_labels(h, b);
	buffer_add_str(b, "</div>\n");
	put_legend(h, b);
	buffer_add_str(b, "</figure>\n");
}

void report_hours(const Report *r, Buffer *b)
{
	_cleanup_free_ Heat *h = calloc(1, sizeof(*h));
	ReportAxis a;

	if (!h) {
		b->error = b->error ?: -ENOMEM;
		return;
	}
	report_axis_find(r, &a);
	report_section_begin(b, "hours", "Records by hour",
			     "Hours in UTC; how often calls outside of the profile were made");
	if (find(&r->gate, &a, h))
		put_heat(h, b);
	else
		buffer_add_str(b, "<p>No hour of it was watched or brought a record. That is no "
				  "sign that nothing was called.</p>\n");
	report_section_end(b);
}
