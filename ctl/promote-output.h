/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A promotion in the formats that people and programs take; demote prints its diff with them. */
#include "ctl/context.h"
#include "ctl/promote-gate.h"

#define PROMOTE_AUDIT_ALL "audit-all"

typedef struct PromoteView {
	const Workload *workload;
	const Promotion *promotion;
	const GateReport *gate; /* NULL: it was not asked, since nothing gets stricter */
	const char *target; /* a stage's name, or PROMOTE_AUDIT_ALL */
	Dialect dialect;
	Runtime runtime;
	RuntimeFacts facts;
	const char *path;   /* as it was named; NULL: the filter that runs, from no file */
	Span before, after; /* the file's bytes; .before is empty where there was no filter */
	bool refused, forced;
	const char *applied; /* where the replaced profile was kept; NULL: nothing was changed */
	const char *written; /* where the next profile went; NULL */
	bool color;
	int exit_code;
} PromoteView;

/* 0, -ENOMEM, -EIO. */
typedef int PromotePrint(const PromoteView *v, FILE *f);

typedef struct PromoteFormat {
	const char *name;
	PromotePrint *print;
} PromoteFormat;

/* "report", "json", "diff", "profile"; NULL for another word. */
const PromoteFormat *promote_format_find(const char *name);

/* The diff of both texts alone, under a name that readers of diffs find. */
int promote_write_diff(Span before, Span after, const char *path, FILE *f);

/* The command that starts the workload under the next profile. */
void promote_next(const PromoteView *v, Buffer *out);

PromotePrint promote_print_report;
PromotePrint promote_print_json;
