/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "profile/patch.h"
#include "suggest/advise.h"
#include "suggest/own-filter.h"
#include "suggest/unseen.h"
#include "suggest/verify.h"

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
			     .subjects = o->subjects };

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

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of all offered calls, once each. */
static int list_names(Suggestion *s)
{
	size_t n = 0;

	s->newly_allowed = calloc(s->n_calls + 1, sizeof(*s->newly_allowed));
	if (!s->newly_allowed)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].offered)
			s->newly_allowed[n++] = s->calls[i].name;
	qsort(s->newly_allowed, n, sizeof(*s->newly_allowed), compare_names);
	for (size_t i = 0; i < n; i++)
		if (s->n_newly_allowed == 0 ||
		    strcmp(s->newly_allowed[s->n_newly_allowed - 1], s->newly_allowed[i]) != 0)
			s->newly_allowed[s->n_newly_allowed++] = s->newly_allowed[i];
	return 0;
}

static int prove(const SuggestInput *in, Suggestion *s, const Filter *before, Filter *ret_after,
		 Diag *d)
{
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_filter_ Filter after = { 0 };
	int r;

	r = profile_read(span_make(s->patched, s->n_patched), in->dialect, &in->context, &profile,
			 d);
	if (r == 0)
		r = filter_build(profile, &after, d);
	if (r == 0)
		r = proof_compare(before, &after, &s->proof);
	s->proof.assumed = !in->library || strcmp(in->library, s->proof.library) != 0;
	if (r == -E2BIG)
		return diag_set(d, -ENOTRECOVERABLE,
				"the patch would change more than was meant: no patch is made");
	if (r == 0)
		r = verify_changes(&s->proof, s->newly_allowed, s->n_newly_allowed, d);
	if (r == 0)
		r = verify_effect(&after, s->newly_allowed, s->n_newly_allowed, d);
	if (r < 0)
		return r;
	/* .unknown points into the profile that ends here */
	free(after.unknown);
	after.unknown = NULL;
	after.n_unknown = 0;
	*ret_after = after;
	after = (Filter){ 0 };
	return 0;
}

static int make_patch(const SuggestInput *in, const Profile *profile, Suggestion *s, Diag *d)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	int r;

	if (!patch_target(profile))
		return diag_set(
			d, -EBADMSG,
			"the profile has no rule to add %s%s to: put {\"names\": [], \"action\": "
			"\"SCMP_ACT_ALLOW\"} into its list \"syscalls\" (make one where there is "
			"none) and ask again; a new rule is not made yet",
			s->newly_allowed[0], s->n_newly_allowed > 1 ? " and others" : "");
	r = patch_add_names(in->profile, profile, s->newly_allowed, s->n_newly_allowed, &out);
	if (r < 0)
		return r;
	s->n_patched = out.n;
	s->patched = buffer_steal(&out);
	return s->patched ? 0 : -ENOMEM;
}

/* Each call that was seen, under the number that it had. */
static int check_offered(const Suggestion *s, const Filter *after, Diag *d)
{
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].offered && !verify_allows(after, s->calls[i].arch, s->calls[i].nr))
			return diag_set(d, -ENOTRECOVERABLE,
					"the patch would not allow %s on %s, number %lld: no patch "
					"is made",
					s->calls[i].name, arch_name(s->calls[i].arch),
					(long long)s->calls[i].nr);
	return 0;
}

static int fill(const SuggestInput *in, Suggestion *s, Diag *d)
{
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_filter_ Filter before = { 0 };
	_cleanup_filter_ Filter after = { 0 };
	_cleanup_advisor_ Advisor advisor = { 0 };
	_cleanup_own_filter_ OwnFilter own = { 0 };
	int r;

	r = profile_read(in->profile, in->dialect, &in->context, &profile, d);
	if (r == 0)
		r = filter_build(profile, &before, d);
	if (r == 0)
		r = advisor_init(profile, &before, &advisor);
	if (r == 0)
		r = own_filter_init(in->applied, in->unconfined, &in->context, &own);
	if (r == 0)
		r = join_rows(in, &own, s);
	for (size_t i = 0; r == 0 && i < s->n_calls; i++)
		advise(&advisor, &s->calls[i]);
	if (r == 0)
		r = list_names(s);
	if (r == 0 && s->n_newly_allowed > 0) {
		r = make_patch(in, profile, s, d);
		if (r == 0)
			r = prove(in, s, &before, &after, d);
		if (r == 0)
			r = check_offered(s, &after, d);
	}
	for (size_t i = 0; r == 0 && i < s->n_calls; i++)
		s->n_still_denied += !verify_allows(s->patched ? &after : &before, s->calls[i].arch,
						    s->calls[i].nr);
	if (r == 0 && in->applied.p)
		r = unseen_find(in->applied, &in->context, s->patched ? &after : &before, s);
	return r;
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
