/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice by what stands in the profile. */
#include "profile/multiplex.h"
#include "suggest/advise-private.h"
#include "suggest/default-gate.h"

static bool rule_names(const ProfileRule *rule, const char *name)
{
	for (size_t k = 0; k < rule->n_names; k++)
		if (strcmp(rule->names[k].text, name) == 0)
			return true;
	return false;
}

const ProfileRule *advise_rule_for(const Profile *p, const char *name, bool with_args)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (!p->rules[i].gate.closed && (p->rules[i].n_args > 0) == with_args &&
		    rule_names(&p->rules[i], name))
			return &p->rules[i];
	return NULL;
}

bool advise_names(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (rule_names(&p->rules[i], name))
			return true;
	return false;
}

/* What the rules that name the call say, without the question whether they hold. */
static const ProfileRule *find_denial(const Advisor *a, const SuggestCall *call, bool conditional)
{
	const Profile *p = a->profile;

	for (size_t i = 0; i < p->n_rules; i++) {
		const ProfileRule *rule = &p->rules[i];

		if (!rule->gate.closed && rule->gate.conditional == conditional &&
		    rule->n_args == 0 && rule->action != ACTION_ALLOW &&
		    rule_names(rule, call->name))
			return rule;
	}
	return NULL;
}

const ProfileRule *advise_denial(const Advisor *a, const SuggestCall *call)
{
	return find_denial(a, call, false);
}

bool advise_allows_behind(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (!p->rules[i].gate.closed && p->rules[i].action == ACTION_ALLOW &&
		    rule_names(&p->rules[i], name))
			return true;
	return false;
}

bool advise_has_gate_before(const Profile *p, const ProfileRule *rule, const char *name)
{
	for (const ProfileRule *r = p->rules; r < rule && !rule->gate.conditional; r++)
		if (r->gate.closed && r->action == ACTION_ALLOW && rule_names(r, name))
			return true;
	return false;
}

bool advise_argument_rule(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = advise_rule_for(a->profile, call->name, true);

	if (!rule)
		return false;
	call->line = rule->line;
	return advise_settle(
		call, ADVICE_ARGUMENTS_NEEDED,
		"the profile decides it by its arguments (line %u), and a record has none: find "
		"out which were used, then widen that rule",
		rule->line);
}

/* A rule that would allow it under conditions which do not hold for this container. */
bool advise_gated(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *found = NULL, *denial = advise_denial(a, call);
	char names[160];

	for (size_t i = 0; i < a->profile->n_rules; i++) {
		const ProfileRule *rule = &a->profile->rules[i];
		bool by_capability =
			rule->gate.lacks && !rule->gate.has && !rule->gate.closed_otherwise;

		/* a denial before it would win with the capability, too */
		if (denial && denial < rule)
			break;
		if (!rule->gate.closed || rule->action != ACTION_ALLOW ||
		    !rule_names(rule, call->name))
			continue;
		if (!by_capability) {
			found = found ?: rule;
			continue;
		}
		call->line = rule->line;
		capabilities_text(rule->gate.lacks, " and ", names, sizeof(names));
		return advise_settle(
			call, ADVICE_CAPABILITY,
			"the profile allows it to containers with %s (line %u), which this one "
			"lacks: give it that only if the program needs it",
			names, rule->line);
	}
	if (!found)
		return false;
	call->line = found->line;
	return advise_settle(
		call, ADVICE_REVIEW,
		"the profile allows it at line %u under conditions that do not hold here "
		"(architecture, kernel or capabilities): a person must judge",
		found->line);
}

/* A patch cannot tell whom else such a rule is for. */
bool advise_denied_conditionally(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = find_denial(a, call, true);

	if (!rule)
		return false;
	call->line = rule->line;
	return advise_settle(
		call, ADVICE_KEEP_DENIED,
		"the profile denies it at line %u (%s) to containers such as this one: a person "
		"must judge whether that rule goes too far",
		rule->line, action_name(rule->action));
}

/* Another program answers these. */
bool advise_supervised(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = advise_denial(a, call);

	if (!rule || (rule->action != ACTION_TRACE && rule->action != ACTION_USER_NOTIF))
		return false;
	call->line = rule->line;
	return advise_settle(
		call, ADVICE_REVIEW,
		"the profile hands it to another program at line %u (%s): change that rule if the "
		"call is to be allowed",
		rule->line, action_name(rule->action));
}

/* The first rule that names a call inside @outer. */
static const ProfileRule *rule_for_inner(const Profile *p, const char *outer)
{
	for (uint64_t i = 0; i < MULTIPLEX_MAX; i++) {
		const char *inner = multiplex_inner(outer, i);
		const ProfileRule *rule = inner ? advise_rule_for(p, inner, true) : NULL;

		if (inner && !rule)
			rule = advise_rule_for(p, inner, false);
		if (rule)
			return rule;
	}
	return NULL;
}

/* socketcall and ipc: the profile's text counts, not only its filter, in which a rule that equals
 * the default leaves no trace. Allowing all would go past what the profile says of the parts. */
bool advise_multiplexer(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = rule_for_inner(a->profile, call->name);

	if (!rule)
		return false;
	call->line = rule->line;
	return advise_settle(
		call, ADVICE_ARGUMENTS_NEEDED,
		"%s stands for several calls, of which the profile decides some by their own names "
		"(line %u): find out which one was made, then decide on that",
		call->name, rule->line);
}

/* Calls that nothing current needs; configure scripts and the like still try them. */
static bool is_probe(const char *name)
{
	static const char *const probes[] = {
		"_sysctl",        "bdflush",         "nice",
		"oldfstat",       "oldlstat",        "oldolduname",
		"oldstat",        "olduname",        "pciconfig_iobase",
		"pciconfig_read", "pciconfig_write", "sgetmask",
		"ssetmask",       "sysfs",           "ustat"
	};

	for (size_t i = 0; i < ELEMENTSOF(probes); i++)
		if (strcmp(name, probes[i]) == 0)
			return true;
	return false;
}

bool advise_probe(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = advise_denial(a, call);

	if (!rule || rule->action != ACTION_ERRNO || !is_probe(call->name))
		return false;
	call->line = rule->line;
	return advise_settle(
		call, ADVICE_KEEP_DENIED,
		"the profile answers it with an error at line %u: nothing current needs it, and "
		"who only tries it lives with the error",
		rule->line);
}
