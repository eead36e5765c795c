/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The daemon's counters as Prometheus reads them. Format:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
#include "evidence/ledger.h"
#include "evidence/tally.h"
#include "profile/stage.h"
#include "suggest/risk.h"
#include "util/buffer.h"

/* All that is told, as of one moment. A new figure is a member here (or in TallyTotals) and a row
 * of the table in metrics.c. */
typedef struct Metrics {
	TallyTotals totals;
	uint64_t tally_slots, tally_subjects; /* in use */
	uint64_t new_sightings;               /* of this run, */
	uint64_t new_by_risk[_RISK_MAX];      /* and each of them by its risk */
	uint64_t stages[_STAGE_MAX]; /* workloads of the ledger, by their filter's stage, */
	uint64_t visibilities[_VISIBILITY_MAX]; /* and by whether it can be seen what it refuses */
	uint64_t lineage_on;                    /* 1 while the history of processes is kept */
	uint64_t ledger_failing;                /* 1 while the ledger cannot be written */
	uint64_t write_failures;                /* of the metrics file, of this run */
} Metrics;

/* Fills .totals and what is in use. */
void metrics_of_tally(const Tally *t, Metrics *m);

/* Fills .stages and .visibilities. -errno as of the ledger: some of them, or none. */
int metrics_of_ledger(Ledger *l, Metrics *m);

/* Appends the whole text; the caller asks buffer_error(). */
void metrics_format(const Metrics *m, Buffer *b);
