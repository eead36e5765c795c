/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Changes a profile's text by splicing bytes: what is not named here stays as it was, to the byte.
 * Each function takes the text that @p was read from, and writes the whole result to @out; a second
 * time it changes nothing. Several changes are made one after the other, with the result read again
 * in between. -EINVAL when @text is not what @p was read from, or for a name that is none.
 */
#include "profile/profile.h"
#include "util/buffer.h"

/* The rule that patch_add_names() adds to: the first with action ALLOW, no arguments, no conditions
 * and a names list. NULL when there is none. */
const ProfileRule *patch_target(const Profile *p) _pure_;

/* The first such rule that gives another answer: @action with @data (an errno), as profile.h has
 * them. */
const ProfileRule *patch_target_for(const Profile *p, Action action, uint32_t data) _pure_;

/*
 * Adds @names to that rule's list in @text (which @p was read from) and writes the whole result to
 * @out. A list in order gets them in their places, another one at its end, in the order given;
 * indent, one name per line or several, and line ends are those of the list. Names that the list
 * has are not added again. -ENOENT when there is no such rule, -EINVAL for a name that is none.
 */
int patch_add_names(Span text, const Profile *p, const char *const *names, size_t n, Buffer *out);

/* The same for one of @p's rules that has such a list. */
int patch_add_names_to(Span text, const ProfileRule *rule, const char *const *names, size_t n,
		       Buffer *out);

typedef struct PatchRule {
	const char *const *names;
	size_t n_names;
	Action action;
	int errno_ret; /* -1: none */
	const ProfileArg *args;
	size_t n_args;
} PatchRule;

/* A new rule at the end of "syscalls", in the file's own style; none when the same one is there. */
int patch_add_rule(Span text, const Profile *p, const PatchRule *rule, Buffer *out);

/* Takes names out of one of @p's rules, and the rule with its last name. */
int patch_remove_names(Span text, const Profile *p, size_t rule, const char *const *names, size_t n,
		       Buffer *out);

/* Lists an architecture that the filter does not know yet, where the file lists architectures.
 * -EINVAL for one that profiles have no name for, -ENOENT when its engine reads no architectures
 * for this host at all. */
int patch_add_arch(Span text, const Profile *p, uint32_t arch, Buffer *out);

/* The default action with its errno (-1: none). The keys of the old one's errno go. */
int patch_set_default(Span text, const Profile *p, Action action, int errno_ret, Buffer *out);

/* The list of filter flags; none takes the key away. */
int patch_set_flags(Span text, const Profile *p, const char *const *flags, size_t n, Buffer *out);
