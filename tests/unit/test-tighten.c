/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/tighten.c: what is unused, what stays, and of what nobody can know. */
#include <errno.h>

#include "suggest/tighten.h"
#include "tests/unit/suggest-help.h"

#define ARCHES(more) "\"architectures\":[\"SCMP_ARCH_X86_64\"" more "]"
#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"
#define FILE_OF(default_, rules) \
	"{\"defaultAction\":\"SCMP_ACT_" default_ "\"," ARCHES("") ",\"syscalls\":[" rules "]}"

static const char records_all[] = "{\"defaultAction\":\"SCMP_ACT_LOG\"," ARCHES(
	"") ",\"syscalls\":[" ALLOW("\"execve\"") "]}";

static const ProfileContext crun = { .host_arch = ARCH_WORD_X86_64,
				     .kernel = 0x060100,
				     .runtime = RUNTIME_CRUN };

static Tightening *go(const char *file, const char *filter, const Observed *rows, size_t n,
		      const ProfileContext *c)
{
	Span span = span_of(filter ?: "");
	TightenInput in = { .profile = span_of(file),
			    .dialect = DIALECT_DOCKER,
			    .context = *c,
			    .observed = rows,
			    .n_observed = n,
			    .filters = &span,
			    .n_filters = filter ? 1 : 0 };
	Tightening *t = NULL;
	Diag d = { 0 };

	if (tighten(&in, &t, &d) < 0)
		fail_msg("%s", d.text);
	return t;
}

static const TightenName *name_of(const Tightening *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->names[i].name, name) == 0)
			return &t->names[i];
	fail_msg("%s is not there", name);
	return NULL;
}

static TightenFate fate(const Tightening *t, const char *name)
{
	return name_of(t, name)->fate;
}

#define PLAIN \
	FILE_OF("ERRNO", ALLOW("\"read\",\"chmod\",\"execve\",\"mkdir\"") "," ALLOW("\"rmdir\""))

static void test_used_unused_and_kept(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "read"),
				  help_row(ARCH_WORD_X86_64, "mkdir") };
	_cleanup_(tightening_freep) Tightening *t = go(PLAIN, records_all, rows, 2, &crun);

	(void)state;
	assert_int_equal(t->n, 5);
	assert_int_equal(fate(t, "read"), TIGHTEN_USED);
	assert_int_equal(fate(t, "mkdir"), TIGHTEN_USED);
	assert_int_equal(fate(t, "chmod"), TIGHTEN_UNUSED);
	assert_int_equal(fate(t, "rmdir"), TIGHTEN_UNUSED);
	assert_int_equal(fate(t, "execve"), TIGHTEN_KEPT);
	assert_true(name_of(t, "execve")->reason[0]);
	assert_string_equal(t->patched, FILE_OF("ERRNO", ALLOW("\"read\",\"execve\",\"mkdir\"")));
	assert_null(t->refusal);
	assert_true(t->evaluated > 1000);
}

/* Allowed calls leave no record. */
static void test_what_the_filter_allowed_is_unknown(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "read") };
	_cleanup_(tightening_freep) Tightening *t =
		go(PLAIN, FILE_OF("LOG", ALLOW("\"mkdir\",\"chmod\"")), rows, 1, &crun);

	(void)state;
	assert_int_equal(fate(t, "mkdir"), TIGHTEN_UNKNOWN);
	assert_int_equal(fate(t, "rmdir"), TIGHTEN_UNUSED);
	assert_non_null(strstr(t->patched, "mkdir"));
}

static void test_without_a_run_all_is_unknown(void **state)
{
	_cleanup_(tightening_freep) Tightening *t = go(PLAIN, NULL, NULL, 0, &crun);

	(void)state;
	assert_int_equal(t->counts[TIGHTEN_UNKNOWN], 4);
	assert_int_equal(t->counts[TIGHTEN_UNUSED], 0);
	assert_null(t->patched);
}

static void test_silent_denials_are_no_evidence(void **state)
{
	_cleanup_(tightening_freep) Tightening *t =
		go(PLAIN, FILE_OF("ERRNO", ALLOW("\"read\"")), NULL, 0, &crun);

	(void)state;
	assert_int_equal(t->counts[TIGHTEN_UNUSED], 0);
	assert_int_equal(fate(t, "rmdir"), TIGHTEN_UNKNOWN);
}

/* Where statx works, newfstatat is not made; the profile refuses statx. */
static void test_fallbacks_stay(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "statx") };
	_cleanup_(tightening_freep) Tightening *t = go(
		FILE_OF("ERRNO", ALLOW("\"newfstatat\",\"chmod\"")), records_all, rows, 1, &crun);
	_cleanup_(tightening_freep) Tightening *allowed = go(
		FILE_OF("ERRNO", ALLOW("\"newfstatat\",\"statx\"")), records_all, rows, 1, &crun);

	(void)state;
	assert_int_equal(fate(t, "newfstatat"), TIGHTEN_KEPT);
	assert_int_equal(fate(t, "chmod"), TIGHTEN_UNUSED);
	assert_int_equal(fate(allowed, "newfstatat"), TIGHTEN_UNUSED);
}

static void test_what_may_be_inside_socketcall_stays(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_I386, "socketcall") };
	const char file[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\"," ARCHES(
			",\"SCMP_ARCH_X86\"") ",\"syscalls\":[" ALLOW("\"listen\",\"socketcall\","
								      "\"chmod\"") "]}";
	_cleanup_(tightening_freep) Tightening *t = go(file, records_all, rows, 1, &crun);

	(void)state;
	assert_int_equal(fate(t, "listen"), TIGHTEN_KEPT);
	assert_int_equal(fate(t, "socketcall"), TIGHTEN_USED);
	assert_int_equal(fate(t, "chmod"), TIGHTEN_UNUSED);
}

static void test_names_of_other_architectures_stay(void **state)
{
	_cleanup_(tightening_freep) Tightening *t =
		go(FILE_OF("ERRNO", ALLOW("\"read\",\"mmap2\",\"bogus\"")), records_all, NULL, 0,
		   &crun);

	(void)state;
	assert_int_equal(fate(t, "mmap2"), TIGHTEN_KEPT);
	assert_int_equal(fate(t, "bogus"), TIGHTEN_KEPT);
}

/* runc's ENOSYS stub follows the newest name. */
static void test_the_stub_moves_and_that_is_said(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "mkdir") };
	ProfileContext runc = crun;
	_cleanup_(tightening_freep) Tightening *t = NULL;

	(void)state;
	runc.runtime = RUNTIME_RUNC;
	runc.runtime_version = context_version(1, 1, 5);
	t = go(FILE_OF("ERRNO", ALLOW("\"mkdir\",\"futex_waitv\"")), records_all, rows, 1, &runc);
	assert_string_equal(t->patched, FILE_OF("ERRNO", ALLOW("\"mkdir\"")));
	assert_non_null(strstr(t->stub, "mkdir"));
}

/* It would be there once more, by another rule. */
static void test_rules_with_arguments_go_too(void **state)
{
	_cleanup_(tightening_freep) Tightening *t =
		go(FILE_OF("ERRNO", ALLOW("\"mkdir\"") ",{\"names\":[\"personality\"],\"action\":"
						       "\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
						       "\"value\":8,\"op\":\"SCMP_CMP_EQ\"}]}"),
		   records_all, NULL, 0, &crun);

	(void)state;
	assert_int_equal(t->counts[TIGHTEN_UNUSED], 2);
	assert_null(strstr(t->patched, "personality"));
}

static void test_rules_that_do_not_hold_here_are_left_alone(void **state)
{
	_cleanup_(tightening_freep) Tightening *t =
		go(FILE_OF("ERRNO", ALLOW("\"mkdir\"") ",{\"names\":[\"bpf\"],\"action\":"
						       "\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":"
						       "[\"CAP_BPF\"]}}"),
		   records_all, NULL, 0, &crun);

	(void)state;
	assert_int_equal(t->n, 1);
	assert_non_null(strstr(t->patched, "bpf"));
}

static void test_a_list_of_denials_is_none_to_tighten(void **state)
{
	TightenInput in = { .profile = SPAN_LIT("{\"defaultAction\":\"SCMP_ACT_ALLOW\"}"),
			    .dialect = DIALECT_OCI,
			    .context = crun };
	Tightening *t = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(tighten(&in, &t, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "no list"));
}

UNIT_MAIN(cmocka_unit_test(test_used_unused_and_kept),
	  cmocka_unit_test(test_what_the_filter_allowed_is_unknown),
	  cmocka_unit_test(test_without_a_run_all_is_unknown),
	  cmocka_unit_test(test_silent_denials_are_no_evidence),
	  cmocka_unit_test(test_fallbacks_stay),
	  cmocka_unit_test(test_what_may_be_inside_socketcall_stays),
	  cmocka_unit_test(test_names_of_other_architectures_stay),
	  cmocka_unit_test(test_the_stub_moves_and_that_is_said),
	  cmocka_unit_test(test_rules_with_arguments_go_too),
	  cmocka_unit_test(test_rules_that_do_not_hold_here_are_left_alone),
	  cmocka_unit_test(test_a_list_of_denials_is_none_to_tighten))
