/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/gate-section.h"
#include "ctl/marks.h"
#include "suggest/suspect-sightings.h"

int marks_find(const Ctl *ctl, const Evidence *e, const Workload *w, Decisions decisions,
	       Sightings *s)
{
	_cleanup_workload_window_ WorkloadWindow window = { 0 };
	GatePolicy policy;
	int r = workload_window_read(e->ledger, &e->history, w, &window);

	gate_section_policy(ctl->gate, w->name, &policy);
	return r < 0 ? r
		     : suspect_sightings(&policy.suspect, ctl->risks, &window, e->history.now,
					 decisions, s);
}

void marks_json(const Suspicion *s, JsonLine *j)
{
	JsonLine *marks = json_line_array(j, "marks");

	for (unsigned m = 0; m < _MARK_MAX; m++)
		if (s->marks & 1U << m)
			json_line_str(marks, NULL, mark_name((Mark)m));
}
