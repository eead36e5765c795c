/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conditions on arguments that do not do what they seem to. */
#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/lint-private.h"
#include "profile/multiplex.h"

#define WORD_S390 0x00000016U
#define WORD_S390X 0x80000016U

/* Conditions that no value meets, or every one, or that are not what is written; why, or NULL. */
static const char *judge(const LintArg *a)
{
	bool masked = a->op == PROFILE_OP_MASKED_EQ;

	if (masked && a->value == 0)
		return "is always met: \"value\" is the mask, and it is 0";
	if (masked && (a->value_two & ~a->value))
		return "compares less than is written: \"value\" is the mask, and libseccomp "
		       "ignores "
		       "the bits of \"valueTwo\" outside of it";
	if (a->op == PROFILE_OP_LT && a->value == 0)
		return "is never met: no value is less than 0";
	if (a->op == PROFILE_OP_GE && a->value == 0)
		return "is always met: every value is 0 or more";
	if (a->op == PROFILE_OP_GT && a->value == UINT64_MAX)
		return "is never met: no value is greater than this one";
	if (a->op == PROFILE_OP_LE && a->value == UINT64_MAX)
		return "is always met: no value is greater than this one";
	return NULL;
}

static void check_arg(Lint *l, const LintArg *a)
{
	const char *why = judge(a);

	if (why)
		lint_say(l, LINT_COMPARISON, LINT_WARNING, a->node, "this argument condition %s",
			 why);
	else if (a->op != PROFILE_OP_MASKED_EQ && a->value_two != 0)
		lint_say(l, LINT_COMPARISON, LINT_NOTE, a->node,
			 "\"valueTwo\" has no effect here: only SCMP_CMP_MASKED_EQ uses it");
}

static void check_repeats(Lint *l, const LintRule *rule)
{
	unsigned seen = 0;

	for (size_t i = 0; i < rule->n_args; i++) {
		const LintArg *a = &l->args[rule->first_arg + i];

		if (seen & 1U << a->index) {
			lint_say(l, LINT_REPEATED_ARGUMENT, LINT_WARNING, a->node,
				 "argument %u stands twice in this rule: runc and crun then take "
				 "each "
				 "condition of the rule for itself, so that meeting one of them is "
				 "enough; write rules that need each argument once",
				 (unsigned)a->index);
			return;
		}
		seen |= 1U << a->index;
	}
}

void lint_args(Lint *l)
{
	for (size_t i = 0; i < l->n_args; i++)
		check_arg(l, &l->args[i]);
	for (size_t i = 0; i < l->n_rules; i++)
		check_repeats(l, &l->rules[i]);
}

static bool list_holds(Lint *l, const ScanNode *condition, const char *word)
{
	const ScanNode *list = condition ? lint_member(l, condition, "arches", SCAN_ARRAY) : NULL;

	if (list)
		SCAN_EACH(&l->scan, list, child)
	if (span_is(span_make(l->scan.text.p + child->begin + 1, child->end - child->begin - 2),
		    word))
		return true;
	return false;
}

static bool holds_on(Lint *l, const LintRule *rule, const char *arch)
{
	const ScanNode *only =
		rule->includes ? lint_member(l, rule->includes, "arches", SCAN_ARRAY) : NULL;

	return !list_holds(l, rule->excludes, arch) &&
	       (lint_is_empty(only) || list_holds(l, rule->includes, arch));
}

/* The first two arguments of clone(2) are swapped on s390. */
void lint_clone_order(Lint *l)
{
	size_t n;
	const LintCall *calls = lint_find(l, "clone", &n);
	bool s390 = false;

	for (size_t i = 0; i < l->n_arches; i++)
		s390 |= l->arches[i].word == WORD_S390 || l->arches[i].word == WORD_S390X;
	for (size_t i = 0; s390 && i < n; i++) {
		const LintRule *rule = lint_rule_of(l, &calls[i]);

		for (size_t k = 0; k < rule->n_args; k++)
			if (l->args[rule->first_arg + k].index == 0 && holds_on(l, rule, "s390x") &&
			    rule->counts) {
				lint_say(l, LINT_CLONE_ORDER, LINT_WARNING, calls[i].node,
					 "on s390 the flags of clone are argument 1, not 0, so "
					 "this rule "
					 "filters the wrong one there: give s390 and s390x a rule "
					 "of "
					 "their own");
				break;
			}
	}
}

static const char *multiplexer_of(const char *name)
{
	static const char *const outer[] = { "socketcall", "ipc" };

	for (size_t i = 0; i < ELEMENTSOF(outer); i++)
		for (uint64_t k = 0; k < MULTIPLEX_MAX; k++) {
			const char *inner = multiplex_inner(outer[i], k);

			if (inner && strcmp(inner, name) == 0)
				return outer[i];
		}
	return NULL;
}

/* An architecture of the profile that makes the call through the other one as well. */
static uint32_t find_multiplexing(const Lint *l, const char *outer)
{
	int64_t nr;

	for (size_t i = 0; i < l->n_arches; i++)
		if (syscall_number(l->arches[i].word, outer, &nr) == 0)
			return l->arches[i].word;
	return 0;
}

/* libseccomp allows the multiplexer along with an allowed call, whatever its arguments. */
void lint_multiplexed(Lint *l)
{
	const char *last = NULL, *outer;
	uint32_t arch;

	for (size_t i = 0; i < l->n_calls; i++) {
		const LintCall *call = &l->calls[i];
		const LintRule *rule = lint_rule_of(l, call);

		if (rule->n_args == 0 || !rule->counts || (last && strcmp(last, call->name) == 0))
			continue;
		last = call->name;
		outer = multiplexer_of(call->name);
		arch = outer ? find_multiplexing(l, outer) : 0;
		if (arch)
			lint_say(l, LINT_MULTIPLEXED, LINT_WARNING, call->node,
				 "this filter on the arguments of %s does not bind programs of %s, "
				 "which "
				 "can make the call through %s, where arguments cannot be "
				 "filtered: leave "
				 "that architecture out if no program needs it",
				 call->name, arch_scmp_name(arch), outer);
	}
}
