/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * One ledger from those of many hosts. Each ledger that went in, itself or by way of another, is an
 * origin with a host row of its own (ledger-host.h), and of each of its rows the most that anybody
 * knew is kept: the greatest count, the newest state, the widest time. So the result is the same in
 * whatever order, how often and over however many steps ledgers are merged, and nothing is added
 * twice. What a journal told of an origin (ledger-journal.h) meets what the origin itself knows.
 *
 * Not taken over are single containers and units by their ids, and of the hours only the newest
 * LEDGER_HOURS_MAX.
 *
 * Within one transaction. Errors are those of ledger.h.
 */
#include "evidence/tellers.h"

/* Opens as ledger_open_replay(), for what is merged. */
int ledger_open_merge(const char *path, Ledger **ret, Diag *d);

typedef struct LedgerMerge LedgerMerge;

/* @l is borrowed, and outlives it. */
int ledger_merge_new(Ledger *l, LedgerMerge **ret);
LedgerMerge *ledger_merge_free(LedgerMerge *m);
DEFINE_CLEANUP(LedgerMerge, ledger_merge_free);

/* Takes in all of @from, a reader's that is at rest or in a transaction, and not made from logs
 * (-EINVAL). -ENOSPC for more than TELLERS_MAX origins. *ret_source says of another failure whether
 * @from is to blame. */
int ledger_merge_from(LedgerMerge *m, Ledger *from, bool *ret_source);

/* A person says that of the host called so nothing more will come: since it was last heard of
 * nothing is missing. 0: there is none. */
int ledger_merge_retire(LedgerMerge *m, const char *hostname);

typedef struct LedgerMergeReport {
	LedgerJournalFigures figures;
	LedgerUntold untold;
	const Tellers *tellers; /* the merge's */
} LedgerMergeReport;

/* What follows from all of it. Commit then. */
int ledger_merge_finish(LedgerMerge *m, LedgerMergeReport *ret);
