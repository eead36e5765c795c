/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which calls of a workload are marked (suggest/suspect.h), out of ledger and configuration. */
#include "ctl/evidence.h"
#include "suggest/sightings.h"

/* Sets .suspicion of all rows; what comes behind a call that was decided to be allowed is not
 * suspect for that.  .after of it is a name of @s. 0, or -errno as of the ledger. */
int marks_find(const Ctl *ctl, const Evidence *e, const Workload *w, Decisions decisions,
	       Sightings *s);

/* The "marks" array of the client's JSON. */
void marks_json(const Suspicion *s, JsonLine *j);
