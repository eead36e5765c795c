/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* suggest --new: what a first profile is made of, before the calls that were seen. */
#include "ctl/watched-runs.h"
#include "suggest/first-profile.h"

typedef struct NewProfile {
	WatchedRuns runs;
	FirstProfile first;
	char *applied;    /* the filter that it runs under, where no run was watched whole */
	const char *hash; /* of the filter under which most was recorded */
} NewProfile;

/* For @w in @context. 0, or an exit code after a sentence: 5 when nothing was recorded. */
int new_profile_make(const Ctl *ctl, const Evidence *e, const Workload *w,
		     const ProfileContext *context, NewProfile *ret);
void new_profile_done(NewProfile *n);
#define _cleanup_new_profile_ _cleanup_(new_profile_done)
