/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a patch is made of, before it is one: names to allow, names to take out of the rules that
 * deny them, rules with arguments, calls that are answered with ENOSYS so that programs fall back,
 * and those that are answered with an errno because a person decided so.
 */
#include "profile/filter.h"
#include "suggest/safe-rule.h"
#include "util/buffer.h"

#define PLAN_RULES_MAX 3
#define PLAN_DENIALS_MAX 64 /* rules from which names are taken out */

/* Names, borrowed; in the order of strcmp() once the plan is made. */
typedef struct PlanNames {
	const char **names;
	size_t n;
} PlanNames;

/* An answer that a person decided on. */
typedef struct PlanErrno {
	const char *name; /* borrowed */
	uint32_t data;
} PlanErrno;

typedef struct Plan {
	PlanNames allow;
	PlanNames
		take_out; /* of the rules without arguments and conditions that do not allow them */
	PlanNames enosys;
	PlanNames answered; /* with ENOSYS already */
	PlanNames implied;  /* of .allow and .rules: nobody saw them, but .enosys and .answered fall
			     * back to them */
	PlanErrno *errnos;  /* by errno, then name, once the plan is made */
	size_t n_errnos;
	SafeRule rules[PLAN_RULES_MAX];
	size_t n_rules;
	char **keep; /* ENOSYS that runc would not give any more; in the order found */
	size_t n_keep;
} Plan;

void plan_done(Plan *p);
#define _cleanup_plan_ _cleanup_(plan_done)

/* Does the patch change nothing? */
bool plan_is_empty(const Plan *p) _pure_;

/* @name must outlive the plan. -ENOMEM. */
int plan_names_add(PlanNames *names, const char *name);

/* To be answered with this errno. @name must outlive the plan. -ENOMEM. */
int plan_errno_add(Plan *p, const char *name, uint32_t data);
const PlanErrno *plan_errno(const Plan *p, const char *name) _pure_;

/* When all are there: in order, each once. */
void plan_sort(Plan *p);

/* In a sorted list? */
bool plan_names_have(const PlanNames *names, const char *name) _pure_;

/* A copy of @name for .keep; 1 when it is there already, -ENOMEM. */
int plan_keep(Plan *p, const char *name);

bool plan_keeps(const Plan *p, const char *name) _pure_;
const SafeRule *plan_rule(const Plan *p, const char *name) _pure_;

/* The text with all of it. -EBADMSG when a step makes it unreadable, -E2BIG when more rules than
 * PLAN_DENIALS_MAX deny, -ENOMEM. */
int plan_apply(const Plan *p, Span text, Dialect dialect, const ProfileContext *context,
	       Buffer *out, Diag *d);
