/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/dry-run.c */
#include "suggest/dry-run.h"
#include "tests/unit/suggest-help.h"

#define FILE_OF(default_, rules)                                                                \
	"{\"defaultAction\":\"SCMP_ACT_" default_ "\",\"architectures\":[\"SCMP_ARCH_X86_64\"," \
	"\"SCMP_ARCH_X86\"],\"syscalls\":[" rules "]}"
#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"

typedef struct Made {
	Profile *profile;
	Filter filter;
} Made;

static Made make(const char *text)
{
	Made m = { .profile = help_read_in(text, DIALECT_OCI, &help_x86_64) };

	help_filter(m.profile, &m.filter);
	return m;
}

static void made_done(Made *m)
{
	filter_done(&m->filter);
	profile_free(m->profile);
}

static DryRun go(const char *a, const char *b, const char *ran, const Observed *rows, size_t n)
{
	_cleanup_(made_done) Made before = make(a);
	_cleanup_(made_done) Made after = make(b);
	_cleanup_(made_done) Made under = make(ran);
	DryRunInput in = { &before.filter, &after.filter, rows, n, &under.filter, false };
	DryRun d = { 0 };

	assert_int_equal(dry_run(&in, &d), 0);
	return d;
}

#define A FILE_OF("LOG", ALLOW("\"read\",\"mkdir\""))

static void test_a_seen_call_that_is_refused(void **state)
{
	Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "chmod"),
			    help_row(ARCH_WORD_X86_64, "chown") };
	_cleanup_dry_run_ DryRun d = { 0 };

	(void)state;
	rows[1].origin = ORIGIN_EXEC;
	rows[1].last = 30;
	d = go(A,
	       FILE_OF("LOG",
		       ALLOW("\"read\",\"mkdir\"") ",{\"names\":[\"chmod\",\"rmdir\"],\"action\":"
						   "\"SCMP_ACT_ERRNO\"}"),
	       A, rows, 3);
	assert_int_equal(d.n_different, 1);
	assert_int_equal(d.n_unknown, 0); /* rmdir would have been recorded */
	assert_string_equal(d.calls[0].change.name, "chmod");
	assert_int_equal(proof_kind(&d.calls[0].change), PROOF_DENIED);
	assert_int_equal(d.calls[0].count, 6);
	assert_int_equal(d.calls[0].first, 10);
	assert_int_equal(d.calls[0].last, 30);
	assert_int_equal(d.calls[0].origins, 1U << ORIGIN_WORKLOAD | 1U << ORIGIN_EXEC);
	assert_false(d.calls[0].by_arguments);
	assert_false(d.same);
}

/* On all architectures that answer differently. */
static void test_what_was_allowed_nobody_knows(void **state)
{
	_cleanup_dry_run_ DryRun d = go(A, FILE_OF("LOG", ALLOW("\"read\"")), A, NULL, 0);

	(void)state;
	assert_int_equal(d.n_different, 0);
	assert_int_equal(d.n_unknown, 2);
	assert_string_equal(d.calls[0].change.name, "mkdir");
	assert_false(d.calls[0].observed);
}

/* The filter of that time decides, not the profiles that are compared. */
static void test_the_filter_that_ran_decides(void **state)
{
	_cleanup_dry_run_ DryRun d = go(A, FILE_OF("LOG", ALLOW("\"read\"")),
					FILE_OF("LOG", ALLOW("\"read\"")), NULL, 0);
	_cleanup_dry_run_ DryRun silent = go(A, FILE_OF("LOG", ALLOW("\"read\"")),
					     FILE_OF("ERRNO", ALLOW("\"read\"")), NULL, 0);

	(void)state;
	assert_int_equal(d.n, 0);
	assert_int_equal(silent.n_unknown, 2);
}

static void test_arguments_are_not_recorded(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "personality") };
	_cleanup_dry_run_ DryRun d =
		go(A,
		   FILE_OF("LOG",
			   ALLOW("\"read\",\"mkdir\"") ",{\"names\":[\"personality\"],\"action\":"
						       "\"SCMP_ACT_ERRNO\",\"args\":[{"
						       "\"index\":0,\"value\":8,\"op\":"
						       "\"SCMP_CMP_EQ\"}]}"),
		   A, rows, 1);

	(void)state;
	assert_int_equal(d.n_different, 1);
	assert_true(d.calls[0].by_arguments);
}

static void test_the_same_is_the_same(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "chmod") };
	_cleanup_dry_run_ DryRun d = go(A, FILE_OF("LOG", ALLOW("\"mkdir\",\"read\"")), A, rows, 1);

	(void)state;
	assert_true(d.same);
	assert_int_equal(d.n, 0);
	assert_true(d.evaluated > 1000);
}

UNIT_MAIN(cmocka_unit_test(test_a_seen_call_that_is_refused),
	  cmocka_unit_test(test_what_was_allowed_nobody_knows),
	  cmocka_unit_test(test_the_filter_that_ran_decides),
	  cmocka_unit_test(test_arguments_are_not_recorded),
	  cmocka_unit_test(test_the_same_is_the_same))
