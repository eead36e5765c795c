/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/arch-gap.c: which architectures a patch may list on which hosts. */
#include "suggest/arch-gap.h"
#include "tests/unit/profile-help.h"

#define ARM 0x40000028U
#define S390X 0x80000016U
#define S390 0x00000016U

static const char text[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
			   "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

static void test_each_gap(void **state)
{
	static const struct {
		uint32_t host, arch;
		ArchGap gap;
	} cases[] = {
		{ ARCH_WORD_X86_64, ARCH_WORD_X86_64, ARCH_GAP_NONE },
		{ ARCH_WORD_X86_64, ARCH_WORD_I386, ARCH_GAP_CLOSE },
		{ ARCH_WORD_X86_64, ARCH_WORD_X32, ARCH_GAP_DECIDE },
		{ ARCH_WORD_X86_64, ARCH_WORD_AARCH64, ARCH_GAP_OTHER },
		{ ARCH_WORD_X86_64, 0x8000002bU, ARCH_GAP_UNREAD }, /* sparc64 */
		{ ARCH_WORD_AARCH64, ARM, ARCH_GAP_CLOSE },
		{ ARCH_WORD_AARCH64, ARCH_WORD_I386, ARCH_GAP_OTHER },
		{ ARCH_WORD_I386, ARCH_WORD_X86_64, ARCH_GAP_OTHER },
		{ S390X, S390, ARCH_GAP_CLOSE },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		const ProfileContext context = context_default(DIALECT_OCI, cases[i].host);
		_cleanup_(profile_freep) Profile *p = help_read_in(text, DIALECT_OCI, &context);
		const ProfileRule *rule = NULL;
		char buf[ARCH_GAP_TEXT_MAX];

		assert_int_equal(arch_gap(p, cases[i].arch, &rule), cases[i].gap);
		assert_null(rule);
		assert_true(arch_gap_text(cases[i].gap, cases[i].arch, NULL, buf)[0]);
	}
}

/* Only where calls can be made inside others, and only for what is filtered there. */
static void test_a_filter_that_would_be_gone_past(void **state)
{
	static const struct {
		const char *name;
		uint32_t host, arch;
		ArchGap gap;
	} cases[] = {
		{ "socket", ARCH_WORD_X86_64, ARCH_WORD_I386, ARCH_GAP_BYPASS },
		{ "semop", ARCH_WORD_X86_64, ARCH_WORD_I386, ARCH_GAP_BYPASS },
		{ "personality", ARCH_WORD_X86_64, ARCH_WORD_I386, ARCH_GAP_CLOSE },
		{ "socket", ARCH_WORD_AARCH64, ARM, ARCH_GAP_CLOSE },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		const ProfileContext context = context_default(DIALECT_OCI, cases[i].host);
		_cleanup_(profile_freep) Profile *p = NULL;
		const ProfileRule *rule = NULL;
		char filtered[512];

		snprintf(filtered, sizeof(filtered),
			 "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"%s\"],"
			 "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,"
			 "\"op\":\"SCMP_CMP_EQ\"}]}]}",
			 cases[i].name);
		p = help_read_in(filtered, DIALECT_OCI, &context);
		assert_int_equal(arch_gap(p, cases[i].arch, &rule), cases[i].gap);
		assert_ptr_equal(rule, cases[i].gap == ARCH_GAP_BYPASS ? &p->rules[0] : NULL);
	}
}

UNIT_MAIN(cmocka_unit_test(test_each_gap), cmocka_unit_test(test_a_filter_that_would_be_gone_past))
