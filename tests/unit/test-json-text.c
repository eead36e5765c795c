/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/json-text.c: one form for each value, in ASCII. */
#include "profile/json-text.h"
#include "tests/unit/unit.h"

static void is(const char *json, const char *wanted)
{
	_cleanup_scan_ Scan s = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	assert_int_equal(scan_read(span_of(json), &s, NULL), 0);
	json_text_value(&s, &s.nodes[0], &b);
	assert_string_equal(b.p, wanted);
}

static void test_blanks_go_and_all_else_stays(void **state)
{
	(void)state;
	is(" {\r\n\t\"b\" : [ 1.50 , -0, 1E5,18446744073709551615 ],\n\"a\": {} , \"c\":[ ]\n}\n",
	   "{\"b\":[1.50,-0,1E5,18446744073709551615],\"a\":{},\"c\":[]}");
	is("[true ,false, null]", "[true,false,null]");
}

static void test_a_string_has_one_form(void **state)
{
	(void)state;
	is("[\"\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\"]",
	   "[\"A/\\u0008\\u000c\\u000a\\u000d\\u0009\\\"\\\\\"]");
	is("[\"\xc3\xa4\xe2\x80\xae\xf0\x9f\x98\x80\x7f\"]",
	   "[\"\\u00e4\\u202e\\ud83d\\ude00\\u007f\"]");
	is("[\"\\u00E4\\uD83D\\uDE00\\u0000\"]", "[\"\\u00e4\\ud83d\\ude00\\u0000\"]");
}

static void test_a_step_of_a_pointer_escapes_twice(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	json_text_string(SPAN_LIT("a/b~c\\u002f\\/\\u007e\\\"\xc3\xa4"), true, &b);
	assert_string_equal(b.p, "a~1b~0c~1~1~0\\\"\\u00e4");
}

UNIT_MAIN(cmocka_unit_test(test_blanks_go_and_all_else_stays),
	  cmocka_unit_test(test_a_string_has_one_form),
	  cmocka_unit_test(test_a_step_of_a_pointer_escapes_twice))
