/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What to tell about one observed call, given the profile and the filter that it makes. */
#include "suggest/suggest.h"

typedef struct Advisor {
	const Profile *profile;
	const Filter *filter;
	int64_t *stub_limits; /* stub_limit() of each of the filter's architectures */
} Advisor;

/* -ENOMEM. The profile and the filter must outlive it. */
int advisor_init(const Profile *profile, const Filter *filter, Advisor *ret);
void advisor_done(Advisor *a);
#define _cleanup_advisor_ _cleanup_(advisor_done)

/* Sets advice, risk, reason and offered. */
void advise(const Advisor *a, SuggestCall *call);
