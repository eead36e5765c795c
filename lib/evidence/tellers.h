/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The ledgers that a ledger is made from, in memory: each a host row of its own, named by its host
 * as far as that tells them apart. Within a transaction; errors are those of ledger.h.
 */
#include "evidence/ledger-journal.h"

#define TELLERS_MAX 4096

typedef struct Tellers {
	Ledger *ledger;
	LedgerTeller *rows;
	size_t n, allocated, last; /* .last: found by the last search */
} Tellers;

void tellers_done(Tellers *t);
#define _cleanup_tellers_ _cleanup_(tellers_done)

/* Those that @l has by now. */
int tellers_read(Ledger *l, Tellers *ret);

/* The one of this origin, made when it is new; good until the next call. *ret_new may be NULL.
 * -ENOSPC when there are TELLERS_MAX. */
int tellers_find(Tellers *t, const char *ledger, const char *machine, const char *hostname,
		 LedgerTeller **ret, bool *ret_new);

/* A host may be renamed: the newest name counts. Was it another one? */
bool teller_rename(LedgerTeller *t, const char *hostname, usec_t when);

/* At the end: writes what is known of each, names them, and finds what was told by entries that are
 * gone. */
int tellers_settle(Tellers *t, LedgerUntold *ret);

/* Do both mean one host? Several ledgers may be of one, which began anew. */
bool teller_same_host(const LedgerTeller *a, const LedgerTeller *b) _pure_;
