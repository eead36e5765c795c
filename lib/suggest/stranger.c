/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/stranger.h"

/*
 * A rule whose name the runtime's libseccomp does not know is left out by the runtime. SCMP_ACT_LOG
 * and SCMP_ACT_KILL_PROCESS came with libseccomp 2.4, which knows all calls of Linux 4.20; other
 * profiles may have been loaded by an older one. On other architectures libseccomp makes more of a
 * rule than an entry of its own number (socketcall, ipc), or nobody has counted.
 */
static const struct {
	uint32_t arch;
	int64_t first_new, first_new_before_2_4;
} known[] = {
	{ ARCH_WORD_X86_64, 335, 314 },
	{ ARCH_WORD_AARCH64, 294, 274 },
};

static bool needs_2_4(const Profile *p)
{
	return p->default_action == ACTION_LOG || p->default_action == ACTION_KILL_PROCESS;
}

static bool is_surely_known(const Profile *p, uint32_t arch, int64_t nr)
{
	for (size_t i = 0; i < ELEMENTSOF(known); i++)
		if (known[i].arch == arch)
			return nr >= 0 && nr < (needs_2_4(p) ? known[i].first_new
							     : known[i].first_new_before_2_4);
	return false;
}

/* The kernel takes the strictest answer of all filters; the actions are in this order. */
static bool may_become(Action answer, Action record)
{
	return answer != ACTION_ALLOW && record <= answer;
}

static bool names(const ProfileRule *rule, const char *name)
{
	for (size_t i = 0; i < rule->n_names; i++)
		if (strcmp(rule->names[i].text, name) == 0)
			return true;
	return false;
}

bool stranger_may_be_of(const Profile *applied, uint32_t arch, int64_t nr, Action action)
{
	char name[SYSCALL_NAME_MAX];
	bool listed = false, whole = false;

	/* Where the filter does not know the architecture, it kills. */
	if (action == ACTION_OTHER || !is_surely_known(applied, arch, nr) ||
	    !profile_has_arch(applied, arch) || syscall_name(arch, nr, name) < 0)
		return true;
	for (size_t i = 0; i < applied->n_rules; i++) {
		const ProfileRule *rule = &applied->rules[i];

		if (!names(rule, name))
			continue;
		if (may_become(rule->action, action))
			return true;
		listed = true;
		whole |= rule->n_args == 0 && !rule->gate.conditional;
	}
	/* runc answers ENOSYS to what is newer than all that is listed. */
	if (!listed && may_become(ACTION_ERRNO, action))
		return true;
	return !whole && may_become(applied->default_action, action);
}
