/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A suggestion in the formats that people and programs take: one row of a table for each. */
#include "ctl/evidence.h"
#include "profile/part.h"
#include "suggest/first-profile.h"
#include "suggest/suggest.h"
#include "util/file-change.h"

typedef struct SuggestView {
	const Workload *workload;
	const Suggestion *suggestion;
	Lost lost;
	bool complete;
	char why[EVIDENCE_WHY_MAX]; /* it is not; "" when it is for what is unseen alone */
	int exit_code;
	const char *profile_path; /* as it was named */
	const char *at;           /* where in the file the profile is; NULL: it is the file */
	Dialect dialect;
	ProfileContext context;
	const char *capabilities;  /* whose they are, for people */
	Span profile;              /* the file's bytes */
	const char *written;       /* where the patched profile went, or NULL */
	FileChange applied;        /* .backup NULL: the file was not changed */
	const FirstProfile *first; /* of --new: what it began with; else NULL */
	bool color;
} SuggestView;

/* 0, -ENOMEM, -EIO when writing failed, or an exit code after a complaint. */
typedef int SuggestPrint(const SuggestView *v, FILE *f);

typedef struct SuggestFormat {
	const char *name;
	SuggestPrint *print;
	const char *help; /* what it is, in a few words */
	bool json_only;   /* only of profiles in JSON, none of a unit */
} SuggestFormat;

/* NULL for a name that is none. */
const SuggestFormat *suggest_format_find(const char *name);

/* The format that is taken when none is asked for. */
const SuggestFormat *suggest_format_default(void);

/* One line of help for each. */
void suggest_format_help(FILE *f);

/* "report, json, diff": for a complaint. Returns @buf. */
char *suggest_format_names(char *buf, size_t size);

/* The file as it should be: with all that is offered, else as it is. */
Span suggest_result(const SuggestView *v);

/* The profile in it. *part keeps what it points into. -EBADMSG with a sentence, -ENOMEM. */
int suggest_read_result(const SuggestView *v, Part *part, Profile **ret, Diag *d);

/* The unified diff of the file; empty when nothing is offered. -ENOMEM. */
int suggest_make_diff(const SuggestView *v, Buffer *out);

/* --apply: the file itself is changed, when something is offered. 0, or an exit code after a
 * complaint. */
int suggest_apply(SuggestView *v);

/* What was done to the file, and how to go back. */
SuggestPrint suggest_print_applied;

SuggestPrint suggest_print_report;
SuggestPrint suggest_print_json;
SuggestPrint suggest_print_spo;
SuggestPrint suggest_print_systemd;
