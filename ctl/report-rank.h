/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What is to be done about each workload, the most urgent first. */
#include "ctl/report.h"

typedef enum Todo {
	TODO_DENIED,   /* calls are refused, or processes killed */
	TODO_DECIDE,   /* calls wait for a person */
	TODO_PATCH,    /* the profile lacks calls */
	TODO_PROMOTE,  /* the gate is met */
	TODO_SEE,      /* what its filter refuses is not to be seen */
	TODO_COMPLETE, /* evidence is missing */
	TODO_WAIT,     /* the gate is not met yet */
	TODO_LOOK,     /* there were too many to look at all */
	TODO_NONE,     /* it is at the last stage */
	_TODO_MAX
} Todo;

typedef struct TodoWords {
	const char *name, *text; /* "A person decides" */
	ReportTone tone;
} TodoWords;

const TodoWords *todo_words(Todo t) _const_;

typedef struct Ranked {
	const Workload *workload;
	Todo todo;
	bool complete;
	char why[EVIDENCE_WHY_MAX]; /* it is not */
	bool judged;                /* the gate was asked: */
	GateVerdict verdict;        /* it is of the next stage */
	GateTarget target;
	size_t n_met, n_criteria;
	uint64_t waiting;               /* calls for a person; 0 when it was not judged */
	char reason[2 * GATE_TEXT_MAX]; /* for what is to be done */
} Ranked;

/* 0, or -errno as of the ledger. @skip_gate: only what takes no look at its sightings. */
int rank_workload(const Ctl *ctl, const Evidence *e, const Workload *w, const char *dir,
		  bool skip_gate, Ranked *ret);

/* For qsort(): by urgency, then by records. */
int rank_compare(const void *a, const void *b);
