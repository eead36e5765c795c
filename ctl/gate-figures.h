/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the gate asks about a workload, out of ledger and configuration. */
#include "config/gate-section.h"
#include "ctl/evidence.h"
#include "ctl/sightings.h"
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

/* 0, or -errno as of the ledger. @decisions are those on the workload. @w must outlive @ret. */
int gate_view_read(const Ctl *ctl, const Evidence *e, const Workload *w, Decisions decisions,
		   GateView *ret);

void gate_view_decide(GateView *v, GateTarget target);

/* Was this sighting made under the filter that the workload has now? */
bool gate_view_counts(const GateView *v, const Sighting *s);
