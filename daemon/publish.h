/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What others are told after each pass: what is new to the journal, counters to a file, a line of
 * status to the service manager. A lasting fault is told once, and once more when it is over.
 */
#include "daemon/config.h"
#include "daemon/resolve.h"
#include "daemon/sink-journal.h"
#include "daemon/sink-metrics.h"
#include "daemon/writer.h"

typedef struct Publisher {
	const Config *config; /* borrowed, as the next four */
	Tally *tally;
	Ledger *ledger;
	const Writer *writer;
	const Resolver *resolver;
	SinkJournal journal;
	SinkMetrics metrics;
	int ledger_error, journal_error, metrics_error;
} Publisher;

void publisher_init(Publisher *p, const Config *config, Tally *tally, Ledger *ledger,
		    const Writer *writer, const Resolver *resolver);

/* Behind a pass of the writer, which returned @result. */
void publish_pass(Publisher *p, int result, usec_t now);

/* The ledger was opened anew: what was told is no more of its rows. */
void publisher_renewed(Publisher *p);

/* The configuration was read anew. */
void publisher_reloaded(Publisher *p);

/* The line of status, at once. */
void publish_status(const Publisher *p);

/* The metrics, due or not. */
void publish_metrics(Publisher *p, usec_t now);

/* Before the end: what waits for its turn is told at once. */
void publish_end(Publisher *p, usec_t now);
