/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Of whom "explain" speaks: a container or a unit that runs, or a workload of the ledger that ran,
 * and what holds it. */
#include "ctl/evidence.h"
#include "ctl/inventory.h"
#include "profile/filter.h"
#include "suggest/denial.h"

#define LABEL_SIZE 256

typedef struct ExplainSubject {
	Ledger *ledger; /* NULL: there is none yet, */
	Diag no_ledger; /* as this says */
	Inventory now;
	Workloads recorded;
	const Instance *instance; /* that runs, or NULL */
	const Workload *workload; /* with its evidence when .has_row, or one of .now */
	bool has_row;
	char *json;       /* the applied filter in OCI form */
	Profile *profile; /* which .filter is made of */
	Filter filter;
	bool filter_known, unconfined;
	Visibility visibility;
	bool capabilities_known, effective_known;
	uint64_t capabilities, effective;
	bool has_label;
	char label[LABEL_SIZE];
} ExplainSubject;

/* @word is a workload, or the name or the id (at least 12 digits of it) of a container. 0, or the
 * exit code after the sentence was printed for @verb. */
int explain_subject_find(const Ctl *ctl, const char *verb, const char *word, ExplainSubject *ret);
void explain_subject_done(ExplainSubject *s);
/* Does a filter that gives this answer leave a record of it? */
bool explain_answer_is_seen(const ExplainSubject *s, Action answer) _pure_;

/* May its filter refuse a call without a record? */
bool explain_refuses_unseen(const ExplainSubject *s) _pure_;

#define _cleanup_explain_subject_ _cleanup_(explain_subject_done)
