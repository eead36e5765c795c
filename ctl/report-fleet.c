/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All workloads on a page, ranked by what to do next. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/progress.h"
#include "ctl/report-rank.h"
#include "profile/stage.h"
#include "util/text.h"

#define HOUR (3600 * USEC_PER_SEC)
#define SPARK_BARS 56 /* of three hours: seven days */
#define SPARK_HOURS 3
#define SIGHTINGS_READ 200000 /* of all workloads together; reading them is most of the work */

typedef struct Fleet {
	const Ctl *ctl;
	const Evidence *evidence;
	const char *dir;
	usec_t now;
	Ranked *rows;
	size_t n, hosts; /* processes of the host are not ranked */
	size_t counts[_TODO_MAX];
	size_t incomplete, blind;
	uint64_t sightings, records, left; /* .left: sightings that may still be read */
} Fleet;

static void fleet_done(Fleet *f)
{
	free(f->rows);
}

/* ---- reading ---- */

static bool is_ranked(const Workload *w)
{
	return !span_starts(span_of(w->name), SPAN_LIT("host:")) &&
	       strcmp(w->name, "unattributed") != 0;
}

static int rank_one(Fleet *f, const Workload *w)
{
	bool skip = w->sightings > f->left;
	Ranked *r = &f->rows[f->n];
	int q = rank_workload(f->ctl, f->evidence, w, f->dir, skip, r);

	if (q < 0)
		return q;
	f->left -= skip ? 0 : w->sightings;
	f->n++;
	f->counts[r->todo]++;
	f->incomplete += !r->complete;
	f->blind += r->todo == TODO_SEE;
	f->sightings += w->sightings;
	f->records += w->records;
	return 0;
}

static int rank_all(Fleet *f)
{
	const Workloads *all = &f->evidence->workloads;
	Progress progress;
	int q = 0;

	f->rows = calloc(all->n + 1, sizeof(*f->rows));
	if (!f->rows)
		return -ENOMEM;
	f->left = SIGHTINGS_READ;
	progress_start(&progress, "workloads", all->n, true);
	for (size_t i = 0; q >= 0 && i < all->n; i++) {
		if (is_ranked(&all->rows[i]))
			q = rank_one(f, &all->rows[i]);
		else
			f->hosts++;
		progress_show(&progress, i + 1, i + 1);
	}
	progress_end(&progress);
	if (q < 0)
		return q;
	qsort(f->rows, f->n, sizeof(*f->rows), rank_compare);
	return 0;
}

/* ---- the head ---- */

static void put_lead(const Fleet *f, Buffer *b)
{
	size_t urgent = f->counts[TODO_DENIED] + f->counts[TODO_DECIDE] + f->counts[TODO_PATCH];

	buffer_add_str(b, "<p class=\"lead\">");
	if (f->n == 0)
		buffer_add_str(b,
			       "<b>No container and no unit is known to this ledger.</b> That "
			       "does not say that none called anything outside of its profile. ");
	else
		buffer_printf(b,
			      "<b>%zu of %zu %s a person now</b>; %zu can move to the next stage. ",
			      urgent, f->n, text_plural(f->n, "workload needs", "workloads need"),
			      f->counts[TODO_PROMOTE]);
	if (f->incomplete > 0)
		buffer_printf(b,
			      "Of %zu the evidence is incomplete: there, no record does not mean "
			      "that nothing was called.",
			      f->incomplete);
	buffer_add_str(b, "</p>\n");
}

static void put_figures(const Fleet *f, Buffer *b)
{
	char text[32];

	buffer_add_str(b, "<dl class=\"figures\">\n");
	for (Todo t = 0; t < _TODO_MAX; t++) {
		if (f->counts[t] == 0)
			continue;
		snprintf(text, sizeof(text), "%zu", f->counts[t]);
		report_figure(b, todo_words(t)->name, text, todo_words(t)->text);
	}
	buffer_add_str(b, "</dl>\n");
}

/* ---- the table ---- */

typedef struct Spark {
	uint64_t bars[SPARK_BARS], most, all;
	usec_t from;
} Spark;

static int take_hour(const LedgerHour *row, void *userdata)
{
	Spark *s = userdata;
	size_t at = (size_t)((row->from - s->from) / (SPARK_HOURS * HOUR));

	if (at >= SPARK_BARS)
		return 0;
	s->bars[at] += row->records;
	s->all += row->records;
	s->most = MAX(s->most, s->bars[at]);
	return 0;
}

static int put_spark(const Fleet *f, const Workload *w, Buffer *b)
{
	usec_t end = (f->now / HOUR + 1) * HOUR, length = SPARK_BARS * SPARK_HOURS * HOUR;
	Spark s = { .from = end > length ? end - length : 0 };
	int q = ledger_each_hour(f->evidence->ledger, w->id, s.from, take_hour, &s);

	if (q < 0)
		return q;
	buffer_printf(b, "<td data-v=\"%" PRIu64 "\">", s.all);
	if (s.all == 0) {
		buffer_add_str(b, "no record</td>");
		return 0;
	}
	buffer_printf(b,
		      "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 %d 22\" "
		      "preserveAspectRatio=\"none\"><title>%" PRIu64
		      " records in seven days</title><path d=\"",
		      2 * SPARK_BARS, s.all);
	for (size_t i = 0; i < SPARK_BARS; i++)
		if (s.bars[i] > 0)
			buffer_printf(b, "M%zu 22v-%.1fh1.5V22z", 2 * i,
				      2 + 19.0 * (double)s.bars[i] / (double)s.most);
	buffer_add_str(b, "\"/></svg></td>");
	return 0;
}

static void put_gate(const Ranked *r, Buffer *b)
{
	static const char *const words[_GATE_VERDICT_MAX] = { "ready", "not ready", "unknown" };

	if (!r->judged || r->todo == TODO_NONE) {
		buffer_add_str(b, "<td data-v=\"-1\">");
		html_str(b, r->judged ? "none" : "not asked");
		buffer_add_str(b, "</td>");
		return;
	}
	buffer_printf(b, "<td data-v=\"%zu\">", r->n_met);
	report_badge(b, report_verdict_tone(r->verdict), words[r->verdict]);
	buffer_printf(b, "<small>%zu of %zu to %s</small></td>", r->n_met, r->n_criteria,
		      r->target == GATE_TO_KILL ? "KILL" : "ERRNO");
}

static void put_evidence(const Ranked *r, Buffer *b)
{
	buffer_add_str(b, "<td>");
	if (r->complete) {
		report_badge(b, REPORT_GOOD, "complete");
	} else {
		report_badge(b, REPORT_UNKNOWN, "incomplete");
		buffer_add_str(b, "<small>");
		html_sentence(b, r->why);
		buffer_add_str(b, "</small>");
	}
	buffer_add_str(b, "</td>");
}

static int put_row(const Fleet *f, size_t rank, Buffer *b)
{
	const Ranked *r = &f->rows[rank];
	const Workload *w = r->workload;
	int q;

	buffer_add_str(b, "<tr>");
	report_cell_name(b, span_of(w->name));
	buffer_printf(b, "<td data-v=\"%zu\">", rank);
	report_badge(b, todo_words(r->todo)->tone, todo_words(r->todo)->name);
	buffer_add_str(b, "<small>");
	html_sentence(b, r->reason);
	buffer_add_str(b, "</small></td>");
	report_cell_str(b, report_stage_word(w));
	put_gate(r, b);
	report_cell_str(b, known(w->visibility) ?: "not known");
	report_cell_count(b, w->sightings);
	report_cell_count(b, w->records);
	q = put_spark(f, w, b);
	report_cell_time(b, w->last);
	put_evidence(r, b);
	buffer_add_str(b, "</tr>\n");
	return q;
}

static const ReportColumn columns[] = {
	{ "Workload", false }, { "Next", false },     { "Stage", false },  { "Gate", false },
	{ "Visible", false },  { "Calls", true },     { "Records", true }, { "Seven days", false },
	{ "Last", false },     { "Evidence", false },
};

static int put_table(const Fleet *f, Buffer *b)
{
	size_t shown = MIN(f->n, (size_t)REPORT_WORKLOADS_SHOWN);
	int q = 0;

	report_section_begin(b, "workloads", "Workloads", "What to do next, the most urgent first");
	if (f->n > 0)
		report_table_begin(b, "fleet",
				   "\"seccompctl report WORKLOAD -o FILE.html\" is the "
				   "page of one.",
				   columns, ELEMENTSOF(columns));
	for (size_t i = 0; q == 0 && i < shown; i++)
		q = put_row(f, i, b);
	if (f->n > 0)
		report_table_end(b);
	if (shown < f->n)
		buffer_printf(b,
			      "<p class=\"left-out\">%zu less urgent %s left out of this page: "
			      "\"seccompctl list\" shows them all.</p>\n",
			      f->n - shown,
			      text_plural(f->n - shown, "workload is", "workloads are"));
	if (f->hosts > 0)
		buffer_printf(
			b,
			"<p class=\"left-out\">%zu %s of the host, and what is tied to nobody, "
			"have no profile and no rank: \"seccompctl list --all\" shows "
			"them.</p>\n",
			f->hosts, text_plural(f->hosts, "process", "processes"));
	report_section_end(b);
	return q;
}

static void put_loss(const Fleet *f, Buffer *b)
{
	const Evidence *e = f->evidence;

	report_section_begin(b, "loss", "Loss and blind spots", NULL);
	if (!e->view.running && e->history.n_runs > 0)
		buffer_add_str(b, "<p>No daemon writes this ledger now: what is called now is not "
				  "recorded.</p>\n");
	if (f->blind > 0)
		buffer_printf(b,
			      "<p>%zu %s under a filter that hides what it refuses, or under none: "
			      "no record does not say that a profile fits.</p>\n",
			      f->blind, text_plural(f->blind, "workload runs", "workloads run"));
	report_lost_kinds(&e->lost, b);
	report_section_end(b);
}

static int put_page(const Fleet *f, Buffer *b)
{
	int q = report_page_begin(b, SPAN_LIT("Workloads: seccomp report"));

	if (q < 0)
		return q;
	buffer_add_str(b, "<div class=\"top\">\n<div><p class=\"kind\">Seccomp report</p>"
			  "<h1>All workloads</h1></div>\n");
	put_lead(f, b);
	buffer_add_str(b, "</div>\n");
	put_figures(f, b);
	q = put_table(f, b);
	put_loss(f, b);
	report_page_end(b, f->now);
	return q ?: buffer_error(b);
}

int report_fleet(const Ctl *ctl, const Evidence *e, const char *dir, usec_t now, Buffer *b)
{
	_cleanup_(fleet_done) Fleet f = { .ctl = ctl, .evidence = e, .dir = dir, .now = now };
	int q = rank_all(&f);

	return q < 0 ? q : put_page(&f, b);
}
