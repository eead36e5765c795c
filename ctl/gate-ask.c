/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/gate-ask.h"

int gate_ask(const Ctl *ctl, const Evidence *e, const Workload *w, Decisions decisions,
	     GateView *ret)
{
	GatePolicy policy;

	gate_section_policy(ctl->gate, w->name, &policy);
	return gate_view_read(&(GateQuery){ .ledger = e->ledger,
					    .history = &e->history,
					    .workload = w,
					    .policy = &policy,
					    .risks = ctl->risks,
					    .decisions = decisions },
			      ret);
}
