/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/gate-section.h"
#include "ctl/marks.h"

int marks_find_among(const Ctl *ctl, const SuspectPolicy *policy, const WorkloadWindow *window,
		     usec_t now, Sightings *s)
{
	_cleanup_free_ SuspectRow *rows = calloc(s->n + 1, sizeof(*rows));
	_cleanup_free_ Suspicion *found = calloc(s->n + 1, sizeof(*found));
	const SuspectInput in = { .rows = rows,
				  .n_rows = s->n,
				  .lifetimes = window->lifetimes,
				  .n_lifetimes = window->n_lifetimes,
				  .policy = policy,
				  .risks = ctl->risks,
				  .now = now };
	int r;

	if (!rows || !found)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		rows[i] = (SuspectRow){ .arch = s->rows[i].arch,
					.nr = s->rows[i].nr,
					.name = known(s->rows[i].name),
					.origin = s->rows[i].origin,
					.first = s->rows[i].first,
					.serial = s->rows[i].serial,
					.subjects = s->rows[i].subjects,
					.makings = s->rows[i].makings,
					.n_makings = s->rows[i].n_makings };
	r = suspect_find(&in, found);
	for (size_t i = 0; r == 0 && i < s->n; i++)
		s->rows[i].suspicion = found[i];
	return r;
}

int marks_find(const Ctl *ctl, const Evidence *e, const Workload *w, Sightings *s)
{
	_cleanup_workload_window_ WorkloadWindow window = { 0 };
	GatePolicy policy;
	int r = workload_window_read(e->ledger, &e->history, w, &window);

	gate_section_policy(ctl->gate, w->name, &policy);
	return r < 0 ? r : marks_find_among(ctl, &policy.suspect, &window, e->history.now, s);
}

void marks_json(const Suspicion *s, JsonLine *j)
{
	JsonLine *marks = json_line_array(j, "marks");

	for (unsigned m = 0; m < _MARK_MAX; m++)
		if (s->marks & 1U << m)
			json_line_str(marks, NULL, mark_name((Mark)m));
}
