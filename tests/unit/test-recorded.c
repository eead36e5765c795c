/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/recorded.c */
#include "audit/syscall.h"
#include "suggest/recorded.h"
#include "tests/unit/profile-help.h"

static int ask(const char *text, const char *name, bool logs)
{
	_cleanup_(profile_freep) Profile *p = help_read_in(text, DIALECT_OCI, &help_x86_64);
	_cleanup_filter_ Filter f = { 0 };
	int64_t nr;

	help_filter(p, &f);
	assert_int_equal(syscall_number(ARCH_WORD_X86_64, name, &nr), 0);
	return recorded_answers(&f, logs, ARCH_WORD_X86_64, nr);
}

#define PROFILE                                                                              \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"      \
	"\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"                \
	"{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1},"              \
	"{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"},"                        \
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0," \
	"\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}]}"

static void test_each_answer(void **state)
{
	(void)state;
	assert_int_equal(ask(PROFILE, "mkdir", false), RECORDED);
	assert_int_equal(ask(PROFILE, "read", false), PASSED_SILENTLY);
	assert_int_equal(ask(PROFILE, "mount", false), DENIED_SILENTLY);
	assert_int_equal(ask(PROFILE, "bpf", false), RECORDED);
}

static void test_the_flag_records_denials(void **state)
{
	(void)state;
	assert_int_equal(ask(PROFILE, "mount", true), RECORDED);
	assert_int_equal(ask(PROFILE, "read", true), PASSED_SILENTLY);
}

static void test_arguments_have_several(void **state)
{
	(void)state;
	assert_int_equal(ask(PROFILE, "personality", false), RECORDED | PASSED_SILENTLY);
}

UNIT_MAIN(cmocka_unit_test(test_each_answer), cmocka_unit_test(test_the_flag_records_denials),
	  cmocka_unit_test(test_arguments_have_several))
