/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Brings what the ring of joins tells to the lifetimes of the ledger. Under the lock of
 * watch-lock.h. */
#include "daemon/join-ring.h"
#include "daemon/lifetime.h"

typedef struct Joins {
	const JoinRing *ring; /* borrowed, as the next two; NULL: there is none */
	Ledger *ledger;
	const Lifetimes *lifetimes;
	uint64_t written, writing;
	bool waits;
} Joins;

bool joins_are_due(const Joins *j);

/* Within a transaction, behind lifetimes_write(); then joins_committed(), or nothing. */
int joins_write(Joins *j, usec_t now);

/* Did that leave some for the next pass, which has their lifetime's row? */
bool joins_wait(const Joins *j) _pure_;
void joins_committed(Joins *j);
