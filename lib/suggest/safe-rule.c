/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/safe-rule.h"

/* CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (linux/sched.h). */
#define NAMESPACE_FLAGS 0x7e020000U

#define ONE(op_, value_)                                  \
	{                                                 \
		.op = PROFILE_OP_##op_, .value = (value_) \
	}

static const SafeRule rules[] = {
	{ "clone", "without flags that make namespaces", 1, { ONE(MASKED_EQ, NAMESPACE_FLAGS) } },
	{ "personality",
	  "for its five harmless values (0, 8, 0x20000, 0x20008, 0xffffffff)",
	  5,
	  { ONE(EQ, 0), ONE(EQ, 8), ONE(EQ, 0x20000), ONE(EQ, 0x20008), ONE(EQ, 0xffffffffU) } },
	/* The filter compares 64 bits and the kernel takes 32 of them: what lets numbers above 40
	 * pass, as Docker's default does, lets AF_ALG pass with a bit of the upper half set. */
	{ "socket",
	  "for the address families below 38 (not AF_ALG, AF_VSOCK and the newer ones)",
	  1,
	  { ONE(LT, 38) } },
};

static bool is_s390(uint32_t arch)
{
	return (arch & 0xffff) == 0x16; /* EM_S390 */
}

/* libseccomp compares 64 bits only where longs have them: not on x32 and MIPS n32. */
static bool is_wide(uint32_t arch)
{
	return (arch & 0xa0000000U) == 0x80000000U;
}

int safe_rule_for(const char *name, const uint32_t *arches, size_t n, SafeRule *ret)
{
	size_t n_s390 = 0;

	for (size_t i = 0; i < n; i++)
		n_s390 += is_s390(arches[i]);
	for (size_t i = 0; i < ELEMENTSOF(rules); i++) {
		if (strcmp(rules[i].name, name) != 0)
			continue;
		*ret = rules[i];
		if (strcmp(name, "clone") != 0 || n_s390 == 0)
			return 0;
		ret->alternatives[0].index = 1;
		return n_s390 == n ? 0 : -ENOENT;
	}
	return -ENOENT;
}

static bool condition_holds(const ProfileArg *c, uint64_t arg, uint64_t width)
{
	uint64_t value = c->value & width;

	arg &= width;
	switch (c->op) {
	case PROFILE_OP_EQ:
		return arg == value;
	case PROFILE_OP_LT:
		return arg < value;
	case PROFILE_OP_GT:
		return arg > value;
	case PROFILE_OP_MASKED_EQ:
		return (arg & value) == (c->value_two & width);
	default:
		return false; /* no rule here has it */
	}
}

bool safe_rule_holds(const SafeRule *rule, uint32_t arch, const uint64_t args[static 6])
{
	uint64_t width = is_wide(arch) ? UINT64_MAX : UINT32_MAX;

	for (unsigned i = 0; i < rule->n; i++)
		if (condition_holds(&rule->alternatives[i], args[rule->alternatives[i].index],
				    width))
			return true;
	return false;
}
