/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile that is compared, with the filter that it makes. */
#include "profile/filter.h"

typedef struct DiffInput {
	char *text;
	Profile *profile;
	Filter filter;
} DiffInput;

void diff_input_done(DiffInput *in);
#define _cleanup_diff_input_ _cleanup_(diff_input_done)

/* The file @path, as @dialect reads it. 0, or an exit code after a complaint. */
int diff_input_read(const char *path, Dialect dialect, const ProfileContext *context,
		    DiffInput *ret);

/* The same from @text, which is copied; 0, or -errno with a sentence in @d. */
int diff_input_parse(Span text, Dialect dialect, const ProfileContext *context, DiffInput *ret,
		     Diag *d);

/* Complains of @path. An exit code. */
int diff_input_fail(const char *path, int r, const Diag *d);
