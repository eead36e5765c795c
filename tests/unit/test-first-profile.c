/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/first-profile.c */
#include "suggest/first-profile.h"
#include "tests/unit/suggest-help.h"

#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"
#define FILTER(rules) "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[" rules "]}"

static const ProfileContext runc = { .host_arch = ARCH_WORD_X86_64, .runtime = RUNTIME_RUNC };

static FirstProfile go(const Observed *rows, size_t n, const char *a, const char *b)
{
	const Span filters[] = { span_of(a ?: ""), span_of(b ?: "") };
	FirstProfileInput in = { runc, rows, n, filters, a && b ? 2U : a ? 1U : 0U };
	FirstProfile p = { 0 };
	Diag d = { 0 };

	if (first_profile(&in, &p, &d) < 0)
		fail_msg("%s", d.text);
	return p;
}

static bool has(const FirstProfile *p, const char *name)
{
	char quoted[64];

	snprintf(quoted, sizeof(quoted), "\"%s\"", name);
	return strstr(p->text, quoted) != NULL;
}

static uint32_t answer(const FirstProfile *p, const char *name, uint64_t arg)
{
	_cleanup_(profile_freep) Profile *profile = help_read_in(p->text, DIALECT_OCI, &runc);
	_cleanup_filter_ Filter f = { 0 };
	int64_t nr;

	help_filter(profile, &f);
	assert_int_equal(syscall_number(ARCH_WORD_X86_64, name, &nr), 0);
	return help_ask(&f, ARCH_WORD_X86_64, (int)nr, arg);
}

static void test_what_is_always_needed(void **state)
{
	_cleanup_first_profile_ FirstProfile p = go(NULL, 0, NULL, NULL);

	(void)state;
	assert_int_equal(answer(&p, "exit_group", 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&p, "fstatfs", 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&p, "mkdir", 0), SECCOMP_RET_LOG);
	assert_int_equal(p.n_carried, 0);
	assert_int_equal(p.filter, 0);
	assert_false(has(&p, "sigreturn")); /* of i386 alone */
}

static void test_architectures_that_were_seen(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_I386, "mkdir") };
	_cleanup_first_profile_ FirstProfile p = go(rows, 1, NULL, NULL);

	(void)state;
	assert_true(has(&p, "sigreturn"));
	assert_false(has(&p, "SCMP_ARCH_X86")); /* suggest() proves what listing it opens */
}

static void test_what_left_no_record_is_carried_over(void **state)
{
	_cleanup_first_profile_ FirstProfile p =
		go(NULL, 0,
		   FILTER(ALLOW("\"mkdir\",\"execve\"") ",{\"names\":[\"personality\"],\"action\":"
							"\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
							"\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}"),
		   NULL);

	(void)state;
	assert_int_equal(p.n_carried, 2);
	assert_int_equal(answer(&p, "mkdir", 0), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&p, "personality", 8), SECCOMP_RET_ALLOW);
	assert_int_equal(answer(&p, "personality", 9), SECCOMP_RET_LOG);
}

/* A denial behind it had no effect; one before it had. */
static void test_what_was_refused_is_not_carried_over(void **state)
{
	_cleanup_first_profile_ FirstProfile p =
		go(NULL, 0,
		   FILTER("{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\"}," ALLOW(
			   "\"mount\",\"mkdir\"")),
		   NULL);

	(void)state;
	assert_int_equal(p.n_carried, 1);
	assert_false(has(&p, "mount"));
}

static void test_the_filter_that_recorded_most_counts(void **state)
{
	_cleanup_first_profile_ FirstProfile p =
		go(NULL, 0, FILTER(ALLOW("\"mkdir\",\"rmdir\"")), FILTER(ALLOW("\"rmdir\"")));

	(void)state;
	assert_int_equal(p.filter, 1);
	assert_int_equal(p.n_carried, 1);
	assert_false(has(&p, "mkdir"));
}

UNIT_MAIN(cmocka_unit_test(test_what_is_always_needed),
	  cmocka_unit_test(test_architectures_that_were_seen),
	  cmocka_unit_test(test_what_left_no_record_is_carried_over),
	  cmocka_unit_test(test_what_was_refused_is_not_carried_over),
	  cmocka_unit_test(test_the_filter_that_recorded_most_counts))
