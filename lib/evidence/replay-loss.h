/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What is missing from a ledger that was made from logs, found anew from all lines that it holds.
 */
#include "evidence/ledger-replay.h"

/* Kinds of loss that have no place in time: once one was met it stays. */
typedef enum ReplayFlag {
	REPLAY_DAMAGED, /* lines that nobody can read */
	REPLAY_UNDATED, /* records without a time */
	REPLAY_NOTICED, /* the kernel said that it lost some */
	_REPLAY_FLAG_MAX,
} ReplayFlag;

/* Says in *ret_new whether it is the first. */
int replay_loss_flag(Ledger *l, ReplayFlag flag, bool *ret_new);

/* Replaces the ledger's losses. *ret_gaps are the serials that are missing. */
int replay_loss_write(Ledger *l, uint64_t *ret_gaps);
