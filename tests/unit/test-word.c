/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/word.c */
#include <errno.h>

#include "profile/word.h"
#include "tests/unit/unit.h"

static void test_words_are_known_as_they_are_written(void **state)
{
	ProfileOp op;

	(void)state;
	assert_int_equal(word_op(SPAN_LIT("SCMP_CMP_MASKED_EQ"), &op), 0);
	assert_int_equal(op, PROFILE_OP_MASKED_EQ);
	assert_int_equal(word_op(SPAN_LIT("SCMP_CMP_EQUAL"), &op), -EINVAL);
	assert_true(word_is_flag(SPAN_LIT("SECCOMP_FILTER_FLAG_TSYNC")));
	assert_false(word_is_flag(SPAN_LIT("SECCOMP_FILTER_FLAG_tsync")));
	assert_true(word_is_capability(SPAN_LIT("CAP_SYS_PTRACE")));
	assert_false(word_is_capability(SPAN_LIT("SYS_PTRACE")));
	assert_true(word_is_go_arch(SPAN_LIT("amd64")));
	assert_false(word_is_go_arch(SPAN_LIT("SCMP_ARCH_X86_64")));
	assert_false(word_is_go_arch(SPAN_NULL));
}

static void test_errnos_are_names_or_numbers(void **state)
{
	static const struct {
		const char *word;
		uint32_t value;
		int r;
	} cases[] = {
		{ "EPERM", EPERM, 0 },        { "ENOSYS", ENOSYS, 0 },
		{ "EWOULDBLOCK", EAGAIN, 0 }, { "38", 38, 0 },
		{ "EFOO", 0, -EINVAL },       { "", 0, -EINVAL },
		{ "-1", 0, -EINVAL },         { "eperm", 0, -EINVAL },
		{ "5000000000", 0, -ERANGE }, { "ENOTSUP", EOPNOTSUPP, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		uint32_t value = 0;

		assert_int_equal(word_errno(span_of(cases[i].word), &value), cases[i].r);
		assert_int_equal(value, cases[i].value);
	}
}

UNIT_MAIN(cmocka_unit_test(test_words_are_known_as_they_are_written),
	  cmocka_unit_test(test_errnos_are_names_or_numbers))
