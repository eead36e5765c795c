/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <seccomp.h>

#include "audit/arch.h"
#include "tests/unit/unit.h"

static void test_words_have_their_names(void **state)
{
	static const struct {
		uint32_t word;
		const char *name, *scmp;
	} rows[] = {
		{ 0xc000003e, "x86_64", "SCMP_ARCH_X86_64" },
		{ 0x40000003, "i386", "SCMP_ARCH_X86" },
		{ 0x4000003e, "x32", "SCMP_ARCH_X32" },
		{ 0xc00000b7, "aarch64", "SCMP_ARCH_AARCH64" },
		{ 0x40000028, "arm", "SCMP_ARCH_ARM" },
		{ 0x28, "armeb", NULL },
		{ 0x16, "s390", "SCMP_ARCH_S390" },
		{ 0xc0000015, "ppc64le", "SCMP_ARCH_PPC64LE" },
		{ 0xa0000008, "mips64n32", "SCMP_ARCH_MIPS64N32" },
		{ 0xc00000f3, "riscv64", "SCMP_ARCH_RISCV64" },
		{ 0x5441, "frv", NULL },
		{ 0xc0009026, "alpha", NULL },
		{ 0x12345678, "unknown", NULL },
		{ 0, "unknown", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		const char *scmp = arch_scmp_name(rows[i].word);
		uint32_t word;

		assert_string_equal(arch_name(rows[i].word), rows[i].name);
		assert_int_equal(!scmp, !rows[i].scmp);
		if (scmp) {
			assert_string_equal(scmp, rows[i].scmp);
			assert_int_equal(arch_from_scmp_name(span_of(scmp), &word), 0);
			assert_int_equal(word, rows[i].word);
		}
		if (span_is(SPAN_LIT("unknown"), rows[i].name))
			continue;
		assert_int_equal(arch_from_name(span_of(rows[i].name), &word), 0);
		assert_int_equal(word, rows[i].word);
	}
}

/* libseccomp lists its architectures only by name; these are the names it takes, so its words must
 * be ours. */
static void test_words_agree_with_libseccomp(void **state)
{
	static const char *const names[] = { "x86",      "x86_64",    "x32",         "arm",
					     "aarch64",  "mips",      "mipsel",      "mips64",
					     "mipsel64", "mips64n32", "mipsel64n32", "parisc",
					     "parisc64", "ppc",       "ppc64",       "ppc64le",
					     "s390",     "s390x",     "riscv64" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(names); i++) {
		uint32_t token = seccomp_arch_resolve_name(names[i]), word;
		char scmp[64];
		size_t n;

		n = (size_t)snprintf(scmp, sizeof(scmp), "SCMP_ARCH_%s", names[i]);
		for (size_t c = 0; c < n; c++)
			if (scmp[c] >= 'a' && scmp[c] <= 'z')
				scmp[c] = (char)(scmp[c] - 'a' + 'A');
		assert_int_not_equal(token, 0);
		assert_int_equal(arch_from_scmp_name(span_of(scmp), &word), 0);
		assert_int_equal(word, token);
	}
}

static void test_native_and_unknown_names_are_refused(void **state)
{
	uint32_t word;

	(void)state;
	assert_int_equal(arch_from_scmp_name(SPAN_LIT("SCMP_ARCH_NATIVE"), &word), -EINVAL);
	assert_int_equal(arch_from_scmp_name(SPAN_LIT("SCMP_ARCH_"), &word), -EINVAL);
	assert_int_equal(arch_from_name(SPAN_LIT("unknown"), &word), -EINVAL);
	assert_int_equal(arch_from_name(SPAN_NULL, &word), -EINVAL);
}

static void test_x32_is_seen_by_its_bit(void **state)
{
	(void)state;
	assert_int_equal(arch_of_call(ARCH_WORD_X86_64, 1073741863), ARCH_WORD_X32);
	assert_int_equal(arch_of_call(ARCH_WORD_X86_64, 39), ARCH_WORD_X86_64);
	assert_int_equal(arch_of_call(ARCH_WORD_X86_64, -1), ARCH_WORD_X86_64);
	assert_int_equal(arch_of_call(ARCH_WORD_I386, 1073741863), ARCH_WORD_I386);
}

UNIT_MAIN(cmocka_unit_test(test_words_have_their_names),
	  cmocka_unit_test(test_words_agree_with_libseccomp),
	  cmocka_unit_test(test_native_and_unknown_names_are_refused),
	  cmocka_unit_test(test_x32_is_seen_by_its_bit))
