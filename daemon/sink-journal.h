/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Structured journal entries: what the ledger holds and the journal has not been told. Kinds:
 * include/seccompd/message-ids.h; fields: journal-fields.h. Nothing here waits for journald: what
 * it does not take now waits in the ledger.
 */
#include "daemon/teller.h"

typedef struct SinkJournal {
	const char *socket;        /* borrowed, as the next; NULL: journald's own */
	const RiskSettings *risks; /* may be NULL */
	int patience_ms;           /* a pass waits for journald no longer than this */
	GateRound gates;
	LifetimeRound lifetimes;
	JournalLimit limit;
	ToldList told; /* sent, but the ledger could not be written then */
	usec_t last;   /* pass; 0 = none yet */
} SinkJournal;

/* The ledger was opened again: entries that were sent and not marked belonged to the old one, and
 * are forgotten. */
void sink_journal_renewed(SinkJournal *s);

/*
 * Sends what is due, within the limit, and marks it. Outside of a transaction. @final: the daemon
 * ends, so that what would not be due for minutes is sent now. An entry is marked after it was
 * sent: a crash between sends it again, the very same, never not at all. Returns how many were
 * sent, or -errno when something was to be told and could not be; where no journald is installed
 * that is 0.
 */
int sink_journal_tell(SinkJournal *s, Ledger *ledger, usec_t now, bool final);
