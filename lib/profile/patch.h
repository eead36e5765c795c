/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Changes a profile's text by splicing bytes: what is not named here stays as it was, to the byte.
 */
#include "profile/profile.h"
#include "util/buffer.h"

/* The rule that patch_add_names() adds to: the first with action ALLOW, no arguments, no conditions
 * and a names list. NULL when there is none. */
const ProfileRule *patch_target(const Profile *p) _pure_;

/*
 * Adds @names to that rule's list in @text (which @p was read from) and writes the whole result to
 * @out. A list in order gets them in their places, another one at its end, in the order given;
 * indent, one name per line or several, and line ends are those of the list. Names that the list
 * has are not added again. -ENOENT when there is no such rule, -EINVAL for a name that is none.
 */
int patch_add_names(Span text, const Profile *p, const char *const *names, size_t n, Buffer *out);
