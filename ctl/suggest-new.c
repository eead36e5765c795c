/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/sightings.h"
#include "ctl/suggest-new.h"
#include "seccompd/exit-codes.h"

void new_profile_done(NewProfile *n)
{
	first_profile_done(&n->first);
	free(n->applied);
	watched_runs_done(&n->runs);
}

static int fail_nothing(const Workload *w)
{
	return ctl_fail(SECCOMPD_EXIT_UNKNOWN, "suggest",
			"nothing was recorded of %s, so a first profile would be a guess: let one "
			"replica of it run under what \"seccompctl promote %s --to audit-all -o "
			"FILE\" writes",
			w->name, w->name);
}

static int find_filters(const Evidence *e, const Workload *w, NewProfile *n, Span *applied,
			FirstProfileInput *in)
{
	int r = watched_runs_read(e, w, &n->runs);

	if (r == 0 && n->runs.n_filters == 0)
		r = ledger_get_profile(e->ledger, w->profile_hash, &n->applied);
	if (r < 0 && r != -ENOENT)
		return r;
	*applied = n->applied ? span_of(n->applied) : SPAN_NULL;
	in->filters = n->applied ? applied : n->runs.filters;
	in->n_filters = n->applied ? 1 : n->runs.n_filters;
	return 0;
}

static int make(const Evidence *e, const Workload *w, FirstProfileInput *in, NewProfile *n, Diag *d)
{
	Span applied;
	int r = find_filters(e, w, n, &applied, in);

	if (r == 0)
		r = first_profile(in, &n->first, d);
	in->filters = NULL;
	n->hash = r == 0 && n->first.filter < n->runs.n_filters ? n->runs.hashes[n->first.filter]
								: w->profile_hash;
	return r;
}

int new_profile_make(const Ctl *ctl, const Evidence *e, const Workload *w,
		     const ProfileContext *context, NewProfile *n)
{
	_cleanup_sightings_ Sightings sightings = { 0 };
	_cleanup_free_ Observed *observed = NULL;
	FirstProfileInput in = { .context = *context };
	Diag d = { 0 };
	int r = sightings_read(e->ledger, w->id, &sightings);

	if (r == 0 && sightings.n == 0)
		return fail_nothing(w);
	observed = r == 0 ? sightings_observed(&sightings, w->profile_hash) : NULL;
	in.observed = observed;
	in.n_observed = sightings.n;
	if (r == 0)
		r = observed ? make(e, w, &in, n, &d) : -ENOMEM;
	if (r == -ENOMEM)
		return ctl_fail_memory("suggest");
	if (r == -EBADMSG)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", w->name, &d);
	return r < 0 ? ctl_fail_ledger(ctl, "suggest", e->ledger) : 0;
}
