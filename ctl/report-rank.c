/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <string.h>

#include "ctl/gate-ask.h"
#include "ctl/report-rank.h"
#include "profile/stage.h"
#include "util/text.h"

const TodoWords *todo_words(Todo t)
{
	static const TodoWords words[_TODO_MAX] = {
		[TODO_DENIED] = { "calls refused", "Find out whether what is refused is needed",
				  REPORT_BAD },
		[TODO_DECIDE] = { "decide", "A person decides about calls", REPORT_WARN },
		[TODO_PATCH] = { "patch", "Take the patch for its profile", REPORT_WARN },
		[TODO_PROMOTE] = { "promote", "Move its profile to the next stage", REPORT_GOOD },
		[TODO_SEE] = { "make visible", "Run an instance under a profile that logs",
			       REPORT_BAD },
		[TODO_COMPLETE] = { "complete evidence", "Find out why evidence is missing",
				    REPORT_UNKNOWN },
		[TODO_WAIT] = { "wait", "Let it run", REPORT_PLAIN },
		[TODO_LOOK] = { "not judged", "Ask for its own report", REPORT_UNKNOWN },
		[TODO_NONE] = { "at kill", "The last stage: keep watching", REPORT_PLAIN },
	};

	return &words[t];
}

/* ---- what to do ---- */

static bool is_at(const Workload *w, Stage s)
{
	return strcmp(w->stage, stage_name(s)) == 0;
}

static bool is_seen(const Workload *w)
{
	return strcmp(w->visibility, visibility_name(VISIBILITY_FULL)) == 0;
}

static uint64_t count_waiting(const GateFigures *f)
{
	const uint64_t counts[] = { f->undecided, f->arguments, f->unknown_numbers };
	uint64_t n = 0;

	for (size_t i = 0; i < ELEMENTSOF(counts); i++)
		n += counts[i] < GATE_NOT_ASKED ? counts[i] : 0;
	return n;
}

/* A sighting at LOG under the filter of now is of a call that its profile lacks. */
static size_t count_lacking(const GateView *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->sightings.n; i++)
		n += gate_view_counts(v, &v->sightings.rows[i]) &&
		     v->sightings.rows[i].action == ACTION_LOG;
	return n;
}

/* The first criterion that stands in the way. */
static const char *obstacle(const GateReport *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->criteria[i].verdict == g->verdict)
			return g->criteria[i].sentence;
	return "";
}

static void set(Ranked *r, Todo todo, const char *reason)
{
	r->todo = todo;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

static void choose(const GateView *v, Ranked *r)
{
	const Workload *w = r->workload;
	size_t lacking = count_lacking(v);
	char text[2 * GATE_TEXT_MAX];

	r->waiting = count_waiting(&v->figures);
	if (v->figures.denials > 0) {
		snprintf(text, sizeof(text), "%" PRIu64 " %s within the window: %s",
			 v->figures.denials, text_plural(v->figures.denials, "time", "times"),
			 v->figures.denied);
		set(r, TODO_DENIED, text);
	} else if (r->waiting > 0) {
		snprintf(text, sizeof(text), "%" PRIu64 " %s for a person's word", r->waiting,
			 text_plural(r->waiting, "call waits", "calls wait"));
		set(r, TODO_DECIDE, text);
	} else if (is_at(w, STAGE_KILL)) {
		set(r, TODO_NONE, "it is at the last stage");
	} else if (v->report.verdict == GATE_READY) {
		set(r, TODO_PROMOTE, "all criteria of the gate are met");
	} else if (is_at(w, STAGE_LOG) && lacking > 0) {
		snprintf(text, sizeof(text), "%zu %s that its profile does not allow", lacking,
			 text_plural(lacking, "sighting of a call", "sightings of calls"));
		set(r, TODO_PATCH, text);
	} else if (!is_seen(w)) {
		set(r, TODO_SEE,
		    "what its filter refuses leaves no record, so no record says "
		    "nothing");
	} else if (v->report.verdict == GATE_UNKNOWN) {
		set(r, TODO_COMPLETE, obstacle(&v->report));
	} else {
		set(r, TODO_WAIT, obstacle(&v->report));
	}
}

/* ---- asking ---- */

static void take_report(const GateReport *g, Ranked *r)
{
	r->judged = true;
	r->verdict = g->verdict;
	r->target = g->target;
	r->n_criteria = g->n;
	for (size_t i = 0; i < g->n; i++)
		r->n_met += g->criteria[i].verdict == GATE_READY;
}

static int judge(const Ctl *ctl, const Evidence *e, const char *dir, Ranked *r)
{
	_cleanup_decision_file_ DecisionFile decided = DECISION_FILE_NULL;
	_cleanup_gate_view_ GateView v = { 0 };
	int q = decision_file_open("report", dir, r->workload->name, false, &decided);

	/* Its sentence was printed; without decisions more waits for a person, never less. */
	if (q != 0)
		decided = DECISION_FILE_NULL;
	q = gate_ask(ctl, e, r->workload, decision_list_all(&decided.list), &v);
	if (q < 0)
		return q;
	gate_view_decide(&v, is_at(r->workload, STAGE_ERRNO) ? GATE_TO_KILL : GATE_TO_ERRNO);
	take_report(&v.report, r);
	choose(&v, r);
	return 0;
}

int rank_workload(const Ctl *ctl, const Evidence *e, const Workload *w, const char *dir,
		  bool skip_gate, Ranked *ret)
{
	Ranked r = { .workload = w };
	int q = workload_is_complete(ctl, e, w, r.why);

	if (q < 0)
		return q;
	r.complete = q > 0;
	if (!skip_gate)
		q = judge(ctl, e, dir, &r);
	else if (!is_seen(w))
		set(&r, TODO_SEE, "what its filter refuses leaves no record");
	else
		set(&r, TODO_LOOK,
		    "its sightings were not looked at: there are too many in this "
		    "ledger");
	if (q >= 0)
		*ret = r;
	return MIN(q, 0);
}

int rank_compare(const void *a, const void *b)
{
	const Ranked *x = a, *y = b;

	if (x->todo != y->todo)
		return x->todo < y->todo ? -1 : 1;
	if (x->workload->records != y->workload->records)
		return x->workload->records > y->workload->records ? -1 : 1;
	return strcmp(x->workload->name, y->workload->name);
}
