/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/allowed-count.c */
#include "suggest/allowed-count.h"
#include "tests/unit/profile-help.h"

static int count(const char *text, uint32_t arch)
{
	_cleanup_(profile_freep) Profile *p = help_read_in(text, DIALECT_OCI, &help_x86_64);
	_cleanup_filter_ Filter f = { 0 };

	help_filter(p, &f);
	return allowed_count(&f, arch);
}

#define PROFILE                                                                                 \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","          \
	"\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[\"read\",\"mkdir\",\"mmap2\",\"bogus\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"personality\"],\"action\":"               \
	"\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}]}"

static void test_calls_of_one_architecture(void **state)
{
	(void)state;
	assert_int_equal(count(PROFILE, ARCH_WORD_X86_64), 3);
	assert_int_equal(count(PROFILE, ARCH_WORD_I386), 4);
	assert_int_equal(count("{\"defaultAction\":\"SCMP_ACT_LOG\"}", ARCH_WORD_X86_64), 0);
}

/* 301 with the names of libseccomp 2.5.4; a later one knows some more. */
static void test_docker_s_default(void **state)
{
	uint64_t usual = context_default(DIALECT_DOCKER, ARCH_WORD_X86_64).capabilities;
	int with_usual = docker_allowed_count(ARCH_WORD_X86_64, usual);

	(void)state;
	assert_in_range(with_usual, 290, 340);
	assert_true(docker_allowed_count(ARCH_WORD_X86_64, UINT64_MAX) > with_usual);
	assert_true(docker_allowed_count(ARCH_WORD_X86_64, 0) < with_usual);
}

UNIT_MAIN(cmocka_unit_test(test_calls_of_one_architecture), cmocka_unit_test(test_docker_s_default))
