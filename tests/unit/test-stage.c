/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/stage.c: stage and visibility of an applied filter. */
#include <errno.h>

#include "profile/stage.h"
#include "tests/unit/unit.h"

static void test_stage_and_visibility(void **state)
{
	static const struct {
		const char *json;
		Stage stage;
		Visibility visibility;
	} cases[] = {
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\"}", STAGE_LOG, VISIBILITY_FULL },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"clone3\"],"
		  "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]}",
		  STAGE_LOG, VISIBILITY_PARTIAL },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],"
		  "\"syscalls\":[{\"action\":\"SCMP_ACT_ERRNO\"}]}",
		  STAGE_LOG, VISIBILITY_FULL },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1}", STAGE_ERRNO,
		  VISIBILITY_BLIND },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}",
		  STAGE_ERRNO, VISIBILITY_FULL },
		{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[7,null,\"X\"]}", STAGE_ERRNO,
		  VISIBILITY_BLIND },
		{ "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"}", STAGE_KILL, VISIBILITY_FULL },
		{ "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[{\"action\":"
		  "\"SCMP_ACT_TRAP\"}]}",
		  STAGE_KILL, VISIBILITY_PARTIAL },
		{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", STAGE_OTHER, VISIBILITY_BLIND },
		{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}",
		  STAGE_OTHER, VISIBILITY_BLIND },
		{ "{\"defaultAction\":\"SCMP_ACT_NEW\",\"x\":{}}", STAGE_OTHER,
		  VISIBILITY_UNKNOWN },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":7,\"flags\":{}}", STAGE_LOG,
		  VISIBILITY_FULL },
		{ "{}", STAGE_OTHER, VISIBILITY_BLIND },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		AppliedProfile a;

		assert_int_equal(applied_profile_read(span_of(cases[i].json), &a, NULL), 0);
		if (a.stage != cases[i].stage || a.visibility != cases[i].visibility)
			fail_msg("%s: %s %s", cases[i].json, stage_name(a.stage),
				 visibility_name(a.visibility));
	}
}

static void test_the_hash_is_of_the_meaning(void **state)
{
	AppliedProfile a, b, c, none, empty;

	(void)state;
	assert_int_equal(
		applied_profile_read(SPAN_LIT("{\"flags\":[],\"defaultAction\":\"SCMP_ACT_LOG\"}"),
				     &a, NULL),
		0);
	assert_int_equal(
		applied_profile_read(
			SPAN_LIT("{ \"defaultAction\": \"SCMP_ACT_LOG\",\n\"flags\": [ ] }"), &b,
			NULL),
		0);
	assert_int_equal(
		applied_profile_read(SPAN_LIT("{\"flags\":[],\"defaultAction\":\"SCMP_ACT_KILL\"}"),
				     &c, NULL),
		0);
	assert_string_equal(a.hash, b.hash);
	assert_string_not_equal(a.hash, c.hash);
	assert_int_equal(applied_profile_read(SPAN_NULL, &none, NULL), 0);
	assert_int_equal(applied_profile_read(SPAN_LIT("{}"), &empty, NULL), 0);
	assert_string_equal(none.hash, empty.hash);
	assert_int_equal(strlen(a.hash), 64);
}

static void test_what_is_no_filter_is_refused(void **state)
{
	static const char *const cases[] = {
		"", "[]", "7", "{", "{\"syscalls\":[]}", "{\"defaultAction\":7}", "null"
	};
	_cleanup_free_ char *deep = malloc(4000);
	AppliedProfile a;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Diag d = { 0 };

		assert_int_equal(applied_profile_read(span_of(cases[i]), &a, &d), -EBADMSG);
		assert_true(d.text[0]);
	}
	memset(deep, '[', 4000);
	assert_int_equal(applied_profile_read(span_make(deep, 4000), &a, NULL), -EBADMSG);
}

UNIT_MAIN(cmocka_unit_test(test_stage_and_visibility),
	  cmocka_unit_test(test_the_hash_is_of_the_meaning),
	  cmocka_unit_test(test_what_is_no_filter_is_refused))
