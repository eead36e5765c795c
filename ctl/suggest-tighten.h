/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* suggest --tighten: what the profile allows and nobody used. */
#include "ctl/context.h"
#include "ctl/evidence.h"
#include "suggest/tighten.h"
#include "util/file-change.h"

typedef struct TightenRequest {
	const Workload *workload;
	const char *path; /* of the profile */
	Span profile;
	Dialect dialect;
	ProfileContext context;
	RuntimeFacts facts;
	const char *format; /* "report", "json", "diff" or "profile" */
	const char *out;    /* NULL */
	bool apply;
} TightenRequest;

/* Runs of the workload that were watched from their start and of which nothing was lost, and why
 * others do not count. */
typedef struct TightenRuns {
	size_t whole, running; /* of .whole those that still run */
	usec_t watched;        /* how long the whole ones ran, together */
	size_t set_aside;
	char why[EVIDENCE_WHY_MAX]; /* the newest that was set aside was so; "" */
} TightenRuns;

typedef struct TightenView {
	const TightenRequest *request;
	const Tightening *t;
	TightenRuns runs;
	const char *written; /* NULL */
	FileChange applied;  /* .backup NULL: the file was not changed */
	bool color;
	int exit_code;
} TightenView;

/* Is it one of those? */
bool tighten_has_format(const char *name);

/* An exit code. */
int suggest_tighten(const Ctl *ctl, const Evidence *e, const TightenRequest *request);

/* 0, -ENOMEM, -EIO. */
int tighten_print_report(const TightenView *v, FILE *f);
int tighten_print_json(const TightenView *v, FILE *f);
