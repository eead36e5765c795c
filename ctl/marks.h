/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which calls of a workload are marked (suggest/suspect.h), out of ledger and configuration. */
#include "ctl/evidence.h"
#include "ctl/sightings.h"

/* Sets .suspicion of all rows; .after of it is a name of @s. 0, or -errno as of the ledger. */
int marks_find(const Ctl *ctl, const Evidence *e, const Workload *w, Sightings *s);

/* The same where the lifetimes and the policy are at hand. -ENOMEM. */
int marks_find_among(const Ctl *ctl, const SuspectPolicy *policy, const WorkloadWindow *window,
		     usec_t now, Sightings *s);

/* The "marks" array of the client's JSON. */
void marks_json(const Suspicion *s, JsonLine *j);
