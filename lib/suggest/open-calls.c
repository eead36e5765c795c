/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/open-calls.h"

/* What was made under another filter is no matter of this one, nor is what a program's own filter
 * did. */
static size_t keep_applied(Observed *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (rows[i].under_applied && rows[i].own_filter < rows[i].count)
			rows[kept++] = rows[i];
	return kept;
}

static void count(const Suggestion *s, OpenCalls *ret)
{
	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *c = &s->calls[i];

		if (c->open && c->advice == ADVICE_ARGUMENTS_NEEDED)
			ret->arguments++;
		else if (c->open && c->advice != ADVICE_UNKNOWN_NUMBER)
			ret->undecided++;
	}
}

static bool is_first(const Observed *rows, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (rows[k].arch == rows[i].arch && rows[k].nr == rows[i].nr)
			return false;
	return true;
}

static void count_by_risk(const SuggestInput *in, OpenCalls *ret)
{
	for (size_t i = 0; i < in->n_observed; i++) {
		const Observed *o = &in->observed[i];

		ret->undecided += o->name && is_first(in->observed, i) &&
				  !decision_find(&in->decisions, o->arch, o->name) &&
				  (o->suspicion.marks != 0 ||
				   risk_settings_ask(in->risks, o->name).risk >= RISK_HIGH);
	}
}

int open_calls_count(const Sightings *all, const char *applied_hash, const char *applied,
		     const RiskSettings *risks, Decisions decisions, OpenCalls *ret)
{
	_cleanup_free_ Observed *rows = sightings_observed(all, applied_hash);
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	SuggestInput in;
	Diag d = { 0 };
	int r = -EBADMSG;

	*ret = (OpenCalls){ 0 };
	if (!rows)
		return -ENOMEM;
	in = (SuggestInput){
		.observed = rows,
		.n_observed = keep_applied(rows, all->n),
		.profile = span_of(applied),
		.dialect = DIALECT_OCI,
		.risks = risks,
		.decisions = decisions,
		.applied = span_of(applied),
	};
	if (applied)
		r = suggest(&in, &s, &d);
	if (r == 0)
		count(s, ret);
	else
		count_by_risk(&in, ret);
	return r == -ENOMEM ? r : 0;
}
