/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What to tell about one observed call, given the profile and the filter that it makes. */
#include "suggest/suggest.h"

typedef struct Advisor {
	const Profile *profile;
	const Filter *filter;       /* of the profile */
	uint64_t capabilities;      /* the container's */
	const RiskSettings *risks;  /* may be NULL */
	const Decisions *decisions; /* may be NULL */
	bool include_marked;
} Advisor;

/* Sets advice, risk, reason, decision, open, offered, and what a patch does for it. */
void advise(const Advisor *a, SuggestCall *call);

/* When all calls are advised: a profile has one answer for a call on all architectures, so where it
 * was decided for one alone and seen on another, nothing is offered, and a person must look. */
void advise_agree(SuggestCall *calls, size_t n);

/* Must @older, to which a program falls back, be allowed although nobody saw it made? No rule of
 * the profile says anything about it, and allowing it needs nobody's decision. */
bool advise_implies(const Advisor *a, const char *older);

/* Was a call of this name, of which no record may tell, decided so on any architecture of the
 * profile? */
bool advise_is_decided(const Advisor *a, const char *name, DecisionAnswer answer);

/* Does any rule name it, in force or not? */
bool advise_names(const Profile *p, const char *name);
