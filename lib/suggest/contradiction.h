/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Do the records of a workload fit the filter that is said to be applied? Where they show answers
 * that this filter never gives, an instance runs under another one, or a program loaded one of its
 * own: then nothing is known of the stage.
 */
#include "suggest/suggest.h"

typedef struct Contradiction {
	uint64_t records;
	Action action; /* of the first such row */
} Contradiction;

/* 1 with what does not fit, 0 when all does or the filter is not known; -ENOMEM. Only rows that
 * were made under the applied filter count, and none that a program's own filter may explain. */
int contradiction_find(Span applied, bool unconfined, const ProfileContext *context,
		       const Observed *observed, size_t n, Contradiction *ret);
