/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What "seccompctl report" knows of one workload, read once, and the parts of its page. The figures
 * are those of "gate", "show" and "suggest", by the same functions. Whatever a stranger can make
 * many of is shown up to a limit, and what is left out is said.
 */
#include "ctl/context.h"
#include "ctl/decisions.h"
#include "ctl/evidence.h"
#include "ctl/report-page.h"
#include "suggest/gate-figures.h"

#define REPORT_CALLS_SHOWN 1000
#define REPORT_LOSSES_SHOWN 100
#define REPORT_WORKLOADS_SHOWN 1000

typedef struct ReportRequest {
	const char *workload; /* NULL: all of them */
	const char *out;      /* "-" is standard output */
	const char *profile;  /* the owner's file; NULL: looked for */
	const char *dir;      /* where decisions are kept */
	ContextOptions context;
} ReportRequest;

/* The advice on its calls, and whose profile it is about. */
typedef struct ReportAdvice {
	Suggestion *suggestion; /* NULL: there is none, and .why says the reason */
	char why[DIAG_TEXT_MAX];
	char *path;    /* the owner's file; NULL: it is about the filter that was loaded */
	char *profile; /* its text */
	size_t n_profile;
	Observed *observed;
	char *applied;
	Dialect dialect;
	RuntimeFacts facts;
} ReportAdvice;

/* All rows of one call. */
typedef struct ReportCall {
	const Sighting *first_row; /* n of them, one behind the other */
	size_t n;
	const SuggestCall *advice; /* or NULL */
	Risk risk;
	uint64_t count;
	usec_t first, last;
	uint32_t origins, actions; /* 1 << each */
	uint32_t lifetimes;        /* the largest of its rows; 3 is "more" */
} ReportCall;

typedef struct Report {
	const Ctl *ctl;
	const ReportRequest *request;
	Evidence evidence;
	const Workload *workload;
	DecisionFile decided;
	GateView gate; /* decided for .target, unless .no_gate */
	GateTarget target;
	const char *no_gate; /* why no gate is asked, for a sentence; or NULL */
	bool complete;
	char why[EVIDENCE_WHY_MAX]; /* it is not */
	ReportAdvice advice;
	ReportCall *calls; /* what waits for a person first, then by risk and count */
	size_t n_calls;
	uint64_t dropped; /* records that were not kept */
	usec_t now;
} Report;

/* 0, or the exit code after the sentence was printed. */
int report_read(const Ctl *ctl, const ReportRequest *q, Report *ret);
void report_done(Report *r);
#define _cleanup_report_ _cleanup_(report_done)

/* Of report_read(): fills .advice. 0, or -ENOMEM, or -errno as of the ledger. */
int report_advise(Report *r);
void report_advice_done(ReportAdvice *a);

/* Does the profile, patched, still not allow it? */
bool report_is_denied(const ReportCall *c);

/* The whole page. 0, -ENOMEM, -E2BIG or -errno as of the ledger. */
int report_workload(const Report *r, Buffer *b);
int report_fleet(const Ctl *ctl, const Evidence *e, const char *dir, usec_t now, Buffer *b);

/* ---- the parts, in the order in which they stand ---- */

void report_head(const Report *r, Buffer *b);
void report_gate(const Report *r, Buffer *b);
void report_curve(const Report *r, Buffer *b);
void report_hours(const Report *r, Buffer *b);
void report_spans(const Report *r, Buffer *b);
void report_calls(const Report *r, Buffer *b);
void report_denied(const Report *r, Buffer *b);
int report_patch(const Report *r, Buffer *b);
int report_loss(const Report *r, Buffer *b);

/* The same of all workloads together. */
void report_lost_kinds(const Lost *lost, Buffer *b);

/* "mincore", or the number of what has no name. */
void report_call_name(Buffer *b, const ReportCall *c);
ReportTone report_risk_tone(Risk r) _const_;
ReportTone report_verdict_tone(GateVerdict v) _const_;

/* The command whose patch this is, for a shell. */
void report_suggest_command(const Report *r, Buffer *b);

/* "log", "unconfined", or "not known". */
const char *report_stage_word(const Workload *w);

/* ---- time, from left to right ---- */

typedef struct ReportAxis {
	usec_t from, to;
	bool cut;   /* there was something before */
	bool ended; /* nothing has happened for long: it ends before now */
} ReportAxis;

/* That of a workload's evidence: at most the 92 days that the ledger keeps hours of. */
void report_axis_find(const Report *r, ReportAxis *ret);

/* Where @t is, 0 to 1. */
double report_axis_at(const ReportAxis *a, usec_t t);

/* Five times below a chart. */
void report_axis_labels(const ReportAxis *a, Buffer *b);

/* Stretches without a whole watch, as stripes of @height; how many of each kind, and how long. */
typedef struct ReportStretches {
	size_t unwatched, lost;
	usec_t unwatched_time, lost_time;
} ReportStretches;

void report_stripes(const Report *r, const ReportAxis *a, unsigned height, Buffer *b,
		    ReportStretches *ret);
