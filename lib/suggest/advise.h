/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What to tell about one observed call, given the profile and the filter that it makes. */
#include "suggest/suggest.h"

typedef struct Advisor {
	const Profile *profile;
	const Filter *filter;      /* of the profile */
	uint64_t capabilities;     /* the container's */
	const RiskSettings *risks; /* may be NULL */
	bool include_marked;
} Advisor;

/* Sets advice, risk, reason, offered, and what a patch does for it. */
void advise(const Advisor *a, SuggestCall *call);

/* Must @older, to which a program falls back, be allowed although nobody saw it made? No rule of
 * the profile says anything about it, and allowing it needs nobody's decision. */
bool advise_implies(const Advisor *a, const char *older);

/* Does any rule name it, in force or not? */
bool advise_names(const Profile *p, const char *name);
