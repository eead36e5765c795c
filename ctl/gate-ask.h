/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "ctl/evidence.h"
#include "suggest/gate-figures.h"

/* What the gate asks about a workload, with the configuration of now. 0, or -errno as of the
 * ledger. @decisions are those on the workload. @w must outlive @ret. */
int gate_ask(const Ctl *ctl, const Evidence *e, const Workload *w, Decisions decisions,
	     GateView *ret);
