/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/own-filter.h"
#include "suggest/prove.h"
#include "suggest/sibling.h"
#include "suggest/unseen.h"
#include "suggest/verify.h"
#include "suggest/widen.h"

static bool is_foreign(const Observed *o, const OwnFilter *own)
{
	return o->under_applied && !own_filter_may_give(own, o->arch, o->nr, o->action);
}

static SuggestCall call_of(const Observed *o, const OwnFilter *own)
{
	SuggestCall call = { .arch = o->arch,
			     .nr = o->nr,
			     .name = o->name,
			     .count = o->count,
			     .first = o->first,
			     .last = o->last,
			     .origins = 1U << o->origin,
			     .subjects = o->subjects,
			     .suspicion = o->suspicion };

	*(is_foreign(o, own) ? &call.foreign_actions : &call.actions) = 1U << o->action;
	if (!is_foreign(o, own)) {
		call.own_filter = MIN(o->own_filter, o->count);
		call.plain = o->count - call.own_filter;
	}
	call.n_examples = MIN(o->n_examples, (size_t)SUGGEST_EXAMPLES_MAX);
	for (size_t i = 0; i < call.n_examples; i++)
		call.examples[i] = o->examples[i];
	return call;
}

static int compare_calls(const void *a, const void *b)
{
	const SuggestCall *x = a, *y = b;

	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

static void join_call(SuggestCall *into, const SuggestCall *from)
{
	into->count += from->count;
	if (from->first > 0 && (into->first == 0 || from->first < into->first))
		into->first = from->first;
	into->last = MAX(into->last, from->last);
	into->own_filter += from->own_filter;
	into->plain += from->plain;
	into->origins |= from->origins;
	into->actions |= from->actions;
	into->foreign_actions |= from->foreign_actions;
	into->subjects = MAX(into->subjects, from->subjects);
	into->name = into->name ? into->name : from->name;
	for (size_t i = 0; i < from->n_examples && into->n_examples < SUGGEST_EXAMPLES_MAX; i++)
		into->examples[into->n_examples++] = from->examples[i];
}

/* One call for all rows of an architecture and number. */
static int join_rows(const SuggestInput *in, const OwnFilter *own, Suggestion *s)
{
	s->calls = calloc(in->n_observed + 1, sizeof(*s->calls));
	if (!s->calls)
		return -ENOMEM;
	for (size_t i = 0; i < in->n_observed; i++)
		s->calls[i] = call_of(&in->observed[i], own);
	qsort(s->calls, in->n_observed, sizeof(*s->calls), compare_calls);
	for (size_t i = 0; i < in->n_observed; i++)
		if (s->n_calls > 0 && compare_calls(&s->calls[s->n_calls - 1], &s->calls[i]) == 0)
			join_call(&s->calls[s->n_calls - 1], &s->calls[i]);
		else
			s->calls[s->n_calls++] = s->calls[i];
	return 0;
}

/* Allowed, if only for the arguments of a rule that was offered. */
static bool is_served(const SuggestCall *call, const Filter *f)
{
	return verify_allows(f, call->arch, call->nr) ||
	       (call->offered && call->advice == ADVICE_ALLOW);
}

/* The profile as it stands, and what its filter makes of the calls. */
typedef struct Ground {
	Profile *profile;
	Filter filter;
	Widened wide; /* the same with missing architectures */
} Ground;

static void ground_done(Ground *g)
{
	widened_done(&g->wide);
	filter_done(&g->filter);
	profile_free(g->profile);
}

/* Rows are read, one call each; the architectures are there. */
static int prepare(const SuggestInput *in, Ground *g, Suggestion *s, Diag *d)
{
	_cleanup_own_filter_ OwnFilter own = { 0 };
	int r;

	r = profile_read(in->profile, in->dialect, &in->context, &g->profile, d);
	if (r == 0)
		r = filter_build(g->profile, &g->filter, d);
	if (r == 0)
		r = own_filter_init(in->applied, in->unconfined, &in->context, &own);
	if (r == 0)
		r = join_rows(in, &own, s);
	return r == 0 ? widen(in, g->profile, &g->filter, s, &g->wide) : r;
}

static int advise_and_prove(const SuggestInput *in, const Ground *g, Suggestion *s,
			    Filter *ret_after)
{
	const bool wide = g->wide.text;
	const Advisor advisor = { .profile = wide ? g->wide.profile : g->profile,
				  .filter = wide ? &g->wide.filter : &g->filter,
				  .capabilities = in->context.capabilities,
				  .risks = in->risks,
				  .include_marked = in->include_marked };
	const ProveGround ground = { in, &advisor,
				     wide ? span_make(g->wide.text, g->wide.n) : in->profile,
				     &g->filter };

	for (size_t i = 0; i < s->n_calls; i++)
		advise(&advisor, &s->calls[i]);
	siblings_find(&advisor, s);
	return prove_patch(&ground, s, ret_after);
}

static int fill(const SuggestInput *in, Suggestion *s, Diag *d)
{
	_cleanup_(ground_done) Ground ground = { 0 };
	_cleanup_filter_ Filter after = { 0 };
	const Filter *now;
	int r;

	r = prepare(in, &ground, s, d);
	if (r == 0)
		r = advise_and_prove(in, &ground, s, &after);
	if (r < 0)
		return r;
	s->ignored = STEAL(ground.profile->ignored);
	s->n_ignored = ground.profile->n_ignored;
	ground.profile->n_ignored = 0;
	now = s->patched ? &after : &ground.filter;
	for (size_t i = 0; i < s->n_calls; i++)
		s->n_still_denied += !is_served(&s->calls[i], now);
	return in->applied.p ? unseen_find(in->applied, &in->context, now, s) : 0;
}

int suggest(const SuggestInput *in, Suggestion **ret, Diag *d)
{
	_cleanup_(suggestion_freep) Suggestion *s = calloc(1, sizeof(*s));
	SuggestInput input = *in;
	int r;

	if (!s)
		return -ENOMEM;
	if (input.context.host_arch == 0)
		input.context = context_default(in->dialect, suggest_host_arch());
	r = fill(&input, s, d);
	if (r < 0)
		return r;
	*ret = STEAL(s);
	return 0;
}

Suggestion *suggestion_free(Suggestion *s)
{
	if (!s)
		return NULL;
	proof_done(&s->proof);
	free(s->ignored);
	for (size_t i = 0; i < s->n_other_changes; i++)
		free(s->other_changes[i]);
	free(s->other_changes);
	for (size_t i = 0; i < s->n_unseen; i++)
		free(s->unseen[i]);
	free(s->unseen);
	free(s->newly_allowed);
	free(s->patched);
	free(s->calls);
	free(s);
	return NULL;
}

uint32_t suggest_host_arch(void)
{
	return filter_native_arch();
}

const char *advice_name(Advice a)
{
	static const char *const names[_ADVICE_MAX] = {
		[ADVICE_ALLOW] = "allow",
		[ADVICE_KEEP_DENIED] = "keep-denied",
		[ADVICE_ERRNO] = "errno",
		[ADVICE_ARGUMENTS_NEEDED] = "arguments-needed",
		[ADVICE_CAPABILITY] = "capability",
		[ADVICE_REVIEW] = "review",
		[ADVICE_UNKNOWN_NUMBER] = "unknown-number",
	};

	return (unsigned)a < _ADVICE_MAX ? names[a] : "?";
}
