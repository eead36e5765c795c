/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* suggest --tighten: what the profile allows and nobody used. */
#include "ctl/context.h"
#include "ctl/watched-runs.h"
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

typedef struct TightenView {
	const TightenRequest *request;
	const Tightening *t;
	const WatchedRuns *runs;
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
