/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/draft.c: each step finds the places that the last one left. */
#include <errno.h>

#include "suggest/draft.h"
#include "tests/unit/profile-help.h"

static const char text[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
			   "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

static void test_steps_follow_each_other(void **state)
{
	static const char *const first[] = { "bind" }, *const second[] = { "chmod" };
	const PatchRule rules[] = { { first, 1, ACTION_ERRNO, EPERM, NULL, 0 },
				    { second, 1, ACTION_ERRNO, ENOSYS, NULL, 0 } };
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	_cleanup_draft_ Draft d = { 0 };
	int r;

	(void)state;
	assert_int_equal(draft_init(&d, span_of(text), DIALECT_OCI, &help_x86_64, NULL), 0);
	assert_int_equal(draft_add_rule(&d, &rules[0]), 0);
	assert_int_equal(draft_add_rule(&d, &rules[1]), 0);
	r = patch_set_default(buffer_span(&d.text), d.profile, ACTION_ERRNO, ENOSYS, &next);
	assert_int_equal(draft_take(&d, r, &next), 0);
	assert_int_equal(next.n, 0);
	assert_int_equal(d.profile->n_rules, 3);
	assert_int_equal(d.profile->rules[2].data, ENOSYS);
	assert_int_equal(d.profile->default_data, ENOSYS);
}

static bool is_named(const ProfileRule *rule, const char *name, void *userdata)
{
	return rule->action == ACTION_ALLOW && strcmp(name, userdata) == 0;
}

static void test_names_go_where_they_were_found(void **state)
{
	static const char two[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				  "{\"names\":[\"read\",\"bind\"],\"action\":\"SCMP_ACT_ALLOW\"},"
				  "{\"names\":[\"bind\"],\"action\":\"SCMP_ACT_ERRNO\"}]}";
	char bind[] = "bind", read[] = "read", none[] = "chmod";
	_cleanup_draft_ Draft d = { 0 };

	(void)state;
	assert_int_equal(draft_init(&d, span_of(two), DIALECT_OCI, &help_x86_64, NULL), 0);
	assert_int_equal(draft_remove_names(&d, 0, is_named, none), 0);
	assert_int_equal(draft_remove_names(&d, 1, is_named, bind), 0);
	assert_string_equal(d.text.p, two);
	assert_int_equal(draft_remove_names(&d, 0, is_named, bind), 0);
	assert_int_equal(d.profile->rules[0].n_names, 1);
	assert_string_equal(d.profile->rules[0].names[0].text, "read");
	assert_int_equal(draft_remove_names(&d, 0, is_named, read), 0);
	assert_int_equal(d.profile->n_rules, 1);
	assert_int_equal(d.profile->rules[0].action, ACTION_ERRNO);
}

static void test_a_step_that_failed_changes_nothing(void **state)
{
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	_cleanup_draft_ Draft d = { 0 };

	(void)state;
	assert_int_equal(draft_init(&d, span_of(text), DIALECT_OCI, &help_x86_64, NULL), 0);
	buffer_add_str(&next, "half");
	assert_int_equal(draft_take(&d, -ENOENT, &next), -ENOENT);
	assert_string_equal(d.text.p, text);
	assert_non_null(d.profile);
}

static void test_what_is_no_profile_is_told(void **state)
{
	_cleanup_draft_ Draft d = { 0 };
	Diag diag = { 0 };

	(void)state;
	assert_int_equal(draft_init(&d, SPAN_LIT("[]"), DIALECT_OCI, &help_x86_64, &diag),
			 -EBADMSG);
	assert_true(diag.text[0]);
}

static void test_more_names_than_there_are_calls(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_draft_ Draft d = { 0 };
	Diag diag = { 0 };

	(void)state;
	buffer_add_str(&b, "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"action\":"
			   "\"SCMP_ACT_ALLOW\",\"names\":[\"read\"");
	for (unsigned i = 1; i < DRAFT_NAMES_MAX; i++)
		buffer_printf(&b, ",\"n%u\"", i);
	buffer_add_str(&b, "]}]}");
	assert_int_equal(draft_init(&d, buffer_span(&b), DIALECT_OCI, &help_x86_64, &diag), 0);
	assert_int_equal(draft_check_names(&d), 0);
	draft_done(&d);
	b.n -= strlen("]}]}");
	buffer_add_str(&b, ",\"more\"]}]}");
	assert_int_equal(draft_init(&d, buffer_span(&b), DIALECT_OCI, &help_x86_64, &diag), 0);
	assert_int_equal(draft_check_names(&d), -EBADMSG);
	assert_true(diag.text[0]);
}

UNIT_MAIN(cmocka_unit_test(test_steps_follow_each_other),
	  cmocka_unit_test(test_names_go_where_they_were_found),
	  cmocka_unit_test(test_a_step_that_failed_changes_nothing),
	  cmocka_unit_test(test_what_is_no_profile_is_told),
	  cmocka_unit_test(test_more_names_than_there_are_calls))
