/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Records that nobody could be named for are a loss to everybody, but for workloads of which their
 * applied filter proves that they cannot have made them: see suggest/stranger.h.
 */
#include "suggest/workload-lookup.h"
#include "evidence/ledger-history.h"
#include "profile/profile.h"

/* What nobody could be named for, with its times. */
typedef struct Stranger {
	uint32_t arch;
	int64_t nr;
	Action action;
	usec_t first, last;
} Stranger;

typedef struct Strangers {
	Stranger *rows;
	size_t n, allocated;
	int64_t *workloads; /* under which the ledger has them, one per host */
	size_t n_workloads;
	bool incomplete; /* some were not kept */
} Strangers;

void strangers_done(Strangers *s);

/* -errno as of the ledger. */
int strangers_read(Ledger *l, Strangers *ret);

/*
 * Is @loss of records that a workload under @applied (NULL: not known) cannot have made? False
 * whenever that is not proved: a record of its time is missing from the ledger, or may still come.
 */
bool strangers_made(const Strangers *s, const LedgerLoss *losses, size_t n_losses,
		    const LedgerLoss *loss, const Profile *applied, usec_t now);
