/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/safe-rule.c */
#include <errno.h>

#include "audit/arch.h"
#include "suggest/safe-rule.h"
#include "tests/unit/unit.h"

#define S390X 0x80000016U

static bool holds(const char *name, uint32_t arch, uint64_t a0, uint64_t a1)
{
	const uint64_t args[6] = { a0, a1 };
	SafeRule rule;

	assert_int_equal(safe_rule_for(name, &arch, 1, &rule), 0);
	return safe_rule_holds(&rule, arch, args);
}

static void test_what_each_rule_lets_pass(void **state)
{
	static const struct {
		const char *name;
		uint32_t arch;
		uint64_t a0, a1;
		bool holds;
	} cases[] = {
		{ "clone", ARCH_WORD_X86_64, 0x1200011, 0x10000000, true }, /* fork */
		{ "clone", ARCH_WORD_X86_64, 0x3d0f00, 0, true },           /* a thread */
		{ "clone", ARCH_WORD_X86_64, 0x10000000, 0, false },        /* NEWUSER */
		{ "clone", ARCH_WORD_X86_64, 0x00020000, 0, false },        /* NEWNS */
		{ "clone", ARCH_WORD_X86_64, 0x02000000, 0, false },        /* NEWCGROUP */
		{ "clone", S390X, 0x10000000, 0x11, true },
		{ "clone", S390X, 0x11, 0x10000000, false },
		{ "personality", ARCH_WORD_X86_64, 0xffffffff, 0, true },
		{ "personality", ARCH_WORD_X86_64, 0x20008, 0, true },
		{ "personality", ARCH_WORD_X86_64, 0x40000, 0, false }, /* ADDR_NO_RANDOMIZE */
		{ "personality", ARCH_WORD_X86_64, 0x100000008, 0, false },
		{ "personality", ARCH_WORD_I386, 0x100000008, 0,
		  true }, /* the upper half is not seen */
		{ "socket", ARCH_WORD_X86_64, 2, 0, true },
		{ "socket", ARCH_WORD_X86_64, 38, 0, false }, /* AF_ALG */
		{ "socket", ARCH_WORD_X86_64, 40, 0, false }, /* AF_VSOCK */
		{ "socket", ARCH_WORD_X86_64, 0x100000026, 0, false }, /* AF_ALG to the kernel */
		{ "socket", ARCH_WORD_X86_64, 0x8000000000000001, 0, false },
		{ "socket", ARCH_WORD_X32, 0x100000026, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		if (holds(cases[i].name, cases[i].arch, cases[i].a0, cases[i].a1) != cases[i].holds)
			fail_msg("case %zu", i);
}

static void test_there_is_no_rule_for_clone_on_both_orders(void **state)
{
	const uint32_t mixed[] = { ARCH_WORD_AARCH64, S390X };
	SafeRule rule;

	(void)state;
	assert_int_equal(safe_rule_for("clone", mixed, 2, &rule), -ENOENT);
	assert_int_equal(safe_rule_for("socket", mixed, 2, &rule), 0);
	assert_int_equal(safe_rule_for("ptrace", mixed, 2, &rule), -ENOENT);
}

UNIT_MAIN(cmocka_unit_test(test_what_each_rule_lets_pass),
	  cmocka_unit_test(test_there_is_no_rule_for_clone_on_both_orders))
