/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The profile with the architectures that its programs were killed for: the ground on which all
 * else is advised and patched. Where none is missing, it is the profile as it stands.
 */
#include "suggest/suggest.h"

typedef struct Widened {
	char *text; /* NULL: nothing was added, .profile and .filter are empty */
	size_t n;
	Profile *profile;
	Filter filter;
} Widened;

/*
 * Lists the architectures that calls of @s ask for and a patch may list, proves that nothing else
 * changes than for their programs, and that these get what the rules say. Sets .added and
 * .arch_added of @s and its calls, and tells in .other_changes. Where it cannot be proved nothing
 * is added, and that is told. -ENOMEM.
 */
int widen(const SuggestInput *in, const Profile *profile, const Filter *filter, Suggestion *s,
	  Widened *ret);
void widened_done(Widened *w);
#define _cleanup_widened_ _cleanup_(widened_done)
