/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Turns the stream's loss counters into rows of the ledger: what was lost, between when and when.
 */
#include "evidence/ledger-history.h"
#include "evidence/tally.h"

#define LOSS_KINDS 4

typedef struct Loss {
	Ledger *ledger; /* borrowed */
	Tally *tally;
	uint64_t reported[LOSS_KINDS]; /* committed */
	uint64_t writing[LOSS_KINDS];  /* in the open transaction */
	uint64_t over_limit; /* calls of workloads beyond the limit, in this transaction */
	usec_t since;        /* end of the interval that was committed last */
	usec_t until;        /* of the one in the open transaction */
	usec_t stopped_from, stopped_to; /* a stretch in which no daemon ran; 0 = none */
} Loss;

/* @note_stop: what came while no daemon ran was not queued for us. */
int loss_init(Loss *l, Ledger *ledger, Tally *tally, bool note_stop, usec_t now);

/* Is there loss that the ledger does not know yet? */
bool loss_is_due(const Loss *l);

/* Calls that the ledger refused because it holds no more workloads. */
void loss_note_workload_limit(Loss *l, uint64_t count);

/* Writes what is due, within a transaction; then one of the two tells how that ended. */
int loss_write(Loss *l, usec_t now);
void loss_committed(Loss *l);
void loss_rolled_back(Loss *l);
