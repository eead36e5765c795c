/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/advise-private.h"
#include "suggest/arch-gap.h"
#include "suggest/verify.h"

bool advise_settle(SuggestCall *call, Advice advice, const char *fmt, ...)
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
	return advise_settle(
		call, ADVICE_REVIEW,
		"the filter that the container runs under cannot have answered it so (%s): the "
		"program loaded one of its own, and this profile has no part in it",
		action_name(action));
}

static bool advise_unknown_number(const Advisor *a, SuggestCall *call)
{
	(void)a;
	if (call->nr < 0)
		return advise_settle(
			call, ADVICE_UNKNOWN_NUMBER,
			"a tracer skipped the call (its number is negative): there is nothing "
			"to allow");
	if (!call->name)
		return advise_settle(
			call, ADVICE_UNKNOWN_NUMBER,
			"no table here has this number on %s: it is newer than they are, or the "
			"program guessed",
			arch_name(call->arch));
	return false;
}

static bool advise_unlisted_arch(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *rule = NULL;
	ArchGap gap = arch_gap(a->profile, call->arch, &rule);
	char why[ARCH_GAP_TEXT_MAX];

	if (gap == ARCH_GAP_NONE)
		return false;
	call->line = rule ? rule->line : 0;
	return advise_settle(call, ADVICE_REVIEW,
			     "the profile does not list the architecture %s, so all calls of such "
			     "programs are killed; %s",
			     arch_name(call->arch), arch_gap_text(gap, call->arch, rule, why));
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
	if (call->arch_added) {
		call->offered = true;
		return advise_settle(call, ADVICE_ALLOW, "the profile's rules allow it there");
	}
	if (call->actions == 1U << ACTION_ALLOW)
		return advise_settle(call, ADVICE_ALLOW, "the profile allows it already");
	return advise_settle(
		call, ADVICE_ALLOW,
		"the profile allows it already: the record comes from another filter, or from "
		"a container that was started with an older profile");
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
	rule = advise_rule_for(a->profile, call->name, false);
	if (rule && rule->action == ACTION_ALLOW)
		return advise_settle(
			call, ADVICE_REVIEW,
			"the profile allows it at line %u, but libseccomp %s does not know "
			"this name on %s, and a runtime that uses it ignores the entry "
			"without a word",
			rule->line, version, arch_name(call->arch));
	return advise_settle(
		call, ADVICE_REVIEW,
		"libseccomp %s does not know this name on %s, and a runtime that uses it "
		"would ignore the entry without a word",
		version, arch_name(call->arch));
}

/* LOG fits any answer: it is what a copy of the profile in the LOG stage gives. So does ALLOW,
 * which no record says: strace saw a call that no filter answered. Programs of an architecture that
 * was not listed were killed, whatever the profile says; and before the filter may come runc's
 * stub. */
static bool advise_foreign_action(const Advisor *a, SuggestCall *call)
{
	const ProfileRule *denial = advise_denial(a, call);
	Action action = denial ? denial->action : a->profile->default_action;
	Action answer = action_of_code(verify_answer(a->filter, call->arch, call->nr));

	if (call->arch_added ||
	    call->actions & (1U << action | 1U << answer | 1U << ACTION_LOG | 1U << ACTION_ALLOW))
		return false;
	return advise_settle(call, ADVICE_REVIEW,
			     "the record's action is not the one that this profile gives (%s): "
			     "another filter or an older profile was active",
			     action_name(action));
}

/* A call that only such programs made: their filter may be the one that answered. */
static bool advise_own_filter(const Advisor *a, SuggestCall *call)
{
	(void)a;
	if (!suggest_call_is_doubtful(call))
		return false;
	return advise_settle(
		call, ADVICE_REVIEW,
		"only programs that had loaded a filter of their own made it, and either "
		"filter may have answered: allow it if it still fails without theirs");
}

static void note_architecture(SuggestCall *call)
{
	char reason[SUGGEST_REASON_MAX];

	snprintf(reason, sizeof(reason), "%s", call->reason);
	advise_settle(call, call->advice,
		      "the patch lists %s, without which such programs are killed; %.380s",
		      arch_scmp_name(call->arch), reason);
}

/* What the filter allows anyway, where a missing architecture is added, cannot be held back. */
static bool is_held_back(const Advisor *a, const SuggestCall *call)
{
	return call->offered && !a->include_marked &&
	       !verify_allows(a->filter, call->arch, call->nr);
}

/* What one container alone may have planted: said in any case, and offered to nobody who did not
 * ask for it. A decision is a person's word on just that. */
static void note_marks(const Advisor *a, SuggestCall *call)
{
	char reason[SUGGEST_REASON_MAX], why[SUSPICION_TEXT_MAX];

	if (call->suspicion.marks == 0 || call->decision ||
	    (call->advice == ADVICE_ALLOW && !call->offered))
		return;
	suspicion_tell(&call->suspicion, why);
	if (!is_held_back(a, call)) {
		snprintf(reason, sizeof(reason), "%s", call->reason);
		advise_settle(call, call->advice, "%.250s; %.250s", reason, why);
		return;
	}
	call->offered = call->take_out = false;
	call->open = true;
	call->fallback = NULL;
	advise_settle(call, ADVICE_REVIEW, "%s: a person must say whether the profile needs it",
		      why);
}

void advise(const Advisor *a, SuggestCall *call)
{
	static const struct {
		Step settle;
		bool open; /* where it settles one that is not offered, a person is to look */
	} steps[] = {
		{ advise_other_filter, false },
		{ advise_unknown_number, true },
		{ advise_decided_against, false },
		{ advise_unlisted_arch, true },
		{ advise_already_allowed, false },
		{ advise_kernel_unknown, true },
		{ advise_unknown_name, true },
		{ advise_decided, false },
		{ advise_argument_rule, true },
		{ advise_answered, false },
		{ advise_gated, true },
		{ advise_denied_conditionally, true },
		{ advise_critical, true },
		{ advise_foreign_action, true },
		{ advise_own_filter, true },
		{ advise_supervised, true },
		{ advise_multiplexer, true },
		{ advise_probe, false },
		{ advise_fallback, false },
		{ advise_safe_by_arguments, true },
		{ advise_high, true },
		{ advise_allow, false },
	};

	call->risk = call->name ? advise_risk(a, call).risk : RISK_HIGH;
	call->decision = decision_find(a->decisions, call->arch, call->name);
	for (size_t i = 0; i < ELEMENTSOF(steps); i++)
		if (steps[i].settle(a, call)) {
			call->open |= steps[i].open && !call->offered;
			break;
		}
	note_marks(a, call);
	if (call->arch_added && call->offered)
		note_architecture(call);
}
