/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/scan-string.c: a token's value. */
#include <errno.h>

#include "profile/scan.h"
#include "tests/unit/unit.h"

static int value_of(const char *json, char **ret)
{
	_cleanup_scan_ Scan s = { 0 };

	assert_int_equal(scan_read(span_of(json), &s, NULL), 0);
	return scan_string(&s, &s.nodes[0], ret);
}

static void test_escapes_are_resolved(void **state)
{
	static const struct {
		const char *json, *value;
	} cases[] = {
		{ "\"read\"", "read" },
		{ "\"\"", "" },
		{ "\"re\\u0061d\"", "read" },
		{ "\"a\\\\b\\\"\\/\\n\"", "a\\b\"/\n" },
		{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_free_ char *value = NULL;

		assert_int_equal(value_of(cases[i].json, &value), 0);
		assert_string_equal(value, cases[i].value);
	}
}

static void test_a_nul_or_another_kind_is_refused(void **state)
{
	char *value = NULL;

	(void)state;
	assert_int_equal(value_of("\"a\\u0000b\"", &value), -EINVAL);
	assert_int_equal(value_of("12", &value), -EINVAL);
	assert_null(value);
}

UNIT_MAIN(cmocka_unit_test(test_escapes_are_resolved),
	  cmocka_unit_test(test_a_nul_or_another_kind_is_refused))
