/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What each counter of losses counts, and where it stands. */
#include "daemon/loss.h"

typedef struct LossCounterKind {
	const char *kind; /* of the ledger's losses */
	uint64_t (*read)(const Loss *l, const TallyTotals *t);
	bool kept;      /* it goes on counting when another daemon goes on with the tally */
	bool uncounted; /* in another unit than what was lost */
} LossCounterKind;

extern const LossCounterKind loss_counters[_LOSS_COUNTER_MAX];
