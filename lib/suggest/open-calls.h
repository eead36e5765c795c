/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How many calls wait for a person: those that suggest would call open, were the filter that runs
 * the profile. */
#include "suggest/sightings.h"

typedef struct OpenCalls {
	uint64_t undecided; /* by name, for all arguments */
	uint64_t arguments; /* a rule filters their arguments */
} OpenCalls;

/* Of what was seen under the filter with this hash; @applied is its text, or NULL: then what is not
 * decided, and of high risk or marked, is open. -ENOMEM. */
int open_calls_count(const Sightings *all, const char *applied_hash, const char *applied,
		     const RiskSettings *risks, Decisions decisions, OpenCalls *ret);
