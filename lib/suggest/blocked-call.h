/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The calls that default profiles are known for refusing: why, what opens them, and what people
 * usually need instead. Our own words, beside the risks of risk.h. */
#include "suggest/default-gate.h"

typedef struct BlockedCall {
	const char *call;
	const char *why;       /* continues "because ...", no full stop */
	const char *kernel;    /* what the kernel itself asks of the caller, or NULL: nothing */
	uint64_t capabilities; /* of those that .kernel speaks of, any of which will do */
	const char *instead;   /* sentences */
	bool gone;             /* Linux has it no more */
} BlockedCall;

/* -ENOENT for any other call. */
int blocked_call_of(const char *call, BlockedCall *ret);

/* The calls of the table, one after the other; NULL behind the last. */
const char *blocked_call_each(size_t i);
