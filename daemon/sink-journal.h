/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Structured journal entries, one for each new sighting. Fields: include/seccompd/journal-fields.h.
 */
#include "evidence/ledger.h"
#include "suggest/risk-settings.h"

/* At most this many entries per period; the rest waits in the ledger, nothing is lost. */
#define SINK_JOURNAL_BURST 200
/* Of these only processes that were killed have the last ones: no crowd keeps that from being told.
 */
#define SINK_JOURNAL_KILLED 20
#define SINK_JOURNAL_PERIOD (30 * USEC_PER_SEC)

typedef struct SinkJournal {
	usec_t period_start;
	unsigned sent;             /* in this period */
	const RiskSettings *risks; /* may be NULL */
} SinkJournal;

/*
 * Sends what the ledger holds unannounced, within the limit, and marks it. Outside of a
 * transaction. An entry is marked after it was sent: a crash between sends it twice, never not at
 * all. Returns how many were sent, or -errno.
 */
int sink_journal_announce(SinkJournal *s, Ledger *ledger, usec_t now);
