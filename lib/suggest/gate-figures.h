/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the gate asks about a workload, out of the ledger. */
#include "suggest/decision.h"
#include "suggest/gate-policy.h"
#include "suggest/history.h"
#include "suggest/sightings.h"
#include "evidence/coverage.h"

/* All that is read for it. */
typedef struct GateView {
	const Workload *workload;
	WorkloadWindow window;
	Sightings sightings;
	LedgerHour *hours;
	size_t n_hours, allocated_hours;
	GatePolicy policy;
	GateFigures figures; /* .preflight is GATE_NOT_ASKED: who has the next profile sets it */
	Coverage coverage;
	CoverageInput coverage_input;
	GateReport report; /* of gate_view_decide() */
} GateView;

void gate_view_done(GateView *v);
#define _cleanup_gate_view_ _cleanup_(gate_view_done)

/* What it is asked with; borrowed, and .workload must outlive the answer. */
typedef struct GateQuery {
	Ledger *ledger;
	const History *history;
	const Workload *workload;
	const GatePolicy *policy;
	const RiskSettings *risks; /* may be NULL */
	Decisions decisions;       /* on the workload's calls */
	bool skip_open; /* calls that wait for a person are not counted, which is most of the work:
			   what is not ready without them is not ready */
} GateQuery;

/* 0, or -errno as of the ledger. */
int gate_view_read(const GateQuery *q, GateView *ret);

void gate_view_decide(GateView *v, GateTarget target);

/* Was this sighting made under the filter that the workload has now? */
bool gate_view_counts(const GateView *v, const Sighting *s);
