/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The open calls of a workload, for the dialogue of "review": a question for each name. */
#include "ctl/context.h"
#include "ctl/decisions.h"
#include "ctl/evidence.h"
#include "suggest/sightings.h"
#include "suggest/propose.h"

typedef struct ReviewInput {
	const char *profile_path; /* NULL: the filter that it runs under */
	const char *workloads_dir;
	ContextOptions context;
} ReviewInput;

/* What was read once, and asked of suggest() anew after each round. */
typedef struct Review {
	const Ctl *ctl;
	const Workload *workload;
	Evidence evidence;
	DecisionFile decided;
	Sightings sightings;
	Observed *observed;
	char *profile, *applied;
	SuggestInput input;
	RuntimeFacts facts;
	Suggestion *suggestion;
	const SuggestCall **questions; /* the first open call of each name */
	size_t n_questions;
	size_t n_unnamed; /* open, and without a name to decide on */
} Review;

/* All of @word's. 0, or the exit code after the sentence was printed. */
int review_read(const Ctl *ctl, const char *word, const ReviewInput *in, Review *ret);
void review_done(Review *r);
#define _cleanup_review_ _cleanup_(review_done)

/* Reads the decisions anew, and with them what is open. 0, or the exit code after the sentence was
 * printed. Old questions are gone. */
int review_ask(Review *r, const char *workloads_dir);

/* Calls of this name that are open, or were when the questions were made: the next one after
 * @after, NULL behind the last. */
const SuggestCall *review_call(const Review *r, const char *name, const SuggestCall *after);

/* ---- what a person sees (review-text.c) ---- */

/* @number of @n; @now is how it was decided meanwhile, or NULL. */
void review_print_question(const Review *r, const SuggestCall *c, size_t number, size_t n,
			   const Decision *now);

/* All that is known: every example, every reason. */
void review_print_more(const Review *r, const SuggestCall *c);

/* What was decided in this session, what waits, and what comes next, with the words of this command
 * (but argv[0]). */
void review_print_summary(const Review *r, int argc, char **argv, size_t n_decided);

/* "reviewed: high risk, 7 records up to 2026-11-22". Returns @buf. */
char *review_default_why(const SuggestCall *c, char *buf, size_t size);
