/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice by what the call is, and by what others are allowed. */
#include "suggest/advise-private.h"
#include "suggest/default-gate.h"
#include "suggest/kernel-call.h"
#include "suggest/safe-rule.h"

#define CLAUSE_MAX 192 /* what is said besides; "" when there is nothing */

RiskFact advise_risk(const Advisor *a, const SuggestCall *call)
{
	return risk_settings_ask(a->risks, call->name);
}

static const char *by_setting(const RiskFact *fact)
{
	return fact->by_setting ? " by your setting" : "";
}

/* ", because it ...", or nothing. */
static const char *because(const RiskFact *fact, char buf[static CLAUSE_MAX])
{
	buf[0] = '\0';
	if (fact->reason)
		snprintf(buf, CLAUSE_MAX, ", because %s", fact->reason);
	return buf;
}

/* "; Docker's default profile ..." */
static const char *by_default(const Advisor *a, const SuggestCall *call, const char *lead,
			      char buf[static CLAUSE_MAX])
{
	size_t n = strlen(lead);

	snprintf(buf, CLAUSE_MAX, "%s", lead);
	default_gate_text(call->name, a->profile->dialect, a->capabilities, buf + n,
			  CLAUSE_MAX - n);
	if (!buf[n])
		buf[0] = '\0';
	return buf;
}

static const char *by_runtime(const SuggestCall *call)
{
	return call->origins == 1U << ORIGIN_RUNTIME_INIT
		       ? "; only the container runtime made it, before the program started"
		       : "";
}

/* The owner's word. It is a person's to take it back where the risk is high. */
static bool keep_denied(const RiskFact *fact, const ProfileRule *denial, SuggestCall *call)
{
	char why[CLAUSE_MAX];

	if (!denial || denial->action == ACTION_LOG)
		return false;
	call->line = denial->line;
	return advise_settle(
		call, ADVICE_KEEP_DENIED,
		"the profile denies it explicitly at line %u (%s), and its risk is %s%s%s: only a "
		"person can take that back",
		denial->line, action_name(denial->action), risk_name(fact->risk), by_setting(fact),
		because(fact, why));
}

bool advise_critical(const Advisor *a, SuggestCall *call)
{
	RiskFact fact = advise_risk(a, call);
	char why[CLAUSE_MAX], others[CLAUSE_MAX];

	if (fact.risk != RISK_CRITICAL)
		return false;
	return keep_denied(&fact, advise_denial(a, call), call) ||
	       advise_settle(call, ADVICE_KEEP_DENIED, "critical%s%s%s%s", by_setting(&fact),
			     because(&fact, why), by_default(a, call, "; ", others),
			     by_runtime(call));
}

bool advise_high(const Advisor *a, SuggestCall *call)
{
	RiskFact fact = advise_risk(a, call);
	char why[CLAUSE_MAX], others[CLAUSE_MAX];

	if (fact.risk != RISK_HIGH)
		return false;
	if (keep_denied(&fact, advise_denial(a, call), call))
		return true;
	if (!fact.known)
		return advise_settle(
			call, ADVICE_REVIEW,
			"no table here lists it, and the default profiles of Docker and Podman "
			"do not both allow it: a person must judge");
	return advise_settle(call, ADVICE_REVIEW, "high risk%s%s%s%s", by_setting(&fact),
			     because(&fact, why), by_default(a, call, "; ", others),
			     by_runtime(call));
}

/* Calls that are well known to be safe for some arguments. Who denies one by name, or calls it
 * risky, has thought of that. */
bool advise_safe_by_arguments(const Advisor *a, SuggestCall *call)
{
	RiskFact fact = advise_risk(a, call);
	const ProfileRule *denial = advise_denial(a, call);
	SafeRule rule;

	if (fact.by_setting && fact.risk >= RISK_HIGH)
		return false;
	if (safe_rule_for(call->name, a->filter->arches, a->filter->n_arches, &rule) < 0) {
		if (strcmp(call->name, "clone") != 0)
			return false;
		return advise_settle(
			call, ADVICE_ARGUMENTS_NEEDED,
			"the profile lists s390 beside other architectures, where the flags "
			"are another argument: write a rule for each");
	}
	if (denial) {
		call->line = denial->line;
		return advise_settle(
			call, denial->action == ACTION_LOG ? ADVICE_REVIEW : ADVICE_KEEP_DENIED,
			"the profile has a rule for all of it at line %u (%s): if it is to be "
			"allowed, then only %s",
			denial->line, action_name(denial->action), rule.text);
	}
	call->offered = true;
	return advise_settle(call, ADVICE_ALLOW, "allow it %s, because %s", rule.text, fact.reason);
}

bool advise_kernel_unknown(const Advisor *a, SuggestCall *call)
{
	const char *why = kernel_call_reason(call->name);

	(void)a;
	if (!why || filter_knows_name(call->name))
		return false;
	return advise_settle(call, ADVICE_REVIEW,
			     "%s; it is not the program's own, and libseccomp here does not know "
			     "its name, so no profile can allow it",
			     why);
}

static void explain_low(const SuggestCall *call, const char *setting, char *buf, size_t size)
{
	const char *why = kernel_call_reason(call->name);

	if (why)
		snprintf(buf, size, "%s: allow it always", why);
	else if (call->origins == 1U << ORIGIN_RUNTIME_INIT)
		snprintf(buf, size,
			 "the container runtime itself needs it, between loading the filter and "
			 "starting the program; with no-new-privileges it needs less");
	else
		snprintf(buf, size, "low risk%s: nothing speaks against allowing it", setting);
}

bool advise_allow(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *denial = advise_denial(a, call);
	RiskFact fact = advise_risk(a, call);
	char others[CLAUSE_MAX], text[CLAUSE_MAX * 2], out[CLAUSE_MAX] = "";

	if (fact.risk == RISK_MEDIUM && fact.reason)
		snprintf(text, sizeof(text), "allow it knowing that %s (medium risk%s%s)",
			 fact.reason, by_setting(&fact), by_default(a, call, "; ", others));
	else if (fact.risk == RISK_MEDIUM)
		snprintf(text, sizeof(text), "allow it knowing that it is of medium risk%s",
			 by_setting(&fact));
	else
		explain_low(call, by_setting(&fact), text, sizeof(text));
	if (denial) {
		call->line = denial->line;
		call->take_out = true;
		snprintf(out, sizeof(out), "; the patch takes it out of the rule at line %u (%s)",
			 denial->line, action_name(denial->action));
	}
	call->offered = true;
	return advise_settle(call, ADVICE_ALLOW, "%s%s", text, out);
}
