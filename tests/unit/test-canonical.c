/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/canonical.c: what a runtime keeps, as a file that says the same. */
#include <errno.h>

#include "profile/canonical.h"
#include "profile/stage.h"
#include "tests/unit/profile-help.h"

static void test_keys_in_their_order_and_rules_in_theirs(void **state)
{
	static const char text[] =
		"{\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"write\",\"read\"],"
		"\"args\":[]},{\"names\":[\"a/b\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}],"
		"\"zz\":null,\"defaultAction\":\"SCMP_ACT_LOG\"}";
	static const char wanted[] = "{\n"
				     "\t\"defaultAction\": \"SCMP_ACT_LOG\",\n"
				     "\t\"syscalls\": [\n"
				     "\t\t{\n"
				     "\t\t\t\"names\": [\n"
				     "\t\t\t\t\"write\",\n"
				     "\t\t\t\t\"read\"\n"
				     "\t\t\t],\n"
				     "\t\t\t\"action\": \"SCMP_ACT_ALLOW\",\n"
				     "\t\t\t\"args\": []\n"
				     "\t\t},\n"
				     "\t\t{\n"
				     "\t\t\t\"names\": [\n"
				     "\t\t\t\t\"a/b\"\n"
				     "\t\t\t],\n"
				     "\t\t\t\"action\": \"SCMP_ACT_ERRNO\",\n"
				     "\t\t\t\"errnoRet\": 38\n"
				     "\t\t}\n"
				     "\t],\n"
				     "\t\"zz\": null\n"
				     "}\n";
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_buffer_ Buffer again = BUFFER_NULL;

	(void)state;
	assert_int_equal(canonical_profile(span_of(text), &b, NULL), 0);
	assert_string_equal(b.p, wanted);
	assert_int_equal(canonical_profile(buffer_span(&b), &again, NULL), 0);
	assert_string_equal(again.p, wanted);
}

/* As the hash of the applied filter says it, which is over its normal form. */
static void check_sample(const char *name, Span text)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	AppliedProfile before, after;

	if (applied_profile_read(text, &before, NULL) < 0)
		return;
	assert_int_equal(canonical_profile(text, &b, NULL), 0);
	assert_int_equal(applied_profile_read(buffer_span(&b), &after, NULL), 0);
	if (strcmp(before.hash, after.hash) != 0)
		fail_msg("%s says something else", name);
}

static void test_samples_say_the_same(void **state)
{
	(void)state;
	if (help_each_sample("", check_sample) == 0)
		skip();
}

static void test_what_is_no_object_is_told(void **state)
{
	static const char *const texts[] = { "", "[]", "{\"a\":", "null" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Diag d = { 0 };

		assert_int_equal(canonical_profile(span_of(texts[i]), &b, &d), -EBADMSG);
		assert_true(d.text[0]);
	}
}

UNIT_MAIN(cmocka_unit_test(test_keys_in_their_order_and_rules_in_theirs),
	  cmocka_unit_test(test_samples_say_the_same),
	  cmocka_unit_test(test_what_is_no_object_is_told))
