/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What to tell about one observed call, given the profile and the filter that it makes. */
#include "suggest/suggest.h"

typedef struct Advisor {
	const Profile *profile;
	const Filter *filter; /* of the profile */
} Advisor;

/* Sets advice, risk, reason and offered. */
void advise(const Advisor *a, SuggestCall *call);

/* Does any rule name it, in force or not? */
bool advise_names(const Profile *p, const char *name);
