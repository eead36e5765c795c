/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile's text that is changed step by step with patch.h: after each step it is read again, so
 * that the next one finds its places. */
#include "profile/patch.h"

typedef struct Draft {
	Dialect dialect;
	const ProfileContext *context;
	Buffer text;
	Profile *profile; /* of .text */
	Diag *diag;
} Draft;

/* -EBADMSG with a sentence in @d when @text is no profile; -ENOMEM. All but @text is borrowed. */
int draft_init(Draft *draft, Span text, Dialect dialect, const ProfileContext *context, Diag *d);
void draft_done(Draft *draft);
#define _cleanup_draft_ _cleanup_(draft_done)

/* Makes @next the text when @r, what the patch returned, is 0; returns @r, or why it cannot be
 * read. @next is empty then. */
int draft_take(Draft *draft, int r, Buffer *next);

/* Where names are taken out one by one: -EBADMSG with a sentence when there are more than any
 * profile has; libseccomp knows some 480. */
#define DRAFT_NAMES_MAX 8192
int draft_check_names(const Draft *draft);

int draft_add_rule(Draft *draft, const PatchRule *rule);

/* Takes those names out of a rule of .profile that @goes finds; with its last name goes the rule.
 */
typedef bool (*DraftNameGoes)(const ProfileRule *rule, const char *name, void *userdata);
int draft_remove_names(Draft *draft, size_t rule, DraftNameGoes goes, void *userdata);
