/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nothing but the answer to calls that no rule lists may have changed. */
#include <errno.h>

#include "audit/arch.h"
#include "profile/proof.h"
#include "profile/stub.h"
#include "suggest/promote-private.h"

#define ENOSYS_WORD (SECCOMP_RET_ERRNO | ENOSYS)

#define ARCHES_MAX 32

/* A filter with its profile, and where runc's stub begins for each architecture: asking for that is
 * far too slow to do it for each number. */
typedef struct Side {
	const Profile *profile;
	uint32_t default_word;
	struct {
		uint32_t arch;
		int64_t limit;
	} stubs[ARCHES_MAX];
	size_t n_stubs;
} Side;

typedef struct Check {
	Promoting *w;
	Side before, after;
	Filter plain;        /* before, without runc's stub */
	PromoteNames hidden; /* listed, and yet hidden by the stub; owned texts */
} Check;

static void check_done(Check *c)
{
	for (size_t i = 0; i < c->hidden.n; i++)
		free((char *)(uintptr_t)c->hidden.names[i]);
	free(c->hidden.names);
	filter_done(&c->plain);
}

static Side side_of(const Profile *p, const Filter *f)
{
	Side s = { .profile = p,
		   .default_word = profile_return_word(p->default_action, p->default_data) };

	for (size_t i = 0; i < f->n_arches && s.n_stubs < ARCHES_MAX; i++) {
		s.stubs[s.n_stubs].arch = f->arches[i];
		s.stubs[s.n_stubs++].limit = stub_limit(p, f->arches[i]);
	}
	return s;
}

/* By runc itself, for a call newer than the profile. The filter sees numbers without a sign, and on
 * x86_64 bit 30 alone tells x32. */
static bool is_by_stub(const Side *s, const ProofChange *c, uint32_t answer)
{
	uint32_t nr = (uint32_t)c->nr, arch = c->arch;

	if (arch == ARCH_WORD_X86_64 && (nr & ARCH_X32_BIT))
		arch = ARCH_WORD_X32;
	for (size_t i = 0; answer == ENOSYS_WORD && i < s->n_stubs; i++)
		if (s->stubs[i].arch == arch)
			return s->stubs[i].limit >= 0 && nr > s->stubs[i].limit;
	return false;
}

/* By one of the rules that go along. */
static bool is_by_new_rule(const Promoting *w, const ProofChange *c)
{
	const struct {
		const PromoteNames *list;
		uint32_t answer;
	} rules[] = { { &w->probing, ENOSYS_WORD },
		      { &w->critical, w->critical_word },
		      { &w->everyday, SECCOMP_RET_ALLOW } };
	const char *name = c->inner[0] ? c->inner : c->name;

	for (size_t i = 0; i < ELEMENTSOF(rules); i++)
		if (c->after == rules[i].answer && promote_names_have(rules[i].list, name))
			return true;
	return false;
}

/* What the rules said before, with no stub in front of them. */
static uint32_t answer_by_rules(const Check *k, const ProofChange *c)
{
	struct seccomp_data data = { .nr = (int)c->nr, .arch = c->arch };
	uint64_t args[6];

	if (!is_by_stub(&k->before, c, c->before))
		return c->before;
	if (data.arch == ARCH_WORD_X32)
		data.arch = ARCH_WORD_X86_64;
	memcpy(data.args, c->args, sizeof(data.args));
	/* swaps words where it must, and twice is as before */
	proof_arguments(data.arch, &data, args);
	memcpy(data.args, args, sizeof(data.args));
	return bpf_run(&k->plain.bpf, &data, NULL);
}

static int note_hidden(Check *k, const ProofChange *c)
{
	char *name;

	if (!c->name[0] || promote_names_have(&k->hidden, c->name))
		return 0;
	name = strdup(c->name);
	if (!name || promote_add_name(&k->hidden, name) < 0) {
		free(name);
		return -ENOMEM;
	}
	return 0;
}

static int refuse(const Check *k, const ProofChange *c)
{
	return diag_set(k->w->diag, -ENOTRECOVERABLE,
			"another default action would also change %s (%s, number %lld) from 0x%x "
			"to 0x%x, though a rule lists it: correct the rule first; \"seccompctl "
			"lint\" says what is wrong with it",
			c->name[0] ? c->name : "a call without a name", arch_name(c->arch),
			(long long)c->nr, c->before, c->after);
}

/* Its rule was taken out. */
static bool is_freed(const Check *k, const ProofChange *c)
{
	return c->after == k->after.default_word &&
	       promote_names_have(&k->w->freed, c->inner[0] ? c->inner : c->name);
}

static int take_change(const ProofChange *c, void *userdata)
{
	Check *k = userdata;
	uint32_t was = answer_by_rules(k, c);

	k->w->p->n_moved++;
	if (is_by_stub(&k->after, c, c->after))
		return was == k->before.default_word ? 0 : note_hidden(k, c);
	if (was == k->before.default_word)
		return c->after == k->after.default_word || is_by_new_rule(k->w, c) ? 0
										    : refuse(k, c);
	return c->after == was || is_freed(k, c) ? 0 : refuse(k, c);
}

static int say_hidden(Check *k)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (k->hidden.n == 0)
		return 0;
	buffer_add_str(&b, "runc answers ENOSYS to listed calls of a sub-architecture, since it "
			   "does not count their numbers there: ");
	promote_list_names(k->hidden.names, k->hidden.n, &b);
	return promote_say(k->w->p, PROMOTE_NOTE, "hidden", &b);
}

static int build_plain(Check *k)
{
	Profile plain = *k->before.profile;

	plain.runtime = RUNTIME_CRUN;
	return filter_build(&plain, &k->plain, k->w->diag);
}

int promote_prove(Promoting *w)
{
	_cleanup_(check_done) Check k = {
		.w = w,
		.before = side_of(w->before.profile, &w->filter_before),
		.after = side_of(w->after.profile, &w->filter_after),
	};
	_cleanup_proof_ Proof proof = { 0 };
	Promotion *p = w->p;
	int r;

	r = build_plain(&k);
	if (r == 0)
		r = proof_each(&w->filter_before, &w->filter_after, take_change, &k, &proof);
	if (r == 0)
		r = say_hidden(&k);
	if (r < 0)
		return r;
	p->evaluated = proof.evaluated;
	snprintf(p->library, sizeof(p->library), "%s", proof.library);
	p->assumed = !w->in->library || strcmp(w->in->library, proof.library) != 0;
	return 0;
}
