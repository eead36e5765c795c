/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a patch is made of, before it is one: names to allow, rules with arguments, and calls that
 * are answered with ENOSYS so that programs fall back.
 */
#include "profile/filter.h"
#include "suggest/safe-rule.h"
#include "util/buffer.h"

#define PLAN_RULES_MAX 3

typedef struct Plan {
	const char **allow; /* borrowed; in the order of strcmp() */
	size_t n_allow;
	SafeRule rules[PLAN_RULES_MAX];
	size_t n_rules;
	bool clone3;        /* ENOSYS for it */
	bool clone_implied; /* the rule for clone is there because clone3 falls back to it */
	char **keep;        /* ENOSYS that runc would not give any more; in the order found */
	size_t n_keep;
} Plan;

void plan_done(Plan *p);
#define _cleanup_plan_ _cleanup_(plan_done)

/* Does the patch change nothing? */
bool plan_is_empty(const Plan *p) _pure_;

/* A copy of @name for .keep; 1 when it is there already, -ENOMEM. */
int plan_keep(Plan *p, const char *name);

bool plan_allows(const Plan *p, const char *name) _pure_;
bool plan_keeps(const Plan *p, const char *name) _pure_;
const SafeRule *plan_rule(const Plan *p, const char *name) _pure_;

/* The text with all of it. -EBADMSG when a step makes it unreadable, -ENOMEM. */
int plan_apply(const Plan *p, Span text, Dialect dialect, const ProfileContext *context,
	       Buffer *out, Diag *d);
