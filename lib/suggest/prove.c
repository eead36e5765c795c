/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/arch-gap.h"
#include "suggest/prove.h"
#include "suggest/tell.h"
#include "suggest/verify.h"

#define ROUNDS 4 /* a rule against the stub's move may move it once more */

typedef struct Proving {
	const ProveGround *ground;
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

/* To be allowed, for all arguments or for those that are known to be harmless. */
static int plan_allowed(Proving *p, const char *name)
{
	const Filter *f = p->advisor->filter;
	SafeRule ignored;

	return !advise_is_decided(p->advisor, name, DECISION_ALLOW) &&
			       safe_rule_for(name, f->arches, f->n_arches, &ignored) == 0
		       ? add_rule(p, name)
		       : plan_names_add(&p->plan.allow, name);
}

static int plan_fallback(Proving *p, const Fallback *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < FALLBACK_CALLS_MAX && f->older[i]; i++) {
		if (!advise_implies(p->advisor, f->older[i]))
			continue;
		r = plan_names_add(&p->plan.implied, f->older[i]);
		if (r == 0)
			r = plan_allowed(p, f->older[i]);
	}
	return r;
}

/* Was it allowed before, where its architecture is listed? */
static bool is_allowed_already(const Proving *p, const SuggestCall *call)
{
	return call->arch_added && verify_allows(p->advisor->filter, call->arch, call->nr);
}

/* With ENOSYS, wherever there is such a call? */
static bool is_answered(const Proving *p, const char *name)
{
	const Filter *f = p->advisor->filter;
	int64_t nr;

	for (size_t i = 0; i < f->n_arches; i++)
		if (syscall_number(f->arches[i], name, &nr) == 0 && nr >= 0 &&
		    verify_answer(f, f->arches[i], nr) != (SECCOMP_RET_ERRNO | ENOSYS))
			return false;
	return true;
}

/* As a person decided, whatever is known of the call. */
static int plan_decided(Proving *p, const SuggestCall *call)
{
	return call->decision->answer == DECISION_ERRNO
		       ? plan_errno_add(&p->plan, call->name, call->decision->errno_ret)
		       : plan_names_add(&p->plan.allow, call->name);
}

static int plan_call(Proving *p, const SuggestCall *call)
{
	int r = 0;

	if (!call->offered || is_allowed_already(p, call))
		return 0;
	if (call->take_out)
		r = plan_names_add(&p->plan.take_out, call->name);
	if (r == 0 && call->decision)
		return plan_decided(p, call);
	if (r == 0 && call->fallback)
		r = plan_fallback(p, call->fallback);
	if (r == 0 && call->advice == ADVICE_ERRNO)
		return plan_names_add(is_answered(p, call->name) ? &p->plan.answered
								 : &p->plan.enosys,
				      call->name);
	/* who denied it by name, or set its risk, decides on all of it */
	return r == 0 ? plan_allowed(p, call->name) : r;
}

static int make_plan(Proving *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->s->n_calls; i++)
		r = plan_call(p, &p->s->calls[i]);
	plan_sort(&p->plan);
	return r;
}

/* One patched text with its filter and the difference from before. */
static int attempt(Proving *p)
{
	const SuggestInput *in = p->ground->in;
	int r;

	attempt_done(p);
	r = plan_apply(&p->plan, p->ground->text, in->dialect, &in->context, &p->text, &p->diag);
	if (r == 0)
		r = profile_read(buffer_span(&p->text), in->dialect, &in->context, &p->profile,
				 &p->diag);
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

/* A rule for it would be one for a part of socketcall or ipc as well, which the stub never touched.
 */
static bool is_made_inside(const Proving *p, const char *name)
{
	bool multiplexer = false;

	for (size_t i = 0; i < p->filter.n_arches; i++)
		multiplexer |= arch_has_multiplexer(p->filter.arches[i]);
	return multiplexer && arch_multiplexes(name);
}

/* What the stub answered and does no more gets the same answer from a rule of its own. 1 when there
 * was something new. */
static int keep_answers(Proving *p)
{
	int found = 0, r;

	for (size_t i = 0; i < p->proof.n_changes; i++) {
		const ProofChange *c = &p->proof.changes[i];

		if (!verify_is_stub_move(c, p->advisor->profile, p->profile) || !c->name[0] ||
		    !filter_knows_name(c->name) || is_made_inside(p, c->name))
			continue;
		r = plan_keep(&p->plan, c->name);
		if (r < 0)
			return r;
		found |= r == 0;
	}
	return found;
}

static bool is_as_planned(const Proving *p, const SuggestCall *call)
{
	const PlanErrno *decided = plan_errno(&p->plan, call->name);

	if (decided)
		return verify_answer(&p->filter, call->arch, call->nr) ==
		       profile_return_word(ACTION_ERRNO, decided->data);
	return !plan_names_have(&p->plan.allow, call->name) ||
	       verify_allows(&p->filter, call->arch, call->nr);
}

/* Each call that was seen, under the number that it had. */
static int check_offered(Proving *p)
{
	for (size_t i = 0; i < p->s->n_calls; i++) {
		const SuggestCall *call = &p->s->calls[i];

		if (call->offered && !is_as_planned(p, call))
			return diag_set(&p->diag, -ENOTRECOVERABLE,
					"the patch would not do what it is for with %s on %s, "
					"number %lld: no patch is made",
					call->name, arch_name(call->arch), (long long)call->nr);
	}
	return 0;
}

static int judge(Proving *p)
{
	const VerifySide before = { p->advisor->profile, p->advisor->filter };
	VerifySide after;
	int r = 1;

	for (unsigned i = 0; i < ROUNDS && r == 1; i++) {
		r = attempt(p);
		if (r == 0)
			r = keep_answers(p);
	}
	if (r == 1)
		r = attempt(p); /* with the names of the last round; what still moves is told */
	after = (VerifySide){ p->profile, &p->filter };
	if (r == 0)
		r = verify_changes(&p->proof, &p->plan, p->advisor->profile, p->profile, &p->diag);
	if (r == 0)
		r = verify_effect(&before, &after, &p->plan, &p->diag);
	return r == 0 ? check_offered(p) : r;
}

static void drop_changes(Suggestion *s)
{
	for (size_t i = 0; i < s->n_other_changes; i++)
		free(s->other_changes[i]);
	s->n_other_changes = 0;
	s->n_added = 0;
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
			s->calls[i].offered = s->calls[i].take_out = false;
			s->calls[i].fallback = NULL;
			s->calls[i].advice = ADVICE_REVIEW;
			s->calls[i].open = true;
		}
	drop_changes(s);
	buffer_printf(&b, "no patch: %s", p->diag.text[0] ? p->diag.text : strerror(-r));
	return tell(s, &b);
}

/* The whole difference, where the ground was another than the owner's text. */
static int take_proof(Proving *p)
{
	Suggestion *s = p->s;
	int r = 0;

	if (s->n_added > 0)
		r = proof_compare(p->ground->original, &p->filter, &s->proof);
	else {
		s->proof = p->proof;
		p->proof = (Proof){ 0 };
	}
	s->proof.assumed =
		!p->ground->in->library || strcmp(p->ground->in->library, s->proof.library) != 0;
	return r;
}

static int deliver(Proving *p, Filter *ret_after)
{
	Suggestion *s = p->s;
	int r;

	r = list_allowed(&p->plan, s);
	if (r == 0)
		r = tell_changes(&p->plan, &p->proof, p->advisor->profile, p->profile, s);
	if (r == 0)
		r = take_proof(p);
	if (r < 0)
		return r;
	s->n_patched = p->text.n;
	s->patched = buffer_steal(&p->text);
	if (!s->patched)
		return -ENOMEM;
	/* .unknown points into the profile that ends here */
	free(p->filter.unknown);
	p->filter.unknown = NULL;
	p->filter.n_unknown = 0;
	*ret_after = p->filter;
	p->filter = (Filter){ 0 };
	return 0;
}

int prove_patch(const ProveGround *ground, Suggestion *s, Filter *ret_after)
{
	_cleanup_(proving_done)
		Proving p = { .ground = ground, .advisor = ground->advisor, .s = s };
	int r;

	r = make_plan(&p);
	if (r == 0 && plan_is_empty(&p.plan) && s->n_added == 0)
		return 0;
	if (r == 0)
		r = judge(&p);
	return r < 0 ? give_up(&p, r) : deliver(&p, ret_after);
}
