/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which sightings of a workload are marked, see suspect.h. */
#include "suggest/decision.h"
#include "suggest/history.h"
#include "suggest/sightings.h"
#include "suggest/suspect.h"

/* Sets .suspicion of all rows; what comes behind a call that was decided to be allowed is not
 * suspect for that. .after of it is a name of @s. -ENOMEM. */
int suspect_sightings(const SuspectPolicy *policy, const RiskSettings *risks,
		      const WorkloadWindow *window, usec_t now, Decisions decisions, Sightings *s);
