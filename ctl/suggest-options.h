/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* suggest: what it was asked for. */
#include "ctl/context.h"
#include "ctl/suggest-output.h"

typedef struct SuggestOptions {
	const char *workload, *profile, *out, *dir;
	ContextOptions context;      /* without a dialect: the workload's */
	const char *at;              /* NULL: the whole file is the profile */
	const SuggestFormat *format; /* NULL: none was asked for */
	bool apply, tighten, new_profile, include_marked;
} SuggestOptions;

/* 0, -1 when help was printed, or an exit code. */
int suggest_options_parse(int argc, char **argv, SuggestOptions *o);
