/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/propose.h"

static bool is_decided(const SuggestCall *c)
{
	return c->decision != NULL;
}

static bool needs_arguments(const SuggestCall *c)
{
	return c->advice == ADVICE_ARGUMENTS_NEEDED;
}

static bool is_critical(const SuggestCall *c)
{
	return c->risk == RISK_CRITICAL;
}

static bool lacks_capability(const SuggestCall *c)
{
	return c->advice == ADVICE_CAPABILITY;
}

static bool is_marked(const SuggestCall *c)
{
	return c->suspicion.marks != 0;
}

static bool falls_back(const SuggestCall *c)
{
	return c->risk == RISK_HIGH && c->name && fallback_for(c->name);
}

static bool is_high(const SuggestCall *c)
{
	return c->risk == RISK_HIGH;
}

static bool is_any(const SuggestCall *c)
{
	(void)c;
	return true;
}

Proposal propose(const SuggestCall *call)
{
	static const struct {
		bool (*fits)(const SuggestCall *c);
		Proposal proposal;
	} proposals[] = {
		{ is_decided,
		  { .why = "it was decided, and no patch can follow: change the profile by "
			   "hand" } },
		{ needs_arguments,
		  { .why = "its arguments matter, which no record has: change that rule by "
			   "hand" } },
		{ is_critical, { true, DECISION_DENY, 0, "it reaches the whole host" } },
		{ lacks_capability,
		  { true, DECISION_ERRNO, EPERM,
		    "the kernel answers so, too, to who lacks the capability" } },
		{ suggest_call_is_doubtful,
		  { .why = "another filter may have answered it: find out first" } },
		{ is_marked, { .why = "one container may have planted it: find out first" } },
		{ falls_back, { true, DECISION_ERRNO, ENOSYS, "programs take another way then" } },
		{ is_high, { true, DECISION_DENY, 0, "unless the program is known to need it" } },
		{ is_any, { .why = "a person must judge" } },
	};

	for (size_t i = 0;; i++)
		if (proposals[i].fits(call))
			return proposals[i].proposal;
}
