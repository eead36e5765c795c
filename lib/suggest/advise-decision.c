/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person decided comes before everything that is not a fact about the profile. */
#include "audit/arch.h"
#include "suggest/advise-private.h"
#include "suggest/verify.h"

#define TOLD_MAX 320

bool advise_is_decided(const Advisor *a, const char *name, DecisionAnswer answer)
{
	const Filter *f = a->filter;

	for (size_t i = 0; i < f->n_arches; i++) {
		const Decision *d = decision_find(a->decisions, f->arches[i], name);

		if (d && d->answer == answer)
			return true;
	}
	return false;
}

/* Under a name that a profile has for all architectures, two answers cannot both be given. */
static const Decision *other_answer(const Advisor *a, const SuggestCall *call)
{
	const Filter *f = a->filter;

	for (size_t i = 0; i < f->n_arches; i++) {
		const Decision *other = decision_find(a->decisions, f->arches[i], call->name);

		if (other && (other->answer != call->decision->answer ||
			      other->errno_ret != call->decision->errno_ret))
			return other;
	}
	return NULL;
}

static bool settle_contradiction(SuggestCall *call, const Decision *other)
{
	char mine[DECISION_ANSWER_TEXT_MAX], its[DECISION_ANSWER_TEXT_MAX];
	const Decision *d = call->decision;

	return advise_settle(
		call, ADVICE_REVIEW,
		"%s was decided on %s, and %s on %s: a profile has one answer for all of them, so "
		"decide alike",
		decision_format_answer(d->answer, d->errno_ret, mine), arch_name(call->arch),
		decision_format_answer(other->answer, other->errno_ret, its),
		other->arch ? arch_name(other->arch) : "all others");
}

bool advise_decided_against(const Advisor *a, SuggestCall *call)
{
	char told[TOLD_MAX], answer[DECISION_ANSWER_TEXT_MAX];
	const Decision *d = call->decision;

	if (!d || d->answer == DECISION_ALLOW)
		return false;
	decision_tell(d, told, sizeof(told));
	decision_format_answer(d->answer, d->errno_ret, answer);
	if (d->answer != DECISION_IGNORE && verify_allows(a->filter, call->arch, call->nr)) {
		call->open = true;
		return advise_settle(call, ADVICE_REVIEW,
				     "%s was decided, and the profile allows it: take it out there "
				     "(%s)",
				     answer, told);
	}
	if (d->answer == DECISION_ERRNO)
		return false;
	return advise_settle(call, ADVICE_KEEP_DENIED, "%s: %s", answer, told);
}

/* Facts about the profile that no decision changes: only its owner, by hand. */
static bool is_beyond_a_patch(const Advisor *a, SuggestCall *call)
{
	static const Step facts[] = { advise_argument_rule, advise_denied_conditionally,
				      advise_supervised, advise_multiplexer };
	char reason[SUGGEST_REASON_MAX], answer[DECISION_ANSWER_TEXT_MAX];
	const Decision *d = call->decision;

	for (size_t i = 0; i < ELEMENTSOF(facts); i++)
		if (facts[i](a, call)) {
			snprintf(reason, sizeof(reason), "%s", call->reason);
			return advise_settle(
				call,
				call->advice == ADVICE_KEEP_DENIED ? ADVICE_REVIEW : call->advice,
				"%s was decided, but no patch can do that: %.400s",
				decision_format_answer(d->answer, d->errno_ret, answer), reason);
		}
	return false;
}

static uint32_t word_of(const Decision *d)
{
	return profile_return_word(ACTION_ERRNO, d->errno_ret);
}

/* Everywhere, and by a rule or default that is sure to stay. */
static bool is_answered_so(const Advisor *a, const SuggestCall *call)
{
	return verify_answers(a->filter, call->name, word_of(call->decision));
}

static bool settle_answer(const Advisor *a, SuggestCall *call, const char *told)
{
	const ProfileRule *denial = advise_denial(a, call);
	char answer[DECISION_ANSWER_TEXT_MAX];

	decision_format_answer(DECISION_ERRNO, call->decision->errno_ret, answer);
	call->line = denial ? denial->line : 0;
	if (is_answered_so(a, call))
		return advise_settle(call, ADVICE_KEEP_DENIED, "%s, as the profile has it: %s",
				     answer, told);
	call->take_out = denial;
	call->offered = true;
	return advise_settle(call, ADVICE_ERRNO, "%s: %s", answer, told);
}

bool advise_decided(const Advisor *a, SuggestCall *call)
{
	const Decision *d = call->decision, *other;
	const ProfileRule *denial;
	char told[TOLD_MAX];

	if (!d)
		return false;
	other = other_answer(a, call);
	call->open = true;
	if (other)
		return settle_contradiction(call, other);
	if (is_beyond_a_patch(a, call))
		return true;
	call->open = false;
	decision_tell(d, told, sizeof(told));
	if (d->answer == DECISION_ERRNO)
		return settle_answer(a, call, told);
	denial = advise_denial(a, call);
	call->line = denial ? denial->line : 0;
	call->take_out = denial;
	call->offered = true;
	return advise_settle(call, ADVICE_ALLOW, "%s", told);
}

/* ---- one call on several architectures ---- */

/* Does @mine ask for something that @other, of the same name, was not asked about? */
static bool is_half(const SuggestCall *mine, const SuggestCall *other)
{
	const Decision *d = mine->decision;

	return d && d->answer != DECISION_IGNORE && !other->decision && mine != other &&
	       other->name && strcmp(mine->name, other->name) == 0 &&
	       (other->offered || other->open);
}

static void withdraw(SuggestCall *call, const SuggestCall *decided, const SuggestCall *other)
{
	char answer[DECISION_ANSWER_TEXT_MAX];
	const Decision *d = decided->decision;

	call->offered = call->take_out = false;
	call->fallback = NULL;
	call->open = true;
	advise_settle(
		call, ADVICE_REVIEW,
		"%s was decided on %s alone, and it was seen on %s as well: a profile has one "
		"answer for all of them, so decide alike",
		decision_format_answer(d->answer, d->errno_ret, answer), arch_name(decided->arch),
		arch_name(other->arch));
}

void advise_agree(SuggestCall *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; calls[i].decision && k < n; k++) {
			if (!is_half(&calls[i], &calls[k]))
				continue;
			withdraw(&calls[k], &calls[i], &calls[k]);
			if (calls[i].offered)
				withdraw(&calls[i], &calls[i], &calls[k]);
		}
}
