/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The difference of two profiles as people and programs read it. */
#include "ctl/context.h"
#include "ctl/instances.h"
#include "profile/json-line.h"
#include "profile/proof.h"

typedef struct DiffSide {
	const char *path;       /* as it was named */
	const Profile *profile; /* NULL: only the filter is known */
	const Filter *filter;
} DiffSide;

typedef struct DiffView {
	DiffSide before, after;
	const Proof *proof;
	ProfileContext context;
	RuntimeFacts facts;
	int exit_code;
} DiffView;

/* An answer as "ERRNO EPERM". Returns @buf. */
#define DIFF_WORD_SIZE 48
char *diff_word_text(uint32_t word, char buf[static DIFF_WORD_SIZE]);

/* Its action, and its errno or message, null where it has none. */
void diff_word_json(JsonLine *j, const char *key, const char *data_key, uint32_t word);

/* One object per change and the summary. */
int diff_print_json(const DiffView *v, FILE *f);

/* By what it means, then by action and architecture. */
int diff_print_text(const DiffView *v, FILE *f);

/* What a comparison with containers that run came to. */
typedef enum DiffVerdict {
	DIFF_SAME,
	DIFF_DIFFERS,
	DIFF_UNLIKE,     /* more differences than are listed */
	DIFF_UNCONFINED, /* they run without a filter */
	DIFF_UNKNOWN,    /* their filter is not known */
	_DIFF_VERDICT_MAX,
} DiffVerdict;

typedef struct DiffRunning {
	const char *workload, *engine;
	const Instance *const *instances; /* all with this one filter */
	size_t n;
	DiffVerdict verdict;
	bool flags_differ, file_logs; /* SECCOMP_FILTER_FLAG_LOG */
	size_t loaded;                /* programs that were read from the kernel; 0: none was */
	int exit_code;
} DiffRunning;

/* @v is NULL where the verdict leaves nothing to compare. */
int diff_print_running_json(const DiffRunning *r, const DiffView *v, FILE *f);
int diff_print_running_text(const DiffRunning *r, const DiffView *v, FILE *f);
