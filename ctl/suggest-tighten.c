/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/out-file.h"
#include "ctl/promote-output.h"
#include "suggest/sightings.h"
#include "ctl/suggest-tighten.h"
#include "seccompd/exit-codes.h"

/* ---- what comes of it ---- */

static Span result(const TightenView *v)
{
	return v->t->patched ? span_make(v->t->patched, v->t->n_patched) : v->request->profile;
}

static int print_diff(const TightenView *v, FILE *f)
{
	return promote_write_diff(v->request->profile, result(v), v->request->path, f);
}

static int print_profile(const TightenView *v, FILE *f)
{
	Span text = result(v);

	return fwrite(text.p, 1, text.n, f) == text.n ? 0 : -EIO;
}

typedef int TightenPrint(const TightenView *v, FILE *f);

static TightenPrint *find_format(const char *name)
{
	static const struct {
		const char *name;
		TightenPrint *print;
	} formats[] = { { "report", tighten_print_report },
			{ "json", tighten_print_json },
			{ "diff", print_diff },
			{ "profile", print_profile } };

	for (size_t i = 0; i < ELEMENTSOF(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return formats[i].print;
	return NULL;
}

bool tighten_has_format(const char *name)
{
	return find_format(name) != NULL;
}

static int change_files(TightenView *v)
{
	const TightenRequest *q = v->request;
	Diag d = { 0 };
	int r = 0;

	if (!v->t->patched)
		return 0;
	if (q->out)
		r = out_file_write("suggest", q->out, result(v));
	if (r != 0)
		return r;
	v->written = q->out;
	if (q->apply)
		r = file_change(q->path, q->profile, result(v), ctl_now(), &v->applied, &d);
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", NULL, &d) : 0;
}

static int exit_code(const Tightening *t)
{
	if (t->counts[TIGHTEN_UNUSED] > 0)
		return SECCOMPD_EXIT_FINDINGS;
	return t->counts[TIGHTEN_UNKNOWN] > 0 ? SECCOMPD_EXIT_UNKNOWN : SECCOMPD_EXIT_OK;
}

static int give_out(TightenView *v)
{
	int r;

	v->exit_code = exit_code(v->t);
	r = change_files(v);
	if (r != 0)
		return r;
	r = find_format(v->request->format)(v, stdout);
	if (r < 0 && !ferror(stdout)) /* of that, main says more */
		return ctl_fail(SECCOMPD_EXIT_INPUT, "suggest", "cannot print: %s", strerror(-r));
	if ((v->request->out || v->request->apply) && !v->t->patched)
		ctl_fail(0, "suggest", "nothing is offered, so no file was written");
	return v->exit_code;
}

static int judge(const TightenRequest *q, const Ctl *ctl, const Evidence *e, const WatchedRuns *w,
		 Tightening **ret)
{
	_cleanup_sightings_ Sightings sightings = { 0 };
	_cleanup_free_ Observed *observed = NULL;
	TightenInput in = { .profile = q->profile,
			    .dialect = q->dialect,
			    .context = q->context,
			    .risks = ctl->risks,
			    .library = known(q->facts.libseccomp),
			    .filters = w->filters,
			    .n_filters = w->n_filters };
	Diag d = { 0 };
	int r;

	if (sightings_read(e->ledger, q->workload->id, &sightings) < 0)
		return ctl_fail_ledger(ctl, "suggest", e->ledger);
	observed = sightings_observed(&sightings, q->workload->profile_hash);
	in.observed = observed;
	in.n_observed = sightings.n;
	r = observed ? tighten(&in, ret, &d) : -ENOMEM;
	if (r == -ENOMEM)
		return ctl_fail_memory("suggest");
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", q->path, &d) : 0;
}

int suggest_tighten(const Ctl *ctl, const Evidence *e, const TightenRequest *q)
{
	_cleanup_(tightening_freep) Tightening *t = NULL;
	_cleanup_watched_runs_ WatchedRuns runs = { 0 };
	TightenView v = { .request = q, .runs = &runs, .color = ctl->color };
	int r;

	if (watched_runs_read(e, q->workload, &runs) < 0)
		return ctl_fail_ledger(ctl, "suggest", e->ledger);
	r = judge(q, ctl, e, &runs, &t);
	if (r != 0)
		return r;
	v.t = t;
	r = give_out(&v);
	file_change_done(&v.applied);
	return r;
}
