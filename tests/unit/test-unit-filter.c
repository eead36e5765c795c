/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/util/unit-filter, and what the stage of its result is. */
#include <errno.h>

#include "profile/stage.h"
#include "util/unit-filter.h"
#include "tests/unit/unit.h"

static UnitNames list(bool inclusive, size_t n, const char **names)
{
	return (UnitNames){ (char **)(uintptr_t)names, n, inclusive };
}

#define LIST(inclusive, ...)                                                      \
	list(inclusive, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), \
	     (const char *[]){ __VA_ARGS__ })

/* What does not depend on the host: without its architectures. */
static void check(const UnitFilter *f, const char *wanted, Stage stage, Visibility visibility)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	AppliedProfile applied;
	char *arches, *end;

	assert_int_equal(unit_filter_render(f, &out), 0);
	assert_int_equal(applied_unit_profile_read(buffer_span(&out), &applied, NULL), 0);
	arches = strstr(out.p, "\"architectures\":[");
	assert_non_null(arches);
	end = strchr(arches, ']') + 2;
	memmove(arches, end, strlen(end) + 1);
	assert_string_equal(out.p, wanted);
	assert_int_equal(applied.stage, stage);
	assert_int_equal(applied.visibility, visibility);
}

static void test_an_allow_list_kills_the_rest(void **state)
{
	UnitFilter f = { .filter = LIST(true, "write", "read", "write"),
			 .error_number = UNIT_ERROR_KILL };

	(void)state;
	check(&f,
	      "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[{\"names\":[\"read\","
	      "\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	      STAGE_KILL, VISIBILITY_FULL);
	/* as systemd before 247 says it */
	f.error_number = 0;
	check(&f,
	      "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[{\"names\":[\"read\","
	      "\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	      STAGE_KILL, VISIBILITY_FULL);
}

static void test_an_error_number_hides_the_rest(void **state)
{
	UnitFilter f = { .filter = LIST(true, "read"), .error_number = 1 };

	(void)state;
	check(&f,
	      "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,\"syscalls\":[{"
	      "\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	      STAGE_ERRNO, VISIBILITY_BLIND);
}

static void test_an_allow_list_of_nothing_is_a_filter(void **state)
{
	UnitFilter f = { .filter = { .inclusive = true }, .error_number = UNIT_ERROR_KILL };

	(void)state;
	assert_true(unit_filter_exists(&f));
	check(&f, "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[]}", STAGE_KILL,
	      VISIBILITY_FULL);
}

static void test_a_deny_list_is_judged_by_what_it_denies(void **state)
{
	UnitFilter kill = { .filter = LIST(false, "mount", "bpf:EPERM"),
			    .error_number = UNIT_ERROR_KILL };
	UnitFilter refuse = { .filter = LIST(false, "mount", "bpf:kill"), .error_number = 38 };

	(void)state;
	check(&kill,
	      "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mount\"],"
	      "\"action\":\"SCMP_ACT_KILL_PROCESS\"},{\"names\":[\"bpf\"],\"action\":"
	      "\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]}",
	      STAGE_KILL, VISIBILITY_PARTIAL);
	check(&refuse,
	      "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mount\"],"
	      "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},{\"names\":[\"bpf\"],\"action\":"
	      "\"SCMP_ACT_KILL_PROCESS\"}]}",
	      STAGE_ERRNO, VISIBILITY_BLIND);
}

static void test_logging_alone_is_the_log_stage(void **state)
{
	UnitFilter some = { .log = LIST(true, "bpf", "mount") };
	UnitFilter rest = { .log = LIST(false, "read", "write") };

	(void)state;
	check(&some,
	      "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\",\"mount\"],"
	      "\"action\":\"SCMP_ACT_LOG\"}]}",
	      STAGE_LOG, VISIBILITY_FULL);
	check(&rest,
	      "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\",\"write\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\"}]}",
	      STAGE_LOG, VISIBILITY_FULL);
}

/* The kernel takes the stricter answer of the two. */
static void test_stacked_filters_are_one_profile(void **state)
{
	UnitFilter f = { .filter = LIST(true, "read", "write", "bpf:EACCES"),
			 .log = LIST(true, "write", "mount", "bpf"),
			 .error_number = UNIT_ERROR_KILL };

	(void)state;
	check(&f,
	      "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[{\"names\":[\"bpf\"],"
	      "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":13},{\"names\":[\"read\"],\"action\":"
	      "\"SCMP_ACT_ALLOW\"},{\"names\":[\"write\"],\"action\":\"SCMP_ACT_LOG\"}]}",
	      STAGE_KILL, VISIBILITY_PARTIAL);
}

static void test_architectures_are_listed_or_the_host_s(void **state)
{
	UnitFilter f = { .arches = LIST(false, "x86-64", "arm64", "nonsense") };
	UnitFilter any = { .filter = LIST(false, "bpf"), .error_number = 1 };
	_cleanup_buffer_ Buffer listed = BUFFER_NULL, local = BUFFER_NULL;
	AppliedProfile applied;

	(void)state;
	assert_int_equal(unit_filter_render(&f, &listed), 0);
	assert_string_equal(listed.p,
			    "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":["
			    "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_AARCH64\"],\"syscalls\":[]}");
	assert_int_equal(applied_unit_profile_read(buffer_span(&listed), &applied, NULL), 0);
	assert_int_equal(applied.stage, STAGE_KILL);
	assert_int_equal(unit_filter_render(&any, &local), 0);
#ifdef __x86_64__
	assert_non_null(
		strstr(local.p, "[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]"));
#endif
}

static void test_names_that_are_none_are_left_out(void **state)
{
	UnitFilter f = { .filter = LIST(true, "re\"ad", "", "@mount", "read"),
			 .error_number = UNIT_ERROR_KILL };

	(void)state;
	check(&f,
	      "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[{\"names\":[\"read\"],"
	      "\"action\":\"SCMP_ACT_ALLOW\"}]}",
	      STAGE_KILL, VISIBILITY_FULL);
}

static void test_nothing_is_no_filter(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	UnitFilter f = { .error_number = UNIT_ERROR_KILL };

	(void)state;
	assert_int_equal(unit_filter_render(&f, &out), -ENODATA);
}

UNIT_MAIN(cmocka_unit_test(test_an_allow_list_kills_the_rest),
	  cmocka_unit_test(test_an_error_number_hides_the_rest),
	  cmocka_unit_test(test_an_allow_list_of_nothing_is_a_filter),
	  cmocka_unit_test(test_a_deny_list_is_judged_by_what_it_denies),
	  cmocka_unit_test(test_logging_alone_is_the_log_stage),
	  cmocka_unit_test(test_stacked_filters_are_one_profile),
	  cmocka_unit_test(test_architectures_are_listed_or_the_host_s),
	  cmocka_unit_test(test_names_that_are_none_are_left_out),
	  cmocka_unit_test(test_nothing_is_no_filter))
