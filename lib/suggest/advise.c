/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/multiplex.h"
#include "suggest/advise.h"
#include "suggest/safe-rule.h"
#include "suggest/verify.h"

/* A step settles the call (true) or leaves it to the next. */
typedef bool (*Step)(const Advisor *a, SuggestCall *call);

static bool settle(SuggestCall *call, Advice advice, const char *fmt, ...) _printf_(3, 4);

static bool settle(SuggestCall *call, Advice advice, const char *fmt, ...)
{
	va_list ap;

	call->advice = advice;
	va_start(ap, fmt);
	vsnprintf(call->reason, sizeof(call->reason), fmt, ap);
	va_end(ap);
	return true;
}

/* Whatever the call is: the container's filter had no part in it. */
static bool advise_other_filter(const Advisor *a, SuggestCall *call)
{
	Action action = ACTION_OTHER;

	(void)a;
	if (!suggest_call_is_foreign(call))
		return false;
	while (!(call->foreign_actions & 1U << action))
		action++;
	return settle(
		call, ADVICE_REVIEW,
		"the filter that the container runs under cannot have answered it so (%s): the "
		"program loaded one of its own, and this profile has no part in it",
		action_name(action));
}

static bool advise_unknown_number(const Advisor *a, SuggestCall *call)
{
	(void)a;
	if (call->nr < 0)
		return settle(
			call, ADVICE_UNKNOWN_NUMBER,
			"a tracer skipped the call (its number is negative): there is nothing "
			"to allow");
	if (!call->name)
		return settle(
			call, ADVICE_UNKNOWN_NUMBER,
			"no table here has this number on %s: it is newer than they are, or the "
			"program guessed",
			arch_name(call->arch));
	return false;
}

static bool advise_unlisted_arch(const Advisor *a, SuggestCall *call)
{
	const char *scmp = arch_scmp_name(call->arch);

	if (profile_has_arch(a->profile, call->arch))
		return false;
	return settle(call, ADVICE_REVIEW,
		      "the profile does not list the architecture %s (%s), so all calls of such "
		      "programs are killed; list it only if they are meant to run",
		      arch_name(call->arch), scmp ? scmp : "which profiles cannot name");
}

/* The filter's own answer, before anything is read from the profile's text. */
static bool advise_already_allowed(const Advisor *a, SuggestCall *call)
{
	struct seccomp_data data = { .nr = (int)call->nr,
				     .arch = call->arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64
									 : call->arch };
	bool beyond;

	if (bpf_run(&a->filter->bpf, &data, &beyond) != SECCOMP_RET_ALLOW || beyond)
		return false;
	return settle(
		call, ADVICE_ALLOW,
		"the profile allows it already: the record comes from another filter, or from "
		"a container that was started with an older profile");
}

static bool rule_names(const ProfileRule *rule, const char *name)
{
	for (size_t k = 0; k < rule->n_names; k++)
		if (strcmp(rule->names[k].text, name) == 0)
			return true;
	return false;
}

/* The first rule in force for @name with (or without) arguments. */
static const ProfileRule *rule_for(const Profile *p, const char *name, bool with_args)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (!p->rules[i].gate.closed && (p->rules[i].n_args > 0) == with_args &&
		    rule_names(&p->rules[i], name))
			return &p->rules[i];
	return NULL;
}

/* A profile can name a call only as libseccomp does, whose answer may differ by architecture. What
 * we know besides is good for naming a record, and would do nothing in a profile. */
static bool advise_unknown_name(const Advisor *a, SuggestCall *call)
{
	char version[16], name[SYSCALL_NAME_MAX];
	SyscallSource source;
	const ProfileRule *rule;

	if (syscall_name_from(call->arch, call->nr, name, &source) == 0 &&
	    source == SYSCALL_FROM_LIBSECCOMP && filter_knows_name(call->name))
		return false;
	filter_library_version(version, sizeof(version));
	rule = rule_for(a->profile, call->name, false);
	if (rule && rule->action == ACTION_ALLOW)
		return settle(call, ADVICE_REVIEW,
			      "the profile allows it at line %u, but libseccomp %s does not know "
			      "this name on %s, and a runtime that uses it ignores the entry "
			      "without a word",
			      rule->line, version, arch_name(call->arch));
	return settle(call, ADVICE_REVIEW,
		      "libseccomp %s does not know this name on %s, and a runtime that uses it "
		      "would ignore the entry without a word",
		      version, arch_name(call->arch));
}

static bool advise_argument_rule(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = rule_for(a->profile, call->name, true);

	if (!rule)
		return false;
	return settle(
		call, ADVICE_ARGUMENTS_NEEDED,
		"the profile decides it by its arguments (line %u), and a record has none: find "
		"out which were used, then widen that rule",
		rule->line);
}

static bool advise_explicit_rule(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = rule_for(a->profile, call->name, false);

	if (!rule)
		return false;
	if (rule->action == ACTION_LOG || rule->action == ACTION_TRACE ||
	    rule->action == ACTION_USER_NOTIF)
		return settle(
			call, ADVICE_REVIEW,
			"the profile has a rule for it at line %u with %s: change that rule if "
			"the call is to be allowed",
			rule->line, action_name(rule->action));
	return settle(
		call, ADVICE_KEEP_DENIED,
		"the profile denies it explicitly at line %u (%s): take it out there if it is "
		"to be allowed",
		rule->line, action_name(rule->action));
}

bool advise_names(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (rule_names(&p->rules[i], name))
			return true;
	return false;
}

/* "CAP_BPF and CAP_PERFMON". */
static void list_capabilities(uint64_t set, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < 64 && n < size; i++)
		if (set & 1ULL << i)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n > 0 ? " and " : "",
					      capability_name(i));
}

/* A rule that would allow it under conditions which do not hold for this container. */
static bool advise_gated(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *found = NULL;
	char names[160];

	for (size_t i = 0; i < a->profile->n_rules; i++) {
		const ProfileRule *rule = &a->profile->rules[i];
		bool by_capability =
			rule->gate.lacks && !rule->gate.has && !rule->gate.closed_otherwise;

		if (!rule->gate.closed || rule->action != ACTION_ALLOW ||
		    !rule_names(rule, call->name))
			continue;
		if (!by_capability) {
			found = found ?: rule;
			continue;
		}
		list_capabilities(rule->gate.lacks, names, sizeof(names));
		return settle(call, ADVICE_CAPABILITY,
			      "the profile allows it to containers with %s (line %u), which this "
			      "one lacks: give it that only if the program needs it",
			      names, rule->line);
	}
	return found && settle(call, ADVICE_REVIEW,
			       "the profile allows it at line %u under conditions that do not hold "
			       "here (architecture, kernel or capabilities): a person must judge",
			       found->line);
}

/* The first rule that names a call inside @outer. */
static const ProfileRule *rule_for_inner(const Profile *p, const char *outer)
{
	for (uint64_t i = 0; i < MULTIPLEX_MAX; i++) {
		const char *inner = multiplex_inner(outer, i);
		const ProfileRule *rule = inner ? rule_for(p, inner, true) : NULL;

		if (inner && !rule)
			rule = rule_for(p, inner, false);
		if (rule)
			return rule;
	}
	return NULL;
}

/* socketcall and ipc: the profile's text counts, not only its filter, in which a rule that equals
 * the default leaves no trace. Allowing all would go past what the profile says of the parts. */
static bool advise_multiplexer(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = rule_for_inner(a->profile, call->name);

	if (!rule)
		return false;
	return settle(call, ADVICE_ARGUMENTS_NEEDED,
		      "%s stands for several calls, of which the profile decides some by their own "
		      "names (line %u): find out which one was made, then decide on that",
		      call->name, rule->line);
}

/* LOG fits any default: it is what a copy of the profile in the LOG stage answers. */
static bool advise_foreign_action(const Advisor *a, SuggestCall *call)
{
	Action action = a->profile->default_action;

	if (call->actions & (1U << action | 1U << ACTION_LOG))
		return false;
	return settle(call, ADVICE_REVIEW,
		      "the record's action is not the one that this profile gives (%s): another "
		      "filter or an older profile was active",
		      action_name(action));
}

/* A call that only such programs made: their filter may be the one that answered. */
static bool advise_own_filter(const Advisor *a, SuggestCall *call)
{
	(void)a;
	if (!suggest_call_is_doubtful(call))
		return false;
	return settle(call, ADVICE_REVIEW,
		      "only programs that had loaded a filter of their own made it, and either "
		      "filter may have answered: allow it if it still fails without theirs");
}

static bool advise_critical(const Advisor *a, SuggestCall *call)
{
	RiskFact fact = risk_of(call->name);

	(void)a;
	if (fact.risk != RISK_CRITICAL)
		return false;
	return settle(call, ADVICE_KEEP_DENIED, "critical, because %s", fact.reason);
}

static bool advise_high(const Advisor *a, SuggestCall *call)
{
	RiskFact fact = risk_of(call->name);

	(void)a;
	if (!fact.known)
		return settle(
			call, ADVICE_REVIEW,
			"no table here lists it, and the default profiles of Docker and Podman "
			"do not both allow it: a person must judge");
	if (fact.risk != RISK_HIGH)
		return false;
	return settle(call, ADVICE_REVIEW, "high risk, because %s", fact.reason);
}

/* Calls that are well known to be safe for some arguments. */
static bool advise_safe_by_arguments(const Advisor *a, SuggestCall *call)
{
	SafeRule rule;

	if (safe_rule_for(call->name, a->filter->arches, a->filter->n_arches, &rule) < 0) {
		if (strcmp(call->name, "clone") != 0)
			return false;
		return settle(call, ADVICE_ARGUMENTS_NEEDED,
			      "the profile lists s390 beside other architectures, where the flags "
			      "are another argument: write a rule for each");
	}
	call->offered = true;
	return settle(call, ADVICE_ALLOW, "allow it %s, because %s", rule.text,
		      risk_of(call->name).reason);
}

/* Its flags are behind a pointer, so no filter can judge them; libc takes ENOSYS for an old kernel.
 */
static bool advise_clone3(const Advisor *a, SuggestCall *call)
{
	SafeRule rule;

	if (strcmp(call->name, "clone3") != 0)
		return false;
	if (verify_answer(a->filter, call->arch, call->nr) == (SECCOMP_RET_ERRNO | ENOSYS))
		return settle(call, ADVICE_KEEP_DENIED,
			      "it is answered with ENOSYS, so libc falls back to clone");
	/* a program that falls back must find clone */
	if (!advise_names(a->profile, "clone") &&
	    safe_rule_for("clone", a->filter->arches, a->filter->n_arches, &rule) < 0)
		return false;
	call->offered = true;
	return settle(call, ADVICE_ERRNO,
		      "answer it with ENOSYS: its flags cannot be filtered, and libc falls back to "
		      "clone");
}

static bool advise_allow(const Advisor *a, SuggestCall *call)
{
	RiskFact fact = risk_of(call->name);

	(void)a;
	call->offered = true;
	if (fact.risk == RISK_MEDIUM)
		return settle(
			call, ADVICE_ALLOW, "allow it knowing that %s (medium risk%s)", fact.reason,
			fact.by_default ? ""
					: ", and Docker's or Podman's default profile does not "
					  "allow it to everybody");
	if (call->origins == 1U << ORIGIN_RUNTIME_INIT)
		return settle(
			call, ADVICE_ALLOW,
			"the container runtime itself needs it, between loading the filter and "
			"starting the program");
	return settle(call, ADVICE_ALLOW, "low risk: nothing speaks against allowing it");
}

void advise(const Advisor *a, SuggestCall *call)
{
	static const Step steps[] = {
		advise_other_filter,  advise_unknown_number,
		advise_unlisted_arch, advise_already_allowed,
		advise_unknown_name,  advise_argument_rule,
		advise_explicit_rule, advise_gated,
		advise_critical,      advise_foreign_action,
		advise_own_filter,    advise_multiplexer,
		advise_clone3,        advise_safe_by_arguments,
		advise_high,          advise_allow,
	};

	call->risk = call->name ? risk_of(call->name).risk : RISK_HIGH;
	for (size_t i = 0; i < ELEMENTSOF(steps); i++)
		if (steps[i](a, call))
			return;
}
