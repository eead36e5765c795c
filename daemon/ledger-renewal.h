/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A ledger that is damaged, deleted or moved away is opened anew while the daemon runs: the reader
 * goes on counting into the tally meanwhile, and the new ledger gets what the tally holds.
 */
#include <stdbool.h>

#include "util/clock.h"

typedef struct Manager Manager;

typedef struct LedgerRenewal {
	int why;      /* -EBADMSG or -ESTALE while it is to be opened anew, else 0 */
	bool first;   /* it was never open in this run */
	bool quiet;   /* nothing is wrong: it is opened anew to be checked */
	bool roots;   /* the ledger is to be told of other places of state */
	usec_t since; /* CLOCK_MONOTONIC: when it was opened anew for damage; 0 = never */
} LedgerRenewal;

/* It is closed, opened and checked at the next pass: what SQLite keeps in memory hides damage. */
void ledger_renewal_check(Manager *m);

/* A pass of the writer, with that before it when it has to be. As writer_fold(). */
int ledger_renewal_fold(Manager *m);
