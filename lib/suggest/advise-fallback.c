/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that can be denied for good, because who makes them has another way. */
#include <errno.h>

#include "audit/syscall.h"
#include "suggest/advise-private.h"
#include "suggest/safe-rule.h"
#include "suggest/verify.h"

bool advise_implies(const Advisor *a, const char *older)
{
	const Filter *f = a->filter;
	bool exists = false;
	SafeRule rule;
	int64_t nr;

	for (size_t i = 0; i < f->n_arches && !exists; i++)
		exists = syscall_number(f->arches[i], older, &nr) == 0;
	if (advise_is_decided(a, older, DECISION_DENY) ||
	    advise_is_decided(a, older, DECISION_ERRNO) ||
	    advise_is_decided(a, older, DECISION_IGNORE))
		return false;
	if (!exists || advise_names(a->profile, older) ||
	    a->profile->default_action == ACTION_ALLOW)
		return false;
	return advise_is_decided(a, older, DECISION_ALLOW) ||
	       safe_rule_for(older, f->arches, f->n_arches, &rule) == 0 ||
	       risk_settings_ask(a->risks, older).risk <= RISK_MEDIUM;
}

/* Is one of them there, for whatever arguments? */
static bool can_fall_back(const Advisor *a, const Fallback *f)
{
	for (size_t i = 0; i < FALLBACK_CALLS_MAX && f->older[i]; i++)
		if (advise_names(a->profile, f->older[i]))
			return true;
	return a->profile->default_action == ACTION_ALLOW;
}

static bool may_be_implied(const Advisor *a, const Fallback *f)
{
	for (size_t i = 0; i < FALLBACK_CALLS_MAX && f->older[i]; i++)
		if (advise_implies(a, f->older[i]))
			return true;
	return false;
}

/* The answer to a program that tries: under another errno it would not fall back, and under KILL
 * trying would be the end of it. */
bool advise_answered(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = advise_rule_for(a->profile, call->name, false);
	bool by_rule = rule && rule->action == ACTION_ERRNO && rule->data == ENOSYS;
	const Fallback *f = fallback_for(call->name);

	if (!f || verify_answer(a->filter, call->arch, call->nr) != (SECCOMP_RET_ERRNO | ENOSYS) ||
	    (!by_rule && advise_risk(a, call).risk < RISK_HIGH) ||
	    (by_rule && advise_has_gate_before(a->profile, rule, call->name)))
		return false;
	call->line = by_rule ? rule->line : 0;
	if (can_fall_back(a, f) || !may_be_implied(a, f))
		return advise_settle(
			call, ADVICE_KEEP_DENIED,
			"it is answered with ENOSYS, and so %s back to %s: keep it denied",
			f->maker, f->text);
	call->fallback = f;
	call->offered = true;
	return advise_settle(call, ADVICE_ERRNO,
			     "it is answered with ENOSYS, and so %s back to %s, which the profile "
			     "does not allow yet",
			     f->maker, f->text);
}

/* What allowing would be too much: only ENOSYS makes programs take the other way. */
bool advise_fallback(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *denial = advise_denial(a, call);
	const Fallback *f = fallback_for(call->name);
	RiskFact fact = advise_risk(a, call);

	if (!f || fact.risk < RISK_HIGH || !(can_fall_back(a, f) || may_be_implied(a, f)))
		return false;
	if (denial && ((denial->action != ACTION_ERRNO && denial->action != ACTION_LOG) ||
		       advise_allows_behind(a->profile, call->name)))
		return false;
	call->line = denial ? denial->line : 0;
	call->take_out = denial;
	call->fallback = f;
	call->offered = true;
	return advise_settle(call, ADVICE_ERRNO,
			     "answer it with ENOSYS: %s back to %s then, and on no other error; "
			     "allowing it is of high risk%s%s",
			     f->maker, f->text, fact.reason ? ", because " : " by your setting",
			     fact.reason ?: "");
}
