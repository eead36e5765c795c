/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "evidence/ledger-history.h"
#include "evidence/replay-write.h"

static int write_examples(Ledger *l, const ReplayCall *call)
{
	int e = 0;

	for (size_t i = 0; e == 0 && i < call->n_examples; i++) {
		const ReplayExample *x = &call->examples[i];

		e = ledger_add_example(l, call->row,
				       &(LedgerExample){ .comm = x->comm,
							 .exe = x->exe,
							 .ip = x->ip,
							 .pid = x->pid,
							 .time = x->time });
	}
	return e;
}

static int write_call(const ReplayTarget *t, int64_t subject, ReplayCall *call)
{
	const LedgerCall c = {
		.workload = t->workload,
		.subject = subject,
		.arch = call->arch,
		.nr = call->nr,
		.action = call->action,
		.origin = call->origin,
		.means = t->asserted ? MEANS_ASSERTED : MEANS_NONE,
		.count = call->count,
		.first = call->first,
		.last = call->last,
		.serial = call->serial,
	};
	int e = ledger_set_sighting(t->ledger, &c, &call->row);

	return e < 0 ? e : write_examples(t->ledger, call);
}

static int write_hours(const ReplayTarget *t)
{
	ReplayHours *hours = t->hours;
	int e = ledger_clear_hours(t->ledger, t->workload);

	for (size_t i = 0; i < hours->n; i++)
		hours->rows[i].sightings = 0;
	for (uint32_t i = 0; i < replay_calls_n(t->calls); i++) {
		LedgerHour *hour = replay_hours_find(hours, replay_calls_at(t->calls, i)->first);

		if (hour)
			hour->sightings++;
	}
	for (size_t i = 0; e == 0 && i < hours->n; i++)
		e = ledger_add_hour(t->ledger, t->workload, &hours->rows[i]);
	return e;
}

LedgerReplayed replay_figures(ReplayCalls *calls, uint64_t dropped)
{
	LedgerReplayed f = { .dropped = dropped };

	for (uint32_t i = 0; i < replay_calls_n(calls); i++) {
		const ReplayCall *call = replay_calls_at(calls, i);

		f.sightings += call->count > 0;
		f.first = f.first == 0 ? call->first : MIN(f.first, call->first);
		f.last = MAX(f.last, call->last);
	}
	return f;
}

int replay_write(const ReplayTarget *t, const LedgerReplayed *figures)
{
	int64_t subject = 0; /* of what is nobody's */
	int e = 0;

	if (t->workload == 0)
		return 0;
	if (!t->asserted)
		e = ledger_set_nobody(t->ledger, t->workload, figures, &subject);
	for (uint32_t i = 0; e == 0 && i < replay_calls_n(t->calls); i++) {
		ReplayCall *call = replay_calls_at(t->calls, i);

		/* None counts when its record says something else than the one that was first. */
		if (call->changed && call->count > 0)
			e = write_call(t, subject, call);
	}
	if (e == 0)
		e = write_hours(t);
	return e == 0 ? ledger_set_workload(t->ledger, t->workload, figures) : e;
}
