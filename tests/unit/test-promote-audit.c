/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/promote-audit.c: what was allowed is recorded, what was refused stays so, and what
 * every program needs stays silent. */
#include "audit/syscall.h"
#include "suggest/promote.h"
#include "tests/unit/profile-help.h"

#define ARCHES "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]"

static const ProfileContext crun = { .host_arch = ARCH_WORD_X86_64, .kernel = 0x060100 };

static Promotion *audit(const char *text)
{
	PromoteInput in = { .profile = text ? span_of(text) : SPAN_NULL,
			    .dialect = DIALECT_PODMAN,
			    .context = crun,
			    .to = STAGE_LOG,
			    .audit_all = true,
			    .errno_ret = PROMOTE_ERRNO_KEEP };
	Promotion *p = NULL;
	Diag d = { 0 };

	if (promote(&in, &p, &d) < 0)
		fail_msg("%s", d.text);
	return p;
}

static uint32_t answer(const Promotion *p, uint32_t arch, const char *name, uint64_t arg)
{
	_cleanup_(profile_freep) Profile *profile = help_read_in(p->text, DIALECT_PODMAN, &crun);
	_cleanup_filter_ Filter f = { 0 };
	int64_t nr;

	help_filter(profile, &f);
	assert_int_equal(syscall_number(arch, name, &nr), 0);
	return help_ask(&f, arch, (int)nr, arg);
}

static const char *remark(const Promotion *p, const char *check)
{
	for (size_t i = 0; i < p->n_remarks; i++)
		if (strcmp(p->remarks[i].check, check) == 0)
			return p->remarks[i].text;
	return NULL;
}

#define ERRNO_PROFILE                                                                            \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1," ARCHES ",\"syscalls\":["  \
	"{\"names\":[\"mincore\",\"execve\",\"mmap\",\"uname\"],\"action\":\"SCMP_ACT_ALLOW\"}," \
	"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":" \
	"2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},"                            \
	"{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]}"

static void test_what_was_allowed_is_recorded(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = audit(ERRNO_PROFILE);

	(void)state;
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "mincore", 0), SECCOMP_RET_LOG);
	assert_int_equal(answer(p, ARCH_WORD_I386, "uname", 0), SECCOMP_RET_LOG);
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "mkdir", 0), SECCOMP_RET_LOG);
	/* whatever the arguments */
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "clone", 0), SECCOMP_RET_LOG);
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "clone", 0x10000000), SECCOMP_RET_LOG);
	assert_non_null(strstr(remark(p, "audit"), "mincore"));
	assert_non_null(remark(p, "rate"));
	assert_non_null(remark(p, "journal"));
}

static void test_what_nobody_can_do_without_stays_silent(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = audit(ERRNO_PROFILE);

	(void)state;
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "execve", 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "mmap", 0), SECCOMP_RET_ALLOW);
	assert_null(strstr(remark(p, "audit"), "execve"));
}

static void test_denials_stay(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = audit(ERRNO_PROFILE);

	(void)state;
	/* programs fall back as they will under the profile itself */
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "clone3", 0), SECCOMP_RET_ERRNO | 38);
	/* it reaches the whole host */
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "kexec_load", 0), SECCOMP_RET_ERRNO | 1);
}

/* Podman's own default has such a rule. */
static void test_a_dead_denial_does_not_come_to_life(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = audit(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\"," ARCHES ",\"syscalls\":["
		"{\"names\":[\"setns\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"setns\",\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]}");

	(void)state;
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "setns", 0), SECCOMP_RET_LOG);
}

static void test_from_stage_log_and_from_nothing(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = audit(
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\",\"chmod\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"reboot\"],\"action\":"
		"\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]}");
	_cleanup_(promotion_freep) Promotion *none = audit(NULL);

	(void)state;
	assert_true(p->changed);
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "chmod", 0), SECCOMP_RET_LOG);
	assert_int_equal(answer(p, ARCH_WORD_X86_64, "reboot", 0), SECCOMP_RET_ERRNO | 1);
	assert_int_equal(answer(none, ARCH_WORD_X86_64, "chmod", 0), SECCOMP_RET_LOG);
	assert_int_equal(answer(none, ARCH_WORD_X86_64, "exit_group", 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(none, ARCH_WORD_I386, "sigreturn", 0), SECCOMP_RET_ALLOW);
}

static void test_a_second_time_it_changes_nothing(void **state)
{
	_cleanup_(promotion_freep) Promotion *p = audit(ERRNO_PROFILE);
	_cleanup_(promotion_freep) Promotion *again = audit(p->text);

	(void)state;
	assert_false(again->changed);
	assert_string_equal(again->text, p->text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_allowed_is_recorded),
		cmocka_unit_test(test_what_nobody_can_do_without_stays_silent),
		cmocka_unit_test(test_denials_stay),
		cmocka_unit_test(test_a_dead_denial_does_not_come_to_life),
		cmocka_unit_test(test_from_stage_log_and_from_nothing),
		cmocka_unit_test(test_a_second_time_it_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
