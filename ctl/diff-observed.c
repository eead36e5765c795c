/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/diff-observed.h"
#include "ctl/diff-side.h"
#include "ctl/inventory.h"
#include "ctl/past-instance.h"
#include "suggest/sightings.h"
#include "ctl/systemd-ask.h"
#include "seccompd/exit-codes.h"

typedef struct Work {
	Evidence evidence;
	Inventory now;
	SystemdGroups groups;
	DiffInput a, b, ran;
	Sightings sightings;
	Observed *observed;
	DryRun run;
} Work;

static void work_done(Work *w)
{
	dry_run_done(&w->run);
	free(w->observed);
	sightings_done(&w->sightings);
	diff_input_done(&w->ran);
	diff_input_done(&w->b);
	diff_input_done(&w->a);
	systemd_groups_done(&w->groups);
	inventory_done(&w->now);
	evidence_done(&w->evidence);
}

static int fail_ledger(const Ctl *ctl, const Work *w, int r)
{
	if (r == -ENOMEM)
		return ctl_fail_memory("diff");
	return ctl_fail_ledger(ctl, "diff", w->evidence.ledger);
}

/* Profiles are read as for its containers, also where none of them runs. */
static int find_context(const Ctl *ctl, Work *w, ObservedView *v)
{
	const Workload *row = v->workload;
	const Instance *like;
	Instance past;

	if (inventory_read_containers(ctl, w->evidence.ledger, &w->now) < 0)
		return ctl_fail_memory("diff");
	like = inventory_example(&w->now, row->name);
	if (!like && past_instance(w->evidence.ledger, row, &past) == 0)
		like = &past;
	v->dialect = context_dialect_of(&v->o->context, row);
	v->context = context_of_instance(&v->o->context, v->dialect, like, &v->facts);
	return systemd_ask_groups("diff", v->dialect, &w->groups, &v->context);
}

/* What it ran under decides which calls could be seen. */
static int read_ran(const Ctl *ctl, Work *w, ObservedView *v)
{
	_cleanup_free_ char *json = NULL;
	Diag ignored = { 0 };
	int r = ledger_get_profile(w->evidence.ledger, v->workload->profile_hash, &json);

	if (r == 0)
		r = diff_input_parse(span_of(json), DIALECT_OCI, &v->context, &w->ran, &ignored);
	else if (r != -ENOENT)
		return fail_ledger(ctl, w, r);
	if (r == -ENOMEM)
		return fail_ledger(ctl, w, r);
	v->ran_is_file = r < 0;
	return 0;
}

static int read_sightings(const Ctl *ctl, Work *w, ObservedView *v)
{
	int r = sightings_read(w->evidence.ledger, v->workload->id, &w->sightings);
	const Sighting *rows = w->sightings.rows;

	if (r < 0)
		return fail_ledger(ctl, w, r);
	w->observed = sightings_observed(&w->sightings, v->workload->profile_hash);
	for (size_t i = 0; i < w->sightings.n; i++)
		v->n_calls +=
			i == 0 || rows[i].arch != rows[i - 1].arch || rows[i].nr != rows[i - 1].nr;
	return w->observed ? 0 : fail_ledger(ctl, w, -ENOMEM);
}

static int read_all(const Ctl *ctl, Work *w, ObservedView *v)
{
	const ObservedDiff *o = v->o;
	int r = find_context(ctl, w, v);

	if (r == 0)
		r = diff_input_read(o->paths[0], v->dialect, &v->context, &w->a);
	if (r == 0)
		r = diff_input_read(o->paths[1], v->dialect, &v->context, &w->b);
	if (r == 0)
		r = read_ran(ctl, w, v);
	return r == 0 ? read_sightings(ctl, w, v) : r;
}

static int run(const Ctl *ctl, Work *w, ObservedView *v)
{
	const DiffInput *ran = v->ran_is_file ? &w->a : &w->ran;
	DryRunInput in = { .before = &w->a.filter,
			   .after = &w->b.filter,
			   .observed = w->observed,
			   .n_observed = w->sightings.n,
			   .ran = &ran->filter,
			   .ran_logs = ran->profile->flag_log };
	int r = (v->ran_is_file ? workload_is_complete : workload_was_watched)(ctl, &w->evidence,
									       v->workload, v->why);

	if (r < 0)
		return fail_ledger(ctl, w, r);
	v->complete = r > 0;
	r = dry_run(&in, &w->run);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot compare: %s", strerror(-r));
	v->run = &w->run;
	return 0;
}

static int exit_code(const ObservedView *v)
{
	if (v->run->n_different > 0)
		return SECCOMPD_EXIT_FINDINGS;
	if (v->run->same)
		return SECCOMPD_EXIT_OK;
	return v->run->n_unknown > 0 || !v->complete ? SECCOMPD_EXIT_UNKNOWN : SECCOMPD_EXIT_OK;
}

int diff_observed(const Ctl *ctl, const ObservedDiff *o)
{
	_cleanup_(work_done) Work w = { 0 };
	ObservedView v = { .o = o, .color = ctl->color };
	int r = evidence_open(ctl, "diff", &w.evidence);

	if (r != 0)
		return r;
	v.workload = evidence_find(&w.evidence, "diff", o->workload);
	if (!v.workload)
		return SECCOMPD_EXIT_USAGE;
	r = read_all(ctl, &w, &v);
	if (r == 0)
		r = run(ctl, &w, &v);
	if (r != 0)
		return r;
	v.exit_code = exit_code(&v);
	r = (o->json ? observed_print_json : observed_print_text)(&v, stdout);
	if (r < 0 && !ferror(stdout)) /* of that, main says more */
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot print: %s", strerror(-r));
	return v.exit_code;
}
