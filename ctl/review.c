/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/marks.h"
#include "ctl/past-instance.h"
#include "ctl/profile-file.h"
#include "ctl/review.h"
#include "ctl/stage-target.h"
#include "seccompd/exit-codes.h"

void review_done(Review *r)
{
	free(r->questions);
	suggestion_free(r->suggestion);
	free(r->applied);
	free(r->profile);
	free(r->observed);
	sightings_done(&r->sightings);
	decision_file_close(&r->decided);
	evidence_done(&r->evidence);
	*r = (Review){ .decided = DECISION_FILE_NULL };
}

/* ---- reading ---- */

static int fail_ledger(const Review *r)
{
	return ctl_fail_ledger(r->ctl, "review", r->evidence.ledger);
}

static bool is_unit(const Workload *w)
{
	return span_starts(span_of(w->name), SPAN_LIT("unit:"));
}

static int find_workload(const Ctl *ctl, const char *word, Review *r)
{
	int q = evidence_open(ctl, "review", &r->evidence);

	if (q != 0)
		return q;
	r->workload = evidence_find(&r->evidence, "review", word);
	if (!r->workload)
		return SECCOMPD_EXIT_USAGE;
	if (strcmp(r->workload->name, "unattributed") == 0 ||
	    span_starts(span_of(r->workload->name), SPAN_LIT("host:")))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "review",
				"%s has no profile, so there is nothing to review",
				r->workload->name);
	return 0;
}

/* The owner's file, or what was loaded. */
static int read_profile(const ReviewInput *in, Review *r)
{
	size_t n = 0;
	int q;

	q = ledger_get_profile(r->evidence.ledger, r->workload->profile_hash, &r->applied);
	if (q < 0 && q != -ENOENT)
		return fail_ledger(r);
	if (in->profile_path && is_unit(r->workload))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "review",
				"a unit has no profile in a file: without --profile, what its "
				"settings come to is read");
	if (in->profile_path) {
		q = profile_file_read("review", in->profile_path, &r->profile, &n);
		r->input.profile = span_make(r->profile, n);
		return q;
	}
	if (!r->applied)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "review",
				"the filter of %s is not known here; name its file with --profile",
				r->workload->name);
	r->input.profile = span_of(r->applied);
	return 0;
}

/* What a runtime has loaded is in the form that all of them read. */
static Dialect choose_dialect(const ReviewInput *in, const Workload *w)
{
	return in->profile_path ? context_dialect_of(&in->context, w) : DIALECT_OCI;
}

/* Conditions are evaluated for the capabilities that its containers have. */
static int find_context(const ReviewInput *in, Review *r)
{
	_cleanup_inventory_ Inventory now = { 0 };
	const Instance *like;
	Instance past;

	if (inventory_read_containers(r->ctl, r->evidence.ledger, &now) < 0)
		return ctl_fail_memory("review");
	like = inventory_example(&now, r->workload->name);
	if (!like && past_instance(r->evidence.ledger, r->workload, &past) == 0)
		like = &past;
	r->input.dialect = choose_dialect(in, r->workload);
	r->input.context = context_of_instance(&in->context, r->input.dialect, like, &r->facts);
	return 0;
}

static int read_sightings(Review *r)
{
	if (sightings_read(r->evidence.ledger, r->workload->id, &r->sightings) < 0 ||
	    marks_find(r->ctl, &r->evidence, r->workload, decision_list_all(&r->decided.list),
		       &r->sightings) < 0)
		return fail_ledger(r);
	r->observed = sightings_observed(&r->sightings, r->workload->profile_hash);
	if (!r->observed)
		return ctl_fail_memory("review");
	r->input.observed = r->observed;
	r->input.n_observed = r->sightings.n;
	r->input.risks = r->ctl->risks;
	r->input.applied = r->applied ? span_of(r->applied) : SPAN_NULL;
	return 0;
}

/* ---- what is open ---- */

static bool is_asked(const Review *r, const char *name)
{
	for (size_t i = 0; i < r->n_questions; i++)
		if (strcmp(r->questions[i]->name, name) == 0)
			return true;
	return false;
}

static int make_questions(Review *r)
{
	const Suggestion *s = r->suggestion;

	free(r->questions);
	r->n_questions = r->n_unnamed = 0;
	r->questions = calloc(s->n_calls + 1, sizeof(*r->questions));
	if (!r->questions)
		return ctl_fail_memory("review");
	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *c = &s->calls[i];

		if (c->open && !c->name)
			r->n_unnamed++;
		else if (c->open && !is_asked(r, c->name))
			r->questions[r->n_questions++] = c;
	}
	return 0;
}

const SuggestCall *review_call(const Review *r, const char *name, const SuggestCall *after)
{
	const Suggestion *s = r->suggestion;

	for (const SuggestCall *c = after ? after + 1 : s->calls; c < s->calls + s->n_calls; c++)
		if (c->open && c->name && strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int suggest_again(Review *r)
{
	Diag d = { 0 };
	int q;

	r->suggestion = suggestion_free(r->suggestion);
	r->input.decisions = decision_list_all(&r->decided.list);
	r->input.library = known(r->facts.libseccomp);
	q = suggest(&r->input, &r->suggestion, &d);
	if (q == -ENOMEM)
		return ctl_fail_memory("review");
	return q < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, "review",
				     r->profile ? "the profile" : "the applied filter", &d)
		     : make_questions(r);
}

int review_ask(Review *r, const char *workloads_dir)
{
	int q;

	decision_file_close(&r->decided);
	r->decided = DECISION_FILE_NULL;
	q = decision_file_open("review", workloads_dir, r->workload->name, false, &r->decided);
	return q == 0 ? suggest_again(r) : q;
}

int review_read(const Ctl *ctl, const char *word, const ReviewInput *in, Review *ret)
{
	_cleanup_review_ Review r = { .ctl = ctl, .decided = DECISION_FILE_NULL };
	int q;

	q = find_workload(ctl, word, &r);
	if (q == 0)
		q = read_profile(in, &r);
	if (q == 0)
		q = decision_file_open("review", in->workloads_dir, r.workload->name, false,
				       &r.decided);
	if (q == 0)
		q = read_sightings(&r);
	if (q == 0)
		q = find_context(in, &r);
	if (q == 0)
		q = suggest_again(&r);
	if (q != 0)
		return q;
	*ret = r;
	r = (Review){ .decided = DECISION_FILE_NULL };
	return 0;
}
