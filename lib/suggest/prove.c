/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "profile/stub.h"
#include "suggest/prove.h"
#include "suggest/verify.h"

#define ENOSYS_WORD (SECCOMP_RET_ERRNO | ENOSYS)
#define ROUNDS 4 /* a rule against the stub's move may move it once more */

typedef struct Proving {
	const SuggestInput *in;
	const Advisor *advisor;
	Suggestion *s;
	Plan plan;
	Buffer text;      /* patched */
	Profile *profile; /* of .text */
	Filter filter;
	Proof proof;
	Diag diag;
} Proving;

static void attempt_done(Proving *p)
{
	proof_done(&p->proof);
	filter_done(&p->filter);
	p->profile = profile_free(p->profile);
	buffer_done(&p->text);
}

static void proving_done(Proving *p)
{
	attempt_done(p);
	plan_done(&p->plan);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t sort_names(const char **names, size_t n)
{
	size_t kept = 0;

	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	return kept;
}

static int add_rule(Proving *p, const char *name)
{
	const Filter *f = p->advisor->filter;
	Plan *plan = &p->plan;

	if (plan_rule(plan, name))
		return 0;
	if (plan->n_rules == PLAN_RULES_MAX ||
	    safe_rule_for(name, f->arches, f->n_arches, &plan->rules[plan->n_rules]) < 0)
		return -EINVAL;
	plan->n_rules++;
	return 0;
}

static int make_plan(Proving *p)
{
	const Suggestion *s = p->s;
	Plan *plan = &p->plan;
	SafeRule ignored;
	int r = 0;

	plan->allow = calloc(s->n_calls + 1, sizeof(*plan->allow));
	if (!plan->allow)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < s->n_calls; i++) {
		const SuggestCall *call = &s->calls[i];

		if (!call->offered)
			continue;
		if (call->advice == ADVICE_ERRNO)
			plan->clone3 = true;
		else if (safe_rule_for(call->name, NULL, 0, &ignored) == 0)
			r = add_rule(p, call->name);
		else
			plan->allow[plan->n_allow++] = call->name;
	}
	plan->n_allow = sort_names(plan->allow, plan->n_allow);
	if (r == 0 && plan->clone3 && !plan_rule(plan, "clone") &&
	    !advise_names(p->advisor->profile, "clone")) {
		plan->clone_implied = true;
		r = add_rule(p, "clone");
	}
	return r;
}

/* One patched text with its filter and the difference from before. */
static int attempt(Proving *p)
{
	int r;

	attempt_done(p);
	r = plan_apply(&p->plan, p->in->profile, p->in->dialect, &p->in->context, &p->text,
		       &p->diag);
	if (r == 0)
		r = profile_read(buffer_span(&p->text), p->in->dialect, &p->in->context,
				 &p->profile, &p->diag);
	if (r == 0)
		r = filter_build(p->profile, &p->filter, &p->diag);
	if (r < 0)
		return r;
	r = proof_compare(p->advisor->filter, &p->filter, &p->proof);
	if (r == -E2BIG)
		r = diag_set(&p->diag, -ENOTRECOVERABLE,
			     "the patch would change more than was meant: no patch is made");
	return r;
}

/* What the stub answered and does no more gets the same answer from a rule of its own. 1 when there
 * was something new. */
static int keep_answers(Proving *p)
{
	int found = 0, r;

	for (size_t i = 0; i < p->proof.n_changes; i++) {
		const ProofChange *c = &p->proof.changes[i];

		if (!verify_is_stub_move(c, p->advisor->profile, p->profile) || !c->name[0] ||
		    !filter_knows_name(c->name))
			continue;
		r = plan_keep(&p->plan, c->name);
		if (r < 0)
			return r;
		found |= r == 0;
	}
	return found;
}

static int say(Suggestion *s, Buffer *b)
{
	char **more = reallocarray(s->other_changes, s->n_other_changes + 1, sizeof(*more));
	char *text = buffer_steal(b);

	if (more)
		s->other_changes = more;
	if (!more || !text) {
		free(text);
		return -ENOMEM;
	}
	more[s->n_other_changes++] = text;
	return 0;
}

static int say_clone(Proving *p)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_buffer_ Buffer c = BUFFER_NULL;
	int r;

	if (!p->plan.clone3)
		return 0;
	buffer_add_str(&b, "clone3 is answered with ENOSYS, so that libc falls back to clone");
	r = say(p->s, &b);
	if (r < 0 || !p->plan.clone_implied)
		return r;
	buffer_printf(&c, "clone is allowed %s, since clone3 falls back to it",
		      plan_rule(&p->plan, "clone")->text);
	return say(p->s, &c);
}

static int say_kept(Proving *p)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (p->plan.n_keep == 0)
		return 0;
	buffer_add_str(&b,
		       "runc answers ENOSYS only above the largest number that a profile names, "
		       "and this moves it; so that programs still fall back, a rule gives "
		       "ENOSYS for ");
	for (size_t i = 0; i < p->plan.n_keep; i++)
		buffer_printf(&b, "%s%s", i > 0 ? ", " : "", p->plan.keep[i]);
	return say(p->s, &b);
}

/* What no rule can name. */
static int say_moved(Proving *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->proof.n_changes; i++) {
		const ProofChange *c = &p->proof.changes[i];
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		if (!verify_is_stub_move(c, p->advisor->profile, p->profile))
			continue;
		if (c->name[0])
			buffer_printf(&b, "%s", c->name);
		else
			buffer_printf(&b,
				      "the numbers %" PRId64 " to %" PRId64
				      ", which no call has here,",
				      c->nr, c->nr_last);
		buffer_printf(&b,
			      " on %s: %s instead of ENOSYS, since the profile now names a newer "
			      "call",
			      arch_name(c->arch), action_name(p->profile->default_action));
		r = say(p->s, &b);
	}
	return r;
}

static int list_allowed(Proving *p)
{
	Suggestion *s = p->s;
	const Plan *plan = &p->plan;

	s->newly_allowed = calloc(plan->n_allow + plan->n_rules + 1, sizeof(*s->newly_allowed));
	if (!s->newly_allowed)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n_allow; i++)
		s->newly_allowed[s->n_newly_allowed++] = plan->allow[i];
	for (size_t i = 0; i < plan->n_rules; i++)
		s->newly_allowed[s->n_newly_allowed++] = plan->rules[i].name;
	s->n_newly_allowed = sort_names(s->newly_allowed, s->n_newly_allowed);
	return 0;
}

/* Each call that was seen, under the number that it had. */
static int check_offered(Proving *p)
{
	for (size_t i = 0; i < p->s->n_calls; i++) {
		const SuggestCall *call = &p->s->calls[i];

		if (call->offered && plan_allows(&p->plan, call->name) &&
		    !verify_allows(&p->filter, call->arch, call->nr))
			return diag_set(&p->diag, -ENOTRECOVERABLE,
					"the patch would not allow %s on %s, number %lld: no patch "
					"is made",
					call->name, arch_name(call->arch), (long long)call->nr);
	}
	return 0;
}

static int judge(Proving *p)
{
	int r = 1;

	for (unsigned i = 0; i < ROUNDS && r == 1; i++) {
		r = attempt(p);
		if (r == 0)
			r = keep_answers(p);
	}
	if (r == 1)
		r = attempt(p); /* with the names of the last round; what still moves is told */
	if (r == 0)
		r = verify_changes(&p->proof, &p->plan, p->advisor->profile, p->profile, &p->diag);
	if (r == 0)
		r = verify_effect(p->advisor->filter, &p->filter, &p->plan, &p->diag);
	return r == 0 ? check_offered(p) : r;
}

/* The advice stays; that nothing came of it is said. */
static int give_up(Proving *p, int r)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Suggestion *s = p->s;

	if (r == -ENOMEM)
		return r;
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].offered) {
			s->calls[i].offered = false;
			s->calls[i].advice = ADVICE_REVIEW;
		}
	buffer_printf(&b, "no patch: %s", p->diag.text[0] ? p->diag.text : strerror(-r));
	return say(s, &b);
}

static int deliver(Proving *p, Filter *ret_after)
{
	Suggestion *s = p->s;
	int r;

	r = list_allowed(p);
	if (r == 0)
		r = say_clone(p);
	if (r == 0)
		r = say_kept(p);
	if (r == 0)
		r = say_moved(p);
	if (r < 0)
		return r;
	s->n_patched = p->text.n;
	s->patched = buffer_steal(&p->text);
	if (!s->patched)
		return -ENOMEM;
	s->proof = p->proof;
	p->proof = (Proof){ 0 };
	s->proof.assumed = !p->in->library || strcmp(p->in->library, s->proof.library) != 0;
	/* .unknown points into the profile that ends here */
	free(p->filter.unknown);
	p->filter.unknown = NULL;
	p->filter.n_unknown = 0;
	*ret_after = p->filter;
	p->filter = (Filter){ 0 };
	return 0;
}

int prove_patch(const SuggestInput *in, const Advisor *advisor, Suggestion *s, Filter *ret_after)
{
	_cleanup_(proving_done) Proving p = { .in = in, .advisor = advisor, .s = s };
	int r;

	r = make_plan(&p);
	if (r == 0 && plan_is_empty(&p.plan))
		return 0;
	if (r == 0)
		r = judge(&p);
	return r < 0 ? give_up(&p, r) : deliver(&p, ret_after);
}
