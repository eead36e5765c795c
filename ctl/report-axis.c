/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Time from left to right, and which of it was not watched or not whole. */
#include <errno.h>
#include <inttypes.h>

#include "ctl/report.h"

#define HOUR (3600 * USEC_PER_SEC)
#define DAY (24 * HOUR)
#define AXIS_MAX (92 * DAY) /* so long hours are kept */
#define IDLE (30 * DAY)     /* behind so much of nothing a chart ends early */
#define LEAST (120 * USEC_PER_SEC)
#define TICKS 5
#define STRIPES_MAX 400

/* ---- from when to when ---- */

static usec_t earlier(usec_t a, usec_t b)
{
	return b != 0 && b < a ? b : a;
}

static usec_t first_of(const Report *r)
{
	const GateView *g = &r->gate;
	usec_t first = r->now;

	first = earlier(first, r->workload->first);
	/* Hours are whole ones, and begin before what brought them. */
	if (r->workload->first == 0 && g->window.n_lifetimes == 0 && g->n_hours > 0)
		first = earlier(first, g->hours[0].from);
	for (size_t i = 0; i < g->window.n_lifetimes; i++)
		first = earlier(first, g->window.lifetimes[i].from);
	return first;
}

static usec_t last_of(const Report *r)
{
	const History *h = &r->evidence.history;
	usec_t last = r->workload->last;

	for (size_t i = 0; i < h->n_runs; i++)
		last = MAX(last, h->runs[i].to);
	return last;
}

void report_axis_find(const Report *r, ReportAxis *ret)
{
	usec_t last = last_of(r);
	ReportAxis a = { .from = first_of(r), .to = r->now };

	a.ended = last != 0 && r->now > last && r->now - last > IDLE;
	if (a.ended)
		a.to = last + 1;
	if (a.to > a.from && a.to - a.from > AXIS_MAX) {
		a.from = a.to - AXIS_MAX;
		a.cut = true;
	}
	if (a.to < a.from + LEAST)
		a.from = a.to > LEAST ? a.to - LEAST : 0;
	*ret = a;
}

double report_axis_at(const ReportAxis *a, usec_t t)
{
	if (t <= a->from)
		return 0;
	return t >= a->to ? 1 : (double)(t - a->from) / (double)(a->to - a->from);
}

void report_axis_labels(const ReportAxis *a, Buffer *b)
{
	usec_t length = a->to - a->from;
	char text[CLOCK_RFC3339_SIZE];

	buffer_add_str(b, "<div class=\"x\">");
	for (unsigned i = 0; i < TICKS; i++) {
		clock_format_rfc3339(a->from + (a->to - a->from) / (TICKS - 1) * i, text);
		if (length > 3 * DAY)
			buffer_printf(b, "<span>%.5s</span>", text + 5);
		else if (length > HOUR)
			buffer_printf(b, "<span>%.5s %.5s</span>", text + 5, text + 11);
		else
			buffer_printf(b, "<span>%.8s</span>", text + 11);
	}
	buffer_add_str(b, "</div>");
}

/* ---- stripes ---- */

typedef struct Stripes {
	const ReportAxis *axis;
	const char *fill, *what;
	unsigned height;
	usec_t from, to; /* not put yet; equal: there is none */
	size_t n, put;
	usec_t time;
} Stripes;

static void flush_stripe(Stripes *s, Buffer *b)
{
	double from = report_axis_at(s->axis, s->from), to = report_axis_at(s->axis, s->to);
	char first[CLOCK_RFC3339_SIZE], last[CLOCK_RFC3339_SIZE];

	if (s->from >= s->to || s->put++ >= STRIPES_MAX)
		return;
	clock_format_rfc3339(s->from, first);
	clock_format_rfc3339(s->to, last);
	buffer_printf(b,
		      "<rect x=\"%.2f%%\" width=\"%.2f%%\" height=\"%u\" fill=\"url(#%s)\">"
		      "<title>%.16s to %.16s: %s</title></rect>",
		      100 * from, MAX(100 * (to - from), 0.15), s->height, s->fill, first, last,
		      s->what);
}

/* Those that nobody could tell apart are one. In the order of .from. */
static void add_stripe(Stripes *s, usec_t from, usec_t to, Buffer *b)
{
	usec_t near = (s->axis->to - s->axis->from) / 1000;

	from = MAX(from, s->axis->from);
	to = MIN(to, s->axis->to);
	if (from >= to)
		return;
	s->n++;
	if (s->from < s->to && from <= s->to + near) {
		s->time += to > s->to ? to - MAX(from, s->to) : 0;
		s->to = MAX(s->to, to);
		return;
	}
	flush_stripe(s, b);
	s->time += to - from;
	s->from = from;
	s->to = to;
}

static int by_start(const void *a, const void *b)
{
	const LedgerRun *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static void put_unwatched(const Report *r, Stripes *s, Buffer *b)
{
	const History *h = &r->evidence.history;
	_cleanup_free_ LedgerRun *runs = calloc(h->n_runs + 1, sizeof(*runs));
	usec_t watched = s->axis->from;

	if (!runs) {
		b->error = b->error ?: -ENOMEM;
		return;
	}
	for (size_t i = 0; i < h->n_runs; i++)
		runs[i] = h->runs[i];
	qsort(runs, h->n_runs, sizeof(*runs), by_start);
	for (size_t i = 0; i < h->n_runs; i++) {
		add_stripe(s, watched, runs[i].from, b);
		watched = MAX(watched, runs[i].to);
	}
	if (r->evidence.view.running && h->n_runs > 0)
		watched = MAX(watched, r->now);
	add_stripe(s, watched, s->axis->to, b);
	flush_stripe(s, b);
}

static void put_lost(const Report *r, Stripes *s, Buffer *b)
{
	const WorkloadWindow *w = &r->gate.window;

	for (size_t i = 0; i < w->n_losses; i++)
		if (window_counts(&w->losses[i]))
			add_stripe(s, w->losses[i].from,
				   MAX(w->losses[i].to, w->losses[i].from + 1), b);
	flush_stripe(s, b);
}

void report_stripes(const Report *r, const ReportAxis *a, unsigned height, Buffer *b,
		    ReportStretches *ret)
{
	Stripes unwatched = {
		.axis = a, .fill = "unwatched", .what = "not watched", .height = height
	};
	Stripes lost = {
		.axis = a, .fill = "lost", .what = "something was lost", .height = height
	};

	put_unwatched(r, &unwatched, b);
	put_lost(r, &lost, b);
	*ret = (ReportStretches){ .unwatched = unwatched.n,
				  .lost = lost.n,
				  .unwatched_time = unwatched.time,
				  .lost_time = lost.time };
}
