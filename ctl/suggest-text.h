/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A suggestion as people and programs read it. */
#include "ctl/evidence.h"
#include "suggest/suggest.h"

typedef struct SuggestView {
	const Workload *workload;
	const Suggestion *suggestion;
	Lost lost;
	bool complete;
	int exit_code;
	const char *profile_path;
	Dialect dialect;
	const char *capabilities; /* whose conditions were evaluated with, for people */
	Span profile;
	const char *written; /* where the patched profile went, or NULL */
} SuggestView;

/* One object per call and the summary. */
int suggest_print_json(const SuggestView *v, FILE *f);

/* Only the unified diff; nothing when nothing is offered. */
int suggest_print_diff(const SuggestView *v, FILE *f);

/* Evidence, diff, proof, and what is not known. */
int suggest_print_text(const SuggestView *v, bool color, FILE *f);
