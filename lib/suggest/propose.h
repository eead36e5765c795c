/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What to propose to a person who is asked about an open call: the careful answer where there is
 * one, and none where it must be found out first. Never to allow. */
#include "suggest/suggest.h"

typedef struct Proposal {
	bool any;
	DecisionAnswer answer;
	uint32_t errno_ret;
	const char *why; /* a clause, also without an answer; static */
} Proposal;

Proposal propose(const SuggestCall *call);
