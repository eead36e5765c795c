/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/denial.c: who refuses a call, and that what is not known is never leave. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>

#include "audit/syscall.h"
#include "suggest/denial.h"
#include "tests/unit/profile-help.h"

#define ADMIN (1ULL << CAP_SYS_ADMIN)
#define NATIVE ARCH_WORD_X86_64

static const char profile[] =
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
	"\"syscalls\":["
	"{\"names\":[\"read\",\"setns\",\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	"{\"names\":[\"times\"],\"action\":\"SCMP_ACT_LOG\"},"
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\","
	"\"args\":[{\"index\":0,\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}]}";

static Profile *p;
static Filter filter;

static int set_up(void **state)
{
	(void)state;
	p = help_read(profile, DIALECT_OCI);
	help_filter(p, &filter);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	filter_done(&filter);
	profile_free(p);
	return 0;
}

/* All is known, and nothing holds it. */
static DenialFacts free_of_all(const char *call)
{
	DenialFacts f = {
		.call = call,
		.arch = NATIVE,
		.filter_known = true,
		.capabilities_known = true,
		.capabilities = UINT64_MAX,
		.effective_known = true,
		.effective = UINT64_MAX,
		.label = "",
	};

	assert_int_equal(syscall_number(NATIVE, call, &f.nr), 0);
	return f;
}

static Denial judge(const DenialFacts *f)
{
	Denial d;

	denial_judge(f, &d);
	return d;
}

static void test_seccomp_and_capability_in_the_four_combinations(void **state)
{
	static const struct {
		bool filtered, capable;
		DenialBy by;
		bool certain;
	} cases[] = {
		{ true, false, DENIAL_BY_SECCOMP, true },
		{ true, true, DENIAL_BY_SECCOMP, true },
		{ false, false, DENIAL_BY_CAPABILITY, true },
		{ false, true, DENIAL_BY_NOBODY, false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		DenialFacts f = free_of_all("mount");
		Denial d;

		f.filter = cases[i].filtered ? &filter : NULL;
		f.capabilities = f.effective = cases[i].capable ? ADMIN : 0;
		d = judge(&f);
		assert_int_equal(d.by, cases[i].by);
		assert_int_equal(d.certain, cases[i].certain);
		assert_int_equal(d.missing, cases[i].capable ? 0 : ADMIN);
		assert_int_equal(d.seccomp, cases[i].filtered ? DENIAL_REFUSES : DENIAL_LETS);
	}
}

static void test_the_filter_s_answer(void **state)
{
	static const struct {
		const char *call;
		DenialAnswer answer;
	} cases[] = {
		{ "read", DENIAL_LETS },
		{ "times", DENIAL_LETS },
		{ "personality", DENIAL_BY_ARGUMENTS },
		{ "mount", DENIAL_REFUSES },
		{ "getpid", DENIAL_REFUSES },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		DenialFacts f = free_of_all(cases[i].call);
		Denial d;

		f.filter = &filter;
		d = judge(&f);
		assert_int_equal(d.seccomp, cases[i].answer);
		if (cases[i].answer == DENIAL_REFUSES)
			assert_int_equal(d.word, SECCOMP_RET_ERRNO | EPERM);
		assert_int_equal(d.by, cases[i].answer == DENIAL_LETS ? DENIAL_BY_NOBODY
								      : DENIAL_BY_SECCOMP);
		assert_int_equal(d.certain, cases[i].answer == DENIAL_REFUSES);
	}
}

static void test_a_capability_may_be_asked_for_some_uses_only(void **state)
{
	DenialFacts f = free_of_all("ptrace");
	Denial d;

	(void)state;
	f.capabilities = f.effective = 0;
	d = judge(&f);
	assert_int_equal(d.capability, DENIAL_BY_ARGUMENTS);
	assert_true(d.by == DENIAL_BY_CAPABILITY && !d.certain);
	f = free_of_all("setns");
	f.capabilities = f.effective = 0;
	d = judge(&f);
	assert_true(d.by == DENIAL_BY_CAPABILITY && d.certain);
	f = free_of_all("read");
	f.capabilities = f.effective = 0;
	assert_int_equal(judge(&f).by, DENIAL_BY_NOBODY);
}

static void test_root_in_the_container_may_have_it(void **state)
{
	DenialFacts f = free_of_all("mount");
	Denial d;

	(void)state;
	f.effective = 0;
	d = judge(&f);
	assert_true(d.not_held && d.missing == 0);
	assert_true(d.by == DENIAL_BY_CAPABILITY && !d.certain);
	f.effective_known = false;
	assert_int_equal(judge(&f).by, DENIAL_BY_NOBODY);
}

static void test_what_is_not_known_is_no_leave(void **state)
{
	DenialFacts f = free_of_all("mount");

	(void)state;
	f.filter_known = false;
	assert_int_equal(judge(&f).by, DENIAL_BY_UNKNOWN);
	/* What is known to refuse explains it, but may not have been the one that did. */
	f.capabilities = f.effective = 0;
	assert_int_equal(judge(&f).by, DENIAL_BY_CAPABILITY);
	assert_false(judge(&f).certain);
	f = free_of_all("mount");
	f.capabilities_known = f.effective_known = false;
	assert_int_equal(judge(&f).by, DENIAL_BY_UNKNOWN);
	f = free_of_all("read");
	f.label = NULL;
	assert_int_equal(judge(&f).by, DENIAL_BY_UNKNOWN);
}

static void test_labels(void **state)
{
	static const struct {
		const char *label;
		bool confines;
	} cases[] = {
		{ "", false },
		{ "unconfined", false },
		{ "docker-default (enforce)", true },
		{ "docker-default (complain)", false },
		{ "system_u:system_r:container_t:s0:c1,c2", true },
		{ "system_u:system_r:spc_t:s0", false },
		{ "unconfined_u:unconfined_r:unconfined_t:s0", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		DenialFacts f = free_of_all("mount");

		assert_int_equal(denial_label_confines(cases[i].label), cases[i].confines);
		f.label = cases[i].label;
		assert_int_equal(judge(&f).by,
				 cases[i].confines ? DENIAL_BY_LSM : DENIAL_BY_NOBODY);
	}
}

static void test_every_answer_has_a_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < _DENIAL_BY_MAX; i++)
		assert_non_null(denial_by_name((DenialBy)i));
	for (unsigned i = 0; i < _DENIAL_ANSWER_MAX; i++)
		assert_non_null(denial_answer_name((DenialAnswer)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seccomp_and_capability_in_the_four_combinations),
		cmocka_unit_test(test_the_filter_s_answer),
		cmocka_unit_test(test_a_capability_may_be_asked_for_some_uses_only),
		cmocka_unit_test(test_root_in_the_container_may_have_it),
		cmocka_unit_test(test_what_is_not_known_is_no_leave),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_every_answer_has_a_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
