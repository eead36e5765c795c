/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* May this workload go to the next stage? What the gate says, with what the next profile adds. */
#include "ctl/evidence.h"
#include "evidence/gate.h"
#include "suggest/promote.h"

/* 0, or the exit code after the sentence was printed. */
int promote_gate_ask(const Ctl *ctl, const Evidence *e, const Workload *w, const Promotion *p,
		     GateTarget target, bool rollback_tested, Decisions decisions, GateReport *ret);
