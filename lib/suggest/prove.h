/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* From the offered calls to a patched text that is proved, or to the sentence why there is none. */
#include "suggest/advise.h"

/* The text that @advisor's profile was read from: the owner's, or that with architectures added. */
typedef struct ProveGround {
	const SuggestInput *in;
	const Advisor *advisor;
	Span text;
	const Filter *original; /* of the owner's text */
} ProveGround;

/* Fills newly_allowed, other_changes, patched and proof of @s; *ret_after is the patched profile's
 * filter, when there is one. */
int prove_patch(const ProveGround *ground, Suggestion *s, Filter *ret_after);
