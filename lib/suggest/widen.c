/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "profile/patch.h"
#include "suggest/arch-gap.h"
#include "suggest/tell.h"
#include "suggest/verify.h"
#include "suggest/widen.h"

void widened_done(Widened *w)
{
	filter_done(&w->filter);
	profile_free(w->profile);
	free(w->text);
	*w = (Widened){ 0 };
}

static bool is_added(const Suggestion *s, uint32_t arch)
{
	for (size_t i = 0; i < s->n_added; i++)
		if (s->added[i] == arch)
			return true;
	return false;
}

/* Does the call speak for its architecture: was it made by the workload, is it one that could be
 * allowed? A probe of something dangerous is no reason to let such programs in, nor is what a
 * single container may have planted. */
static bool speaks_for_it(const SuggestInput *in, const SuggestCall *call)
{
	return call->name && call->nr >= 0 && !suggest_call_is_foreign(call) &&
	       !suggest_call_is_doubtful(call) &&
	       (call->suspicion.marks == 0 || in->include_marked) &&
	       risk_settings_ask(in->risks, call->name).risk <= RISK_MEDIUM;
}

static void choose(const SuggestInput *in, const Profile *profile, Suggestion *s)
{
	const ProfileRule *ignored;

	for (size_t i = 0; i < s->n_calls; i++)
		if (s->n_added < SUGGEST_ARCHES_MAX && !is_added(s, s->calls[i].arch) &&
		    arch_gap(profile, s->calls[i].arch, &ignored) == ARCH_GAP_CLOSE &&
		    speaks_for_it(in, &s->calls[i]))
			s->added[s->n_added++] = s->calls[i].arch;
}

static int add_arch(const SuggestInput *in, uint32_t arch, Widened *w, Diag *d)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	Span text = w->text ? span_make(w->text, w->n) : in->profile;
	Profile *profile = NULL;
	int r;

	r = profile_read(text, in->dialect, &in->context, &profile, d);
	if (r == 0)
		r = patch_add_arch(text, profile, arch, &out);
	profile_free(profile);
	if (r == -ENOENT)
		return diag_set(d, r,
				"the engine reads no architectures of a profile on this host");
	if (r < 0)
		return r;
	free(w->text);
	w->n = out.n;
	w->text = buffer_steal(&out);
	return w->text ? 0 : -ENOMEM;
}

/* "SCMP_ARCH_X86 is listed: ..." */
static int tell_arch(const Proof *proof, const Profile *after, uint32_t arch, Suggestion *s)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	unsigned allowed = 0;
	const char *last = "";

	for (size_t i = 0; i < proof->n_changes; i++) {
		const ProofChange *c = &proof->changes[i];

		if (c->arch != arch || c->after != SECCOMP_RET_ALLOW || strcmp(c->name, last) == 0)
			continue;
		last = c->name;
		allowed++;
	}
	buffer_printf(&b,
		      "%s is listed, so the profile's rules hold for %s programs as well: %u calls "
		      "that ended them are allowed, any other gets %s%s",
		      arch_scmp_name(arch), arch_name(arch), allowed,
		      action_name(after->default_action),
		      arch_has_multiplexer(arch) ? "; their socketcall and ipc go past filters of "
						   "arguments"
						 : "");
	return tell(s, &b);
}

static int prove(const SuggestInput *in, const Filter *before, Suggestion *s, Widened *w, Diag *d)
{
	_cleanup_proof_ Proof proof = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->n_added; i++)
		r = add_arch(in, s->added[i], w, d);
	if (r == 0)
		r = profile_read(span_make(w->text, w->n), in->dialect, &in->context, &w->profile,
				 d);
	if (r == 0)
		r = filter_build(w->profile, &w->filter, d);
	if (r == 0)
		r = proof_compare(before, &w->filter, &proof);
	if (r == 0)
		r = verify_added_arches(&proof, s->added, s->n_added, w->profile, d);
	for (size_t i = 0; r == 0 && i < s->n_added; i++)
		r = tell_arch(&proof, w->profile, s->added[i], s);
	return r;
}

int widen(const SuggestInput *in, const Profile *profile, const Filter *filter, Suggestion *s,
	  Widened *ret)
{
	_cleanup_widened_ Widened w = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };
	int r;

	choose(in, profile, s);
	if (s->n_added == 0)
		return 0;
	r = prove(in, filter, s, &w, &d);
	if (r < 0) {
		buffer_printf(&b, "no architecture is added: %s",
			      d.text[0] ? d.text : strerror(-r));
		s->n_added = 0;
		return r == -ENOMEM ? r : tell(s, &b);
	}
	for (size_t i = 0; i < s->n_calls; i++)
		s->calls[i].arch_added = is_added(s, s->calls[i].arch);
	*ret = w;
	w = (Widened){ 0 };
	return 0;
}
