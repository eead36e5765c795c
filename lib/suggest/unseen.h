/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Allowed calls leave no record. What the filter that a container ran under allowed and the owner's
 * file does not, nobody can have seen: no evidence says whether the workload makes such calls.
 */
#include "suggest/suggest.h"

/*
 * Lists these calls in @s, with the architecture where it is not the host's; calls that @s has are
 * known and do not count. @applied is an OCI filter; one that cannot be read says nothing. Numbers
 * up to 1023 are tried, and where an answer depends on the arguments its boundaries, sampled when
 * there are too many. -ENOMEM.
 */
int unseen_find(Span applied, const ProfileContext *context, const Filter *file, Suggestion *s);
