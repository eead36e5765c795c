/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules for one call that stand against each other. libseccomp has no order of actions and no "last
 * wins": the first rule without arguments holds, and erases all with arguments, wherever they are.
 */
#include "profile/filter.h"
#include "profile/lint-private.h"

#define PAIRS_MAX 64 /* with how many later rules of one name a rule is compared */
#define PLAIN_MAX 16 /* rules of one name without arguments that others are compared with */

typedef struct Run {
	Lint *l;
	const LintCall *calls; /* of one name, in the order of the text */
	size_t n;
	const LintCall *plain[PLAIN_MAX]; /* the first of them without arguments */
	size_t n_plain;
} Run;

static bool same_answer(const LintRule *a, const LintRule *b)
{
	return a->action.action == b->action.action && a->action.data == b->action.data;
}

static void say_plain_again(const Run *run, const LintCall *first, const LintCall *again)
{
	const LintRule *a = lint_rule_of(run->l, first), *b = lint_rule_of(run->l, again);

	if (same_answer(a, b))
		lint_say(run->l, LINT_DUPLICATE, LINT_NOTE, again->node,
			 "%.64s has this action already, from line %u: remove one", again->name,
			 lint_line(run->l, first->node));
	else
		lint_say(run->l, LINT_CONFLICT, LINT_WARNING, again->node,
			 "%.64s has %s already, from line %u, and the first rule holds: this one "
			 "(%s) "
			 "has no effect; remove one",
			 again->name, action_name(a->action.action), lint_line(run->l, first->node),
			 action_name(b->action.action));
}

static void say_erased(const Run *run, const LintCall *plain, const LintCall *filtered)
{
	lint_say(run->l, LINT_ERASED, LINT_WARNING, filtered->node,
		 "the arguments of %.64s are not filtered: the rule without arguments in line %u "
		 "(%s) "
		 "replaces this one, wherever it stands; remove one",
		 filtered->name, lint_line(run->l, plain->node),
		 action_name(lint_rule_of(run->l, plain)->action.action));
}

static void collect_plain(Run *run)
{
	run->n_plain = 0;
	for (size_t i = 0; i < run->n && run->n_plain < PLAIN_MAX; i++) {
		const LintRule *rule = lint_rule_of(run->l, &run->calls[i]);

		if (rule->counts && rule->n_args == 0)
			run->plain[run->n_plain++] = &run->calls[i];
	}
}

/* The first rule without arguments that is there whenever @other is; NULL when none. */
static const LintCall *find_plain(const Run *run, const LintCall *other)
{
	for (size_t i = 0; i < run->n_plain; i++)
		if (lint_always_with(run->l, lint_rule_of(run->l, run->plain[i]),
				     lint_rule_of(run->l, other)))
			return run->plain[i];
	return NULL;
}

static bool same_condition(const LintArg *a, const LintArg *b)
{
	return a->index == b->index && a->op == b->op && a->value == b->value &&
	       (a->op != PROFILE_OP_MASKED_EQ || a->value_two == b->value_two);
}

static bool covers(const Lint *l, const LintRule *a, const LintRule *b)
{
	for (size_t i = 0; i < a->n_args; i++) {
		bool found = false;

		for (size_t k = 0; k < b->n_args && !found; k++)
			found = same_condition(&l->args[a->first_arg + i],
					       &l->args[b->first_arg + k]);
		if (!found)
			return false;
	}
	return true;
}

/* The values that a condition lets through, where they are one stretch. */
static bool range_of(const LintArg *a, uint64_t *ret_low, uint64_t *ret_high)
{
	*ret_low = a->op == PROFILE_OP_EQ || a->op == PROFILE_OP_GE ? a->value : 0;
	*ret_high = a->op == PROFILE_OP_EQ || a->op == PROFILE_OP_LE ? a->value : UINT64_MAX;
	if (a->op == PROFILE_OP_GT)
		*ret_low = a->value == UINT64_MAX ? a->value : a->value + 1;
	if (a->op == PROFILE_OP_LT)
		*ret_high = a->value == 0 ? 0 : a->value - 1;
	return a->op != PROFILE_OP_NE && a->op != PROFILE_OP_MASKED_EQ;
}

/* Can no value meet both? False also where that is not known. */
static bool exclude_each_other(const LintArg *a, const LintArg *b)
{
	uint64_t low_a, high_a, low_b, high_b;
	bool range_a = range_of(a, &low_a, &high_a), range_b = range_of(b, &low_b, &high_b);

	if (a->index != b->index)
		return false;
	if (range_a && range_b)
		return high_a < low_b || high_b < low_a;
	if (a->op == PROFILE_OP_MASKED_EQ && b->op == PROFILE_OP_MASKED_EQ)
		return (a->value_two ^ b->value_two) & a->value & b->value;
	if (a->op == PROFILE_OP_EQ && b->op == PROFILE_OP_MASKED_EQ)
		return (a->value ^ b->value_two) & b->value;
	if (a->op == PROFILE_OP_MASKED_EQ && b->op == PROFILE_OP_EQ)
		return (b->value ^ a->value_two) & a->value;
	return (a->op == PROFILE_OP_EQ || b->op == PROFILE_OP_EQ) && a->value == b->value &&
	       (a->op == PROFILE_OP_NE || b->op == PROFILE_OP_NE);
}

static bool overlap(const Lint *l, const LintRule *a, const LintRule *b)
{
	for (size_t i = 0; i < a->n_args; i++)
		for (size_t k = 0; k < b->n_args; k++)
			if (exclude_each_other(&l->args[a->first_arg + i],
					       &l->args[b->first_arg + k]))
				return false;
	return true;
}

/* With @erased a rule without arguments follows, which comes too late to prevent a conflict. */
static void compare_filtered(const Run *run, const LintCall *first, const LintCall *again,
			     bool erased)
{
	const Lint *l = run->l;
	const LintRule *a = lint_rule_of(l, first), *b = lint_rule_of(l, again);
	unsigned line;

	if (!b->counts || b->n_args == 0 ||
	    !(lint_always_with(l, a, b) || lint_always_with(l, b, a)))
		return;
	line = lint_line(l, first->node);
	if (covers(l, a, b) && covers(l, b, a)) {
		if (same_answer(a, b))
			lint_say(run->l, LINT_DUPLICATE, LINT_NOTE, again->node,
				 "%.64s has this rule already, in line %u: remove one", again->name,
				 line);
		else
			lint_say(run->l, LINT_CONFLICT, LINT_ERROR, again->node,
				 "%.64s has another action for the same arguments in line %u: no "
				 "container would start; remove one",
				 again->name, line);
	} else if (!erased && !same_answer(a, b) && overlap(l, a, b))
		lint_say(run->l, LINT_CONFLICT, LINT_WARNING, again->node,
			 "some arguments of %.64s meet this rule and the one in line %u, which has "
			 "another action: which one holds is not defined; make them exclude each "
			 "other",
			 again->name, line);
}

static void compare_with_later(const Run *run, size_t i, const LintCall *plain)
{
	for (size_t k = i + 1; k < run->n && k - i < PAIRS_MAX; k++) {
		if (plain && plain < &run->calls[k])
			return;
		compare_filtered(run, &run->calls[i], &run->calls[k], plain);
	}
}

static void check_run(Run *run)
{
	collect_plain(run);
	for (size_t i = 0; i < run->n; i++) {
		const LintCall *call = &run->calls[i], *plain;
		const LintRule *rule = lint_rule_of(run->l, call);

		if (!rule->counts)
			continue;
		plain = find_plain(run, call);
		if (rule->n_args == 0 && plain && plain < call)
			say_plain_again(run, plain, call);
		if (rule->n_args > 0 && plain)
			say_erased(run, plain, call);
		if (rule->n_args > 0)
			compare_with_later(run, i, plain);
	}
}

void lint_pairs(Lint *l)
{
	Run run = { .l = l };

	for (size_t i = 0; i < l->n_calls; i += run.n) {
		run.calls = &l->calls[i];
		for (run.n = 1; i + run.n < l->n_calls &&
				strcmp(run.calls[run.n].name, run.calls[0].name) == 0;)
			run.n++;
		/* what libseccomp does not know stands against nothing */
		if (run.n > 1 && filter_knows_name(run.calls->name))
			check_run(&run);
	}
}
