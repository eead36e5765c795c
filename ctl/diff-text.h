/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The difference of two profiles as people and programs read it. */
#include "ctl/context.h"
#include "profile/proof.h"

typedef struct DiffSide {
	const char *path; /* as it was named */
	const Profile *profile;
	const Filter *filter;
} DiffSide;

typedef struct DiffView {
	DiffSide before, after;
	const Proof *proof;
	ProfileContext context;
	RuntimeFacts facts;
	int exit_code;
} DiffView;

/* One object per change and the summary. */
int diff_print_json(const DiffView *v, FILE *f);

/* By what it means, then by action and architecture. */
int diff_print_text(const DiffView *v, FILE *f);
