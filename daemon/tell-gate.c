/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gates that were reached, or lost. They are looked at in rounds, a few in a pass: the answer is
 * that of "seccompctl gate", from the same figures.
 */
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "config/workload-word.h"
#include "daemon/now.h"
#include "daemon/teller.h"
#include "profile/stage.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "suggest/gate-figures.h"

/* Of a pass; the one that is begun is finished, which takes some 70 ms where hundreds of calls wait
 * for a person. Behind it gates rest for so many times as long: they never cost more than two
 * percent of a processor, and where there are many a round takes its time. */
#define BUDGET_US 10000
#define REST 50

typedef struct Gate {
	Workloads workloads; /* the one that it is before */
	GateTarget target;
	GateVerdict told;
	GateReport report;
} Gate;

static int take_workload(const LedgerWorkloadRow *row, void *userdata)
{
	return workloads_add(userdata, row);
}

static int decide(Teller *t, const History *h, const WorkloadWord *word, bool skip_open, Gate *g)
{
	_cleanup_gate_view_ GateView v = { 0 };
	const Workload *w = &g->workloads.rows[0];
	GatePolicy policy;
	int r;

	gate_section_policy(t->gates->settings, w->name, &policy);
	r = gate_view_read(&(GateQuery){ .ledger = t->ledger,
					 .history = h,
					 .workload = w,
					 .policy = &policy,
					 .risks = t->risks,
					 .decisions = decision_list_all(&word->decisions),
					 .skip_open = skip_open },
			   &v);
	if (r < 0)
		return r;
	v.figures.rollback_tested |= stage_history_was_undone(&word->history);
	gate_view_decide(&v, g->target);
	g->report = v.report;
	return 0;
}

/* Where something cannot be read, nothing is known to be ready. */
static void set_unknown(GateReport *report, const char *what)
{
	*report = (GateReport){ .verdict = GATE_UNKNOWN, .n = 1 };
	report->criteria[0] = (GateCriterion){ .name = what, .verdict = GATE_UNKNOWN };
}

static void evaluate(Teller *t, const History *h, Gate *g)
{
	_cleanup_workload_word_ WorkloadWord word = WORKLOAD_WORD_NULL;
	Diag d = { 0 };
	int r = workload_word_read(t->gates->workloads_dir, g->workloads.rows[0].name, t->now,
				   &word, &d);

	if (r < 0) {
		set_unknown(&g->report, "decisions");
		return;
	}
	r = decide(t, h, &word, true, g);
	/* All of it where it would be told. */
	if (r == 0 && (g->report.verdict == GATE_READY || g->told == GATE_READY))
		r = decide(t, h, &word, false, g);
	if (r < 0)
		set_unknown(&g->report, "ledger");
}

static void list_unmet(const GateReport *report, char *buf, size_t size)
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < report->n; i++)
		if (report->criteria[i].verdict != GATE_READY && at < size)
			at += (size_t)snprintf(buf + at, size - at, "%s%s", at > 0 ? " " : "",
					       report->criteria[i].name);
}

static int tell_gate(Teller *t, const Gate *g)
{
	const Workload *w = &g->workloads.rows[0];
	bool ready = g->report.verdict == GATE_READY;
	char unmet[512];
	Buffer *b = &t->message;

	list_unmet(&g->report, unmet, sizeof(unmet));
	journal_message_begin(b, SECCOMPD_MESSAGE_GATE_CHANGED, LOG_NOTICE, t->ledger_id,
			      ready ? "%s may move to stage %s: all criteria are met%s"
				    : "%s may not move to stage %s any more: %s",
			      w->name, gate_target_name(g->target), ready ? "" : unmet);
	journal_message_add(b, SECCOMPD_FIELD_WORKLOAD, w->name);
	journal_message_add(b, SECCOMPD_FIELD_STAGE, w->stage);
	journal_message_add(b, SECCOMPD_FIELD_PROFILE, w->profile_hash);
	journal_message_add(b, SECCOMPD_FIELD_GATE, gate_verdict_name(g->report.verdict));
	if (g->told != GATE_NEVER_TOLD)
		journal_message_add(b, SECCOMPD_FIELD_GATE_BEFORE, gate_verdict_name(g->told));
	journal_message_add(b, SECCOMPD_FIELD_GATE_STAGE, gate_target_name(g->target));
	journal_message_add(b, SECCOMPD_FIELD_GATE_UNMET, unmet);
	return teller_send(t, JOURNAL_GATE);
}

/* False at a stage behind which there is none. */
static bool next_stage(const Workload *w, GateTarget *ret)
{
	*ret = strcmp(w->stage, stage_name(STAGE_LOG)) == 0 ? GATE_TO_ERRNO : GATE_TO_KILL;
	return *ret == GATE_TO_ERRNO || strcmp(w->stage, stage_name(STAGE_ERRNO)) == 0;
}

static int look_at(Teller *t, const History *h, int64_t id)
{
	_cleanup_free_ Gate *g = calloc(1, sizeof(*g));
	int r = g ? ledger_get_gate(t->ledger, id, &g->told) : -ENOMEM;

	if (r == 0)
		r = ledger_get_workload(t->ledger, id, take_workload, &g->workloads);
	if (r == 0 && g->workloads.n == 1 && !next_stage(&g->workloads.rows[0], &g->target))
		teller_note(t, TOLD_GATE_GONE, id, 0);
	else if (r == 0 && g->workloads.n == 1)
		evaluate(t, h, g);
	if (r == 0 && g->report.n > 0 &&
	    (g->report.verdict == GATE_READY) != (g->told == GATE_READY)) {
		r = tell_gate(t, g);
		if (r == 0)
			teller_note(t, TOLD_GATE_READY + g->report.verdict, id, 0);
	}
	if (g)
		workloads_done(&g->workloads);
	return r;
}

static bool begin_round(Teller *t)
{
	GateRound *g = t->gates;

	if (t->now < g->rests_until && t->now >= g->looked)
		return false;
	if (g->after == 0 && g->began != 0 && t->now >= g->began &&
	    t->now < g->began + TELL_INTERVAL)
		return false;
	if (g->after == 0)
		g->began = t->now;
	return true;
}

static int look_at_some(Teller *t, const History *h, uint64_t from)
{
	int64_t id;
	int r = 0;

	while (r == 0 && teller_room(t, JOURNAL_GATE) > 0) {
		r = ledger_next_gate(t->ledger, t->gates->after, &id);
		if (r <= 0) {
			t->gates->after = 0;
			return r;
		}
		r = look_at(t, h, id);
		if (r == 0)
			t->gates->after = id;
		if (now_of(CLOCK_MONOTONIC) - from >= BUDGET_US)
			break;
	}
	return MIN(r, 0);
}

int tell_gates(Teller *t)
{
	_cleanup_history_ History h = { 0 };
	usec_t from = now_of(CLOCK_MONOTONIC);
	int r;

	if (!t->gates->settings || !begin_round(t))
		return 0;
	r = history_read(t->ledger, true, t->now, HISTORY_SILENCE, &h);
	if (r == 0)
		r = look_at_some(t, &h, from);
	t->gates->looked = t->now;
	t->gates->rests_until = t->now + REST * (now_of(CLOCK_MONOTONIC) - from);
	return MIN(r, 0);
}
