/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/gate-section.h"
#include "ctl/gate-ask.h"
#include "ctl/offenders.h"
#include "ctl/report.h"
#include "config/stage-history.h"
#include "profile/stage.h"
#include "seccompd/exit-codes.h"

void report_done(Report *r)
{
	free(r->calls);
	report_advice_done(&r->advice);
	gate_view_done(&r->gate);
	decision_file_close(&r->decided);
	evidence_done(&r->evidence);
	*r = (Report){ .decided = DECISION_FILE_NULL };
}

/* ---- the gate ---- */

static const char *why_no_gate(const Workload *w)
{
	if (strcmp(w->name, "unattributed") == 0)
		return "calls that are tied to nobody have no profile";
	if (span_starts(span_of(w->name), SPAN_LIT("host:")))
		return "a process of the host has no profile";
	if (strcmp(w->stage, stage_name(STAGE_KILL)) == 0)
		return "it is at the last stage";
	return NULL;
}

/* Was a step back ever taken? */
static int take_history(Report *r)
{
	StageHistory history = { 0 };
	int q = stage_history_read(&r->decided.file.parts, &history);

	if (q == 0)
		r->gate.figures.rollback_tested |= stage_history_was_undone(&history);
	stage_history_done(&history);
	return q;
}

static int read_gate(Report *r)
{
	Decisions decisions = decision_list_all(&r->decided.list);
	int q = gate_ask(r->ctl, &r->evidence, r->workload, decisions, &r->gate);

	r->no_gate = why_no_gate(r->workload);
	r->target = strcmp(r->workload->stage, stage_name(STAGE_ERRNO)) == 0 ? GATE_TO_KILL
									     : GATE_TO_ERRNO;
	if (q == 0)
		q = take_history(r);
	if (q == 0)
		gate_view_decide(&r->gate, r->target);
	return q;
}

/* ---- its calls ---- */

static bool is_same_call(const Sighting *a, const Sighting *b)
{
	return a->arch == b->arch && a->nr == b->nr;
}

static const SuggestCall *find_advice(const Suggestion *s, const Sighting *row)
{
	for (size_t low = 0, high = s ? s->n_calls : 0; low < high;) {
		size_t mid = low + (high - low) / 2;
		const SuggestCall *c = &s->calls[mid];

		if (c->arch == row->arch && c->nr == row->nr)
			return c;
		if (c->arch < row->arch || (c->arch == row->arch && c->nr < row->nr))
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void add_row(ReportCall *c, const Sighting *row)
{
	c->n++;
	c->count += row->count;
	c->first = c->first == 0 || (row->first && row->first < c->first) ? row->first : c->first;
	c->last = MAX(c->last, row->last);
	c->origins |= 1U << row->origin;
	c->actions |= 1U << row->action;
	c->lifetimes = MAX(c->lifetimes, row->lifetimes);
}

static bool waits(const ReportCall *c)
{
	return c->advice && c->advice->open;
}

static int compare(const void *a, const void *b)
{
	const ReportCall *x = a, *y = b;

	if (waits(x) != waits(y))
		return waits(x) ? -1 : 1;
	if (x->risk != y->risk)
		return x->risk > y->risk ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->first_row < y->first_row ? -1 : 1;
}

/* The ledger has the rows of one call one behind the other. */
static int join_calls(Report *r)
{
	const Sightings *all = &r->gate.sightings;

	r->calls = calloc(all->n + 1, sizeof(*r->calls));
	if (!r->calls)
		return -ENOMEM;
	for (size_t i = 0; i < all->n; i++) {
		const Sighting *row = &all->rows[i];

		if (i == 0 || !is_same_call(row - 1, row))
			r->calls[r->n_calls++] = (ReportCall){
				.first_row = row,
				.advice = find_advice(r->advice.suggestion, row),
				.risk = row->name[0]
						? risk_settings_ask(r->ctl->risks, row->name).risk
						: RISK_HIGH,
			};
		add_row(&r->calls[r->n_calls - 1], row);
	}
	qsort(r->calls, r->n_calls, sizeof(*r->calls), compare);
	return 0;
}

/* ---- all of it ---- */

/* 0, -errno, or the exit code after a sentence was printed. */
static int read_all(Report *r)
{
	int q = read_gate(r);

	if (q == 0)
		q = report_advise(r);
	if (q == 0)
		q = join_calls(r);
	if (q != 0)
		return q;
	q = workload_is_complete(r->ctl, &r->evidence, r->workload, r->why);
	r->complete = q > 0;
	r->dropped = workload_dropped(&r->evidence.history, r->workload);
	return MIN(q, 0);
}

int report_read(const Ctl *ctl, const ReportRequest *request, Report *ret)
{
	_cleanup_report_ Report r = {
		.ctl = ctl, .request = request, .decided = DECISION_FILE_NULL, .now = ctl_now()
	};
	int q = evidence_open(ctl, "report", &r.evidence);

	if (q != 0)
		return q;
	r.workload = evidence_find(&r.evidence, "report", request->workload);
	if (!r.workload)
		return SECCOMPD_EXIT_USAGE;
	q = decision_file_open("report", request->dir, r.workload->name, false, &r.decided);
	if (q != 0)
		return q;
	q = read_all(&r);
	if (q == -ENOMEM)
		return ctl_fail_memory("report");
	if (q < 0)
		return ctl_fail_ledger(ctl, "report", r.evidence.ledger);
	if (q > 0)
		return q;
	*ret = r;
	r = (Report){ .decided = DECISION_FILE_NULL };
	return 0;
}
