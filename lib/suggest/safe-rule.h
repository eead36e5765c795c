/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Calls that are harmless for some arguments, and well known to be: Docker's default profile has
 * the same rules, or wider ones. A record has no arguments, but these cover what nearly every program asks for.
 */
#include "profile/profile.h"

#define SAFE_RULE_ALTERNATIVES 5

typedef struct SafeRule {
	const char *name;
	const char *text; /* "allowed ..." */
	unsigned n;
	ProfileArg alternatives[SAFE_RULE_ALTERNATIVES]; /* one condition each; any may hold */
} SafeRule;

/* The rule for @name on these architectures. -ENOENT when there is none, or when none is right for
 * all of them: s390 has clone's first two arguments the other way round. */
int safe_rule_for(const char *name, const uint32_t *arches, size_t n, SafeRule *ret);

/* Does the rule hold for these arguments, as a filter on @arch compares them? */
bool safe_rule_holds(const SafeRule *rule, uint32_t arch, const uint64_t args[static 6]);
