/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/dry-run.h"
#include "suggest/recorded.h"
#include "util/array.h"

typedef struct Runner {
	const DryRunInput *in;
	DryRun *d;
} Runner;

static bool is_of(const Observed *o, const ProofChange *c)
{
	return o->arch == c->arch && o->nr == c->nr;
}

static void add_evidence(const DryRunInput *in, DryRunCall *call)
{
	uint64_t own = 0;

	for (size_t i = 0; i < in->n_observed; i++) {
		const Observed *o = &in->observed[i];

		if (!is_of(o, &call->change))
			continue;
		call->observed = true;
		call->count += o->count;
		own += MIN(o->own_filter, o->count);
		if (o->first > 0 && (call->first == 0 || o->first < call->first))
			call->first = o->first;
		call->last = MAX(call->last, o->last);
		call->origins |= 1U << o->origin;
	}
	/* its program's own filter may have answered, and may again */
	call->by_arguments |= call->observed && own == call->count;
}

/* How bad it is for a program that makes the call. */
static int harshness(const ProofChange *c)
{
	static const int order[_PROOF_KIND_MAX] = {
		[PROOF_ALLOWED] = 0, [PROOF_LOGGED] = 1, [PROOF_CHANGED] = 2, [PROOF_DENIED] = 3
	};

	return order[proof_kind(c)];
}

/* The points of one call come one after the other. */
static bool joins_last(DryRun *d, const ProofChange *c)
{
	DryRunCall *last = d->n > 0 ? &d->calls[d->n - 1] : NULL;

	if (!last || last->change.arch != c->arch || last->change.nr != c->nr)
		return false;
	if (harshness(c) > harshness(&last->change))
		last->change = *c;
	last->by_arguments |= c->by_arguments || c->inner[0];
	return true;
}

/* Would it have left a record, had it been made? 1, 0, -ENOMEM. */
static int was_visible(const DryRunInput *in, const ProofChange *c)
{
	int answers = recorded_answers(in->ran, in->ran_logs, c->arch, c->nr);

	return answers < 0 ? answers : answers == RECORDED;
}

static int take_change(const ProofChange *c, void *userdata)
{
	Runner *w = userdata;
	DryRunCall call = { .change = *c, .by_arguments = c->by_arguments || c->inner[0] };
	DryRunCall *rows;
	int r = 0;

	w->d->same = false;
	if (joins_last(w->d, c))
		return 0;
	add_evidence(w->in, &call);
	/* numbers that nothing knows are no calls that a program makes */
	if (!call.observed)
		r = c->name[0] ? was_visible(w->in, c) : 1;
	if (r != 0)
		return MIN(r, 0);
	rows = array_room(w->d->calls, w->d->n, &w->d->allocated, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	w->d->calls = rows;
	rows[w->d->n++] = call;
	return 0;
}

int dry_run(const DryRunInput *in, DryRun *ret)
{
	_cleanup_dry_run_ DryRun d = { .same = true };
	_cleanup_proof_ Proof proof = { 0 };
	Runner w = { in, &d };
	int r = proof_each(in->before, in->after, take_change, &w, &proof);

	if (r < 0)
		return r;
	for (size_t i = 0; i < d.n; i++)
		*(d.calls[i].observed ? &d.n_different : &d.n_unknown) += 1;
	d.evaluated = proof.evaluated;
	d.assumed = proof.assumed;
	snprintf(d.library, sizeof(d.library), "%s", proof.library);
	*ret = d;
	d = (DryRun){ 0 };
	return 0;
}

void dry_run_done(DryRun *d)
{
	free(d->calls);
	*d = (DryRun){ 0 };
}
