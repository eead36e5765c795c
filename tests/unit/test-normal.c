/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/normal.c: one text for one value. */
#include "profile/normal.h"
#include "tests/unit/unit.h"

static char *normal(const char *json)
{
	struct json_object *o = json_tokener_parse(json);
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	assert_int_equal(normal_write(o, &b), 0);
	json_object_put(o);
	return buffer_steal(&b);
}

static void test_blanks_and_key_order_do_not_count(void **state)
{
	_cleanup_free_ char *a =
		normal("{ \"b\": [1, {\"y\": null, \"x\": \"q\\\"\"}], \"a\": true }");
	_cleanup_free_ char *b = normal("{\"a\":true,\"b\":[1,{\"x\":\"q\\\"\",\"y\":null}]}");

	(void)state;
	assert_string_equal(a, b);
	assert_string_equal(a, "{\"a\":true,\"b\":[1,{\"x\":\"q\\\"\",\"y\":null}]}");
}

static void test_the_order_of_a_list_counts(void **state)
{
	_cleanup_free_ char *a = normal("[1,2]");
	_cleanup_free_ char *b = normal("[2,1]");

	(void)state;
	assert_string_not_equal(a, b);
}

UNIT_MAIN(cmocka_unit_test(test_blanks_and_key_order_do_not_count),
	  cmocka_unit_test(test_the_order_of_a_list_counts))
