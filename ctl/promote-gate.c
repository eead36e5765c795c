/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/gate-ask.h"
#include "ctl/promote-gate.h"
#include "seccompd/exit-codes.h"

int promote_gate_ask(const Ctl *ctl, const Evidence *e, const Workload *w, const Promotion *p,
		     GateTarget target, bool rollback_tested, Decisions decisions, GateReport *ret)
{
	_cleanup_gate_view_ GateView v = { 0 };
	int r = gate_ask(ctl, e, w, decisions, &v);

	if (r == -ENOMEM)
		return ctl_fail_memory("promote");
	if (r < 0)
		return ctl_fail_ledger(ctl, "promote", e->ledger);
	v.figures.preflight = p->n_obstacles;
	v.figures.rollback_tested |= rollback_tested;
	/* the next profile has rules for them, where the applied one has none */
	v.figures.probes_unanswered = 0;
	gate_view_decide(&v, target);
	*ret = v.report;
	return 0;
}
