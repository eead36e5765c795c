/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "profile/stub.h"
#include "suggest/own-filter.h"

/* From here on all architectures share their numbers, and from here on a runtime's libseccomp may
 * lack a name that ours has; then its filter answers with the default. */
#define RECENT_NUMBER 424

static uint32_t bit(Action a)
{
	/* Which of the two a runtime loads depends on its libseccomp. */
	return 1U << (a == ACTION_KILL_THREAD ? ACTION_KILL_PROCESS : a);
}

static uint32_t all_actions(const Profile *p)
{
	uint32_t given = bit(p->default_action);

	for (size_t i = 0; i < p->n_rules; i++)
		given |= bit(p->rules[i].action);
	return given;
}

int own_filter_init(Span applied, bool unconfined, const ProfileContext *context, OwnFilter *ret)
{
	_cleanup_own_filter_ OwnFilter o = { .unconfined = unconfined };
	/* The one that answers in more ways: who loaded the filter may not be who is asked for. */
	ProfileContext runc = *context;
	Diag ignored = { 0 };
	int r = 0;

	runc.runtime = RUNTIME_RUNC;
	if (applied.p && !unconfined) {
		r = profile_read(applied, DIALECT_OCI, &runc, &o.profile, &ignored);
		if (r == 0)
			r = filter_build(o.profile, &o.filter, &ignored);
		if (r == 0)
			o.given = all_actions(o.profile);
		else
			o.profile = profile_free(o.profile);
	}
	if (r == -ENOMEM)
		return r;
	*ret = o;
	o = (OwnFilter){ 0 };
	return 0;
}

void own_filter_done(OwnFilter *o)
{
	filter_done(&o->filter);
	profile_free(o->profile);
	*o = (OwnFilter){ 0 };
}

/* runc answers calls above the profile's largest number by itself, crun by the default. */
static bool is_stubbed(const OwnFilter *o, uint32_t arch, int64_t nr)
{
	int64_t limit = stub_limit(o->profile, arch);

	return profile_has_arch(o->profile, arch) && limit >= 0 && nr > limit;
}

static bool is_recent(int64_t nr)
{
	return (nr & ~(int64_t)ARCH_X32_BIT) % 1000 >= RECENT_NUMBER;
}

bool own_filter_may_give(const OwnFilter *o, uint32_t arch, int64_t nr, Action action)
{
	struct seccomp_data data = { .nr = (int)nr,
				     .arch = arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64 : arch };
	bool beyond;
	uint32_t word;

	if (o->unconfined)
		return false;
	if (!o->profile)
		return true;
	if (is_stubbed(o, arch, nr))
		return action == ACTION_ERRNO || bit(action) == bit(o->profile->default_action);
	word = bpf_run(&o->filter.bpf, &data, &beyond);
	if (beyond)
		return (o->given & bit(action)) != 0;
	if (word != SECCOMP_RET_ALLOW && bit(action_of_code(word)) == bit(action))
		return true;
	return is_recent(nr) && bit(action) == bit(o->profile->default_action);
}
