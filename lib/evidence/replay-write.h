/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The last step of a replay: what was collected of a workload goes into the ledger. */
#include "evidence/ledger-replay.h"
#include "evidence/replay-calls.h"
#include "evidence/replay-hours.h"

typedef struct ReplayTarget {
	Ledger *ledger;
	int64_t workload; /* its row; 0: nothing was counted */
	bool asserted;    /* somebody said whose it is */
	ReplayCalls *calls;
	ReplayHours *hours;
} ReplayTarget;

/* What there is of @calls, of which @dropped records were not kept. */
LedgerReplayed replay_figures(ReplayCalls *calls, uint64_t dropped);

/* Within a transaction. 0 or -errno as of the ledger. */
int replay_write(const ReplayTarget *t, const LedgerReplayed *figures);
