/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/multiplex.h"
#include "suggest/arch-gap.h"

/* Whose programs run on which hosts besides their own. */
static const struct {
	uint32_t host, arch;
} companions[] = {
	{ ARCH_WORD_X86_64, ARCH_WORD_I386 }, { ARCH_WORD_X86_64, ARCH_WORD_X32 },
	{ ARCH_WORD_AARCH64, 0x40000028U }, /* ARM */
	{ 0x80000016U, 0x00000016U },       /* s390x, s390 */
	{ 0x80000015U, 0x00000014U },       /* ppc64, ppc */
	{ 0x80000008U, 0x00000008U },       /* mips64, mips */
	{ 0x80000008U, 0xa0000008U },       /* mips64n32 */
	{ 0xc0000008U, 0x40000008U },       /* little endian */
	{ 0xc0000008U, 0xe0000008U },
};

static bool runs_on(uint32_t host, uint32_t arch)
{
	for (size_t i = 0; i < ELEMENTSOF(companions); i++)
		if (companions[i].host == host && companions[i].arch == arch)
			return true;
	return false;
}

bool arch_has_multiplexer(uint32_t arch)
{
	int64_t nr;

	return syscall_number(arch, "socketcall", &nr) == 0;
}

static bool is_inside(const char *outer, const char *name)
{
	for (uint64_t i = 0; i < MULTIPLEX_MAX; i++) {
		const char *inner = multiplex_inner(outer, i);

		if (inner && strcmp(inner, name) == 0)
			return true;
	}
	return false;
}

bool arch_multiplexes(const char *name)
{
	return is_inside("socketcall", name) || is_inside("ipc", name);
}

/* A rule that allows such a call for some arguments. */
static const ProfileRule *filtered_inside(const Profile *p)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		const ProfileRule *rule = &p->rules[i];

		if (rule->gate.closed || rule->n_args == 0)
			continue;
		for (size_t k = 0; k < rule->n_names; k++)
			if (arch_multiplexes(rule->names[k].text))
				return rule;
	}
	return NULL;
}

ArchGap arch_gap(const Profile *p, uint32_t arch, const ProfileRule **ret_rule)
{
	const ProfileRule *rule;

	if (profile_has_arch(p, arch))
		return ARCH_GAP_NONE;
	if (!arch_scmp_name(arch) || !arch_scmp_name(p->host_arch))
		return ARCH_GAP_UNREAD;
	if (!runs_on(p->host_arch, arch))
		return ARCH_GAP_OTHER;
	if (arch == ARCH_WORD_X32)
		return ARCH_GAP_DECIDE;
	rule = arch_has_multiplexer(arch) ? filtered_inside(p) : NULL;
	if (!rule)
		return ARCH_GAP_CLOSE;
	*ret_rule = rule;
	return ARCH_GAP_BYPASS;
}

const char *arch_gap_text(ArchGap gap, uint32_t arch, const ProfileRule *rule,
			  char buf[static ARCH_GAP_TEXT_MAX])
{
	const char *name = arch_scmp_name(arch) ?: "it";

	switch (gap) {
	case ARCH_GAP_DECIDE:
		snprintf(buf, ARCH_GAP_TEXT_MAX,
			 "%s is a second way to every call, which hardly any program uses: a "
			 "person must decide to list it",
			 name);
		break;
	case ARCH_GAP_BYPASS:
		snprintf(buf, ARCH_GAP_TEXT_MAX,
			 "listing %s would let them make calls inside socketcall and ipc, past the "
			 "arguments that line %u filters: a person must decide",
			 name, rule->line);
		break;
	case ARCH_GAP_OTHER:
		snprintf(buf, ARCH_GAP_TEXT_MAX,
			 "they do not run on this host, so list %s only if others use the profile",
			 name);
		break;
	case ARCH_GAP_UNREAD:
		snprintf(buf, ARCH_GAP_TEXT_MAX, "profiles have no name for it");
		break;
	default:
		snprintf(buf, ARCH_GAP_TEXT_MAX, "list %s if they are meant to run", name);
	}
	return buf;
}
