/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profile without its unused names, and the proof that nothing else is answered otherwise. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/stub.h"
#include "suggest/tighten-private.h"
#include "suggest/verify.h"

static bool is_unused(const Tightening *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->names[i].fate == TIGHTEN_UNUSED && strcmp(t->names[i].name, name) == 0)
			return true;
	return false;
}

static bool goes(const ProfileRule *rule, const char *name, void *userdata)
{
	return rule->action == ACTION_ALLOW && !rule->gate.closed && is_unused(userdata, name);
}

static int make(Tightener *w)
{
	const TightenInput *in = w->in;
	int r = draft_init(&w->after, in->profile, in->dialect, &in->context, w->diag);

	/* From the last rule to the first: a rule that goes moves none that is still to come. */
	for (size_t i = r == 0 ? w->after.profile->n_rules : 0; r == 0 && i > 0; i--)
		r = draft_remove_names(&w->after, i - 1, goes, w->t);
	return r == 0 ? filter_build(w->after.profile, &w->filter_after, w->diag) : r;
}

/* ---- the proof ---- */

static int take_change(const ProofChange *c, void *userdata)
{
	Tightener *w = userdata;
	const char *name = c->inner[0] ? c->inner : c->name;

	if (c->after != SECCOMP_RET_ALLOW && is_unused(w->t, name))
		return 0;
	if (c->before != SECCOMP_RET_ALLOW && verify_is_stub_answer(c, w->after.profile))
		return 0;
	return diag_set(w->diag, -ENOTRECOVERABLE,
			"without these names %s (%s, number %lld) would be answered with 0x%x "
			"instead of 0x%x, which was not meant: no patch is made",
			c->name[0] ? c->name : "a call without a name", arch_name(c->arch),
			(long long)c->nr, c->after, c->before);
}

static int prove(Tightener *w)
{
	_cleanup_proof_ Proof proof = { 0 };
	int r = proof_each(&w->filter_before, &w->filter_after, take_change, w, &proof);

	if (r == 0)
		w->t->evaluated = proof.evaluated;
	return r;
}

static int tell_stub(Tightener *w)
{
	uint32_t arch = w->in->context.host_arch;
	int64_t was = stub_limit(w->before.profile, arch);
	int64_t is = stub_limit(w->after.profile, arch);
	char name[SYSCALL_NAME_MAX];

	if (is < 0 || is == was)
		return 0;
	if (syscall_name(arch, is, name) < 0)
		snprintf(name, sizeof(name), "number %lld", (long long)is);
	if (asprintf(&w->t->stub,
		     "runc answers ENOSYS to calls newer than %s, now the newest that the profile "
		     "names",
		     name) < 0)
		w->t->stub = NULL;
	return w->t->stub ? 0 : -ENOMEM;
}

int tighten_patch(Tightener *w)
{
	int r = make(w);

	if (r == 0)
		r = prove(w);
	if (r == 0)
		r = tell_stub(w);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		w->t->refusal = strdup(w->diag->text);
		*w->diag = (Diag){ 0 };
		return w->t->refusal ? 0 : -ENOMEM;
	}
	w->t->n_patched = w->after.text.n;
	w->t->patched = buffer_steal(&w->after.text);
	return w->t->patched ? 0 : -ENOMEM;
}
