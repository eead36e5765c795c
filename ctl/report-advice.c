/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The advice of "suggest", on the owner's file where there is just one, else on what was loaded. */
#include <errno.h>
#include <string.h>

#include "ctl/past-instance.h"
#include "ctl/profile-file.h"
#include "ctl/profile-in-use.h"
#include "ctl/report.h"
#include "profile/canonical.h"
#include "profile/stage.h"

void report_advice_done(ReportAdvice *a)
{
	suggestion_free(a->suggestion);
	free(a->path);
	free(a->profile);
	free(a->observed);
	free(a->applied);
	*a = (ReportAdvice){ 0 };
}

/* ---- which profile ---- */

/* The file that was named, else the only one that means what it runs under; NULL stays in *ret when
 * there is none. */
static int find_file(const Report *r, const Inventory *now, char **ret)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_files_in_use_ FilesInUse files = { 0 };
	const char *path = r->request->profile;
	int q = 0;

	if (!path && span_starts(span_of(r->workload->name), SPAN_LIT("unit:")))
		return 0;
	if (!path)
		q = profiles_in_use_open(r->ctl->profile_path, &p);
	if (!path && q == 0)
		q = profiles_in_use_of(p, &now->instances, r->evidence.ledger, r->workload, &files);
	path = path ?: files.one;
	if (q < 0 || !path)
		return q;
	*ret = strdup(path);
	return *ret ? 0 : -ENOMEM;
}

/* What a runtime has loaded, as a person would write it. */
static int take_applied(ReportAdvice *a)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };
	int q;

	if (!a->applied) {
		snprintf(a->why, sizeof(a->why),
			 "the filter that it ran under is not known here, and no file of its "
			 "owner's "
			 "was found: name one with --profile");
		return 0;
	}
	q = canonical_profile(span_of(a->applied), &b, &d);
	if (q == -EBADMSG)
		snprintf(a->why, sizeof(a->why), "%s", d.text);
	if (q < 0)
		return q == -EBADMSG ? 0 : q;
	a->n_profile = b.n;
	a->profile = buffer_steal(&b);
	return a->profile ? 0 : -ENOMEM;
}

static Dialect dialect_of(const Report *r)
{
	if (!r->advice.path)
		return DIALECT_OCI;
	return context_dialect_of(&r->request->context, r->workload);
}

/* ---- the advice ---- */

static int ask(Report *r, const Inventory *now)
{
	ReportAdvice *a = &r->advice;
	const Instance *like = inventory_example(now, r->workload->name);
	Instance past;
	SuggestInput in;
	Diag d = { 0 };
	int q;

	if (!like && past_instance(r->evidence.ledger, r->workload, &past) == 0)
		like = &past;
	a->dialect = dialect_of(r);
	a->observed = sightings_observed(&r->gate.sightings, r->workload->profile_hash);
	if (!a->observed)
		return -ENOMEM;
	in = (SuggestInput){
		.observed = a->observed,
		.n_observed = r->gate.sightings.n,
		.profile = span_make(a->profile, a->n_profile),
		.dialect = a->dialect,
		.context = context_of_instance(&r->request->context, a->dialect, like, &a->facts),
		.risks = r->ctl->risks,
		.decisions = decision_list_all(&r->decided.list),
		.library = known(a->facts.libseccomp),
		.applied = a->applied ? span_of(a->applied) : SPAN_NULL,
		.unconfined = applied_profile_is_none(r->workload->profile_hash),
	};
	q = suggest(&in, &a->suggestion, &d);
	if (q == -ENOMEM)
		return q;
	if (q < 0)
		snprintf(a->why, sizeof(a->why), "%s", d.text);
	return 0;
}

int report_advise(Report *r)
{
	_cleanup_inventory_ Inventory now = { 0 };
	ReportAdvice *a = &r->advice;
	int q;

	if (r->no_gate && strcmp(r->workload->stage, stage_name(STAGE_KILL)) != 0) {
		snprintf(a->why, sizeof(a->why), "%s", r->no_gate);
		return 0;
	}
	q = ledger_get_profile(r->evidence.ledger, r->workload->profile_hash, &a->applied);
	if (q < 0 && q != -ENOENT)
		return q;
	q = inventory_read_containers(r->ctl, r->evidence.ledger, &now);
	if (q == 0)
		q = find_file(r, &now, &a->path);
	if (q == 0 && a->path)
		q = profile_file_read("report", a->path, &a->profile, &a->n_profile);
	else if (q == 0)
		q = take_applied(a);
	return q == 0 && a->profile ? ask(r, &now) : q;
}

bool report_is_denied(const ReportCall *c)
{
	return c->advice && c->advice->advice != ADVICE_ALLOW &&
	       !suggest_call_is_foreign(c->advice);
}
