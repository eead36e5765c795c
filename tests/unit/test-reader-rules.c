/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/reader-rules.c: names, arguments, notifications. */
#include <errno.h>

#include "tests/unit/profile-help.h"

static int read_rule(const char *rule, Dialect dialect, Profile **ret, Diag *d)
{
	char text[1024];

	snprintf(text, sizeof(text), "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[\n%s]}",
		 rule);
	return profile_read(span_of(text), dialect, &help_x86_64, ret, d);
}

static void test_the_old_form_depends_on_the_dialect(void **state)
{
	static const char rule[] = "{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":[]}";
	_cleanup_(profile_freep) Profile *p = NULL;
	Profile *none = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(read_rule(rule, DIALECT_DOCKER, &p, NULL), 0);
	assert_true(p->rules[0].old_form);
	assert_string_equal(p->rules[0].names[0].text, "read");
	assert_int_equal(p->rules[0].list.end, 0);
	assert_int_equal(read_rule(rule, DIALECT_OCI, &none, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "\"name\""));
	assert_int_equal(d.line, 2);
}

static void test_rules_that_are_wrong_are_named(void **state)
{
	static const struct {
		const char *rule, *part;
	} cases[] = {
		{ "7", "an object" },
		{ "{\"action\":\"SCMP_ACT_ALLOW\"}", "no \"names\"" },
		{ "{\"names\":[\"\"],\"action\":\"SCMP_ACT_ALLOW\"}", "empty name" },
		{ "{\"names\":[7],\"action\":\"SCMP_ACT_ALLOW\"}", "a string" },
		{ "{\"names\":[\"a\\u0000b\"],\"action\":\"SCMP_ACT_ALLOW\"}", "NUL" },
		{ "{\"names\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}", "an array" },
		{ "{\"names\":[\"read\"],\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\"}",
		  "both" },
		{ "{\"names\":[\"read\"]}", "no \"action\"" },
		{ "{\"names\":[\"read\"],\"Action\":\"SCMP_ACT_ALLOW\"}", "must be written" },
		{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":6,"
		  "\"op\":\"SCMP_CMP_EQ\"}]}",
		  "0 to 5" },
		{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0}]}",
		  "no \"op\"" },
		{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
		  "\"Value\":1,\"op\":\"SCMP_CMP_EQ\"}]}",
		  "must be written" },
		{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_NOTIFY\"}", "listenerPath" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Profile *p = NULL;
		Diag d = { 0 };

		assert_int_equal(read_rule(cases[i].rule, DIALECT_DOCKER, &p, &d), -EBADMSG);
		if (!strstr(d.text, cases[i].part) || d.line != 2)
			fail_msg("%s: %u %s", cases[i].rule, d.line, d.text);
	}
}

#define NOTIFY                                                             \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"listenerPath\":\"/run/x\"," \
	"\"syscalls\":[{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}"

static void test_notify_never_takes_write(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	Profile *none = NULL;
	char one[256];

	(void)state;
	snprintf(one, sizeof(one), NOTIFY, "mount");
	p = help_read(one, DIALECT_OCI);
	assert_int_equal(p->rules[0].action, ACTION_USER_NOTIF);
	snprintf(one, sizeof(one), NOTIFY, "write");
	assert_int_equal(profile_read(span_of(one), DIALECT_OCI, &help_x86_64, &none, NULL),
			 -EBADMSG);
}

static void test_conditions_are_kept_as_written(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	const ProfileArg *a;

	(void)state;
	assert_int_equal(read_rule("{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
				   "{\"index\":0,\"value\":2114060288,\"valueTwo\":5,"
				   "\"op\":\"SCMP_CMP_MASKED_EQ\"}]}",
				   DIALECT_OCI, &p, NULL),
			 0);
	a = p->rules[0].args;
	assert_int_equal(a->op, PROFILE_OP_MASKED_EQ);
	assert_int_equal(a->value, 2114060288);
	assert_int_equal(a->value_two, 5);
}

UNIT_MAIN(cmocka_unit_test(test_the_old_form_depends_on_the_dialect),
	  cmocka_unit_test(test_rules_that_are_wrong_are_named),
	  cmocka_unit_test(test_notify_never_takes_write),
	  cmocka_unit_test(test_conditions_are_kept_as_written))
