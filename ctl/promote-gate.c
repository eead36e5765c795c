/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/promote-gate.h"

int promote_gate_ask(const Ctl *ctl, const Evidence *e, const Workload *w, const Promotion *p,
		     GateTarget target, bool rollback_tested, GateReport *ret)
{
	GateFigures f = {
		.stage = w->stage,
		.visibility = w->visibility,
		.heuristic = w->heuristic,
		.preflight = p->n_obstacles,
		.rollback_tested = rollback_tested,
		.blind_to_loss = true,
		.undecided = GATE_NOT_KNOWN,
		.arguments = GATE_NOT_KNOWN,
		.unknown_numbers = GATE_NOT_KNOWN,
		.bad_archs = GATE_NOT_KNOWN,
		.denials = GATE_NOT_KNOWN,
		.probes_unanswered = 0,
	};
	GateThresholds t;

	(void)ctl;
	(void)e;
	gate_thresholds_default(&t);
	gate_decide(&f, &t, target, ret);
	return 0;
}
