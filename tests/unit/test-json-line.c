/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/json-line: what other programs read from the client. */
#include <errno.h>

#include "profile/json-line.h"
#include "tests/unit/unit.h"

static char *written(const JsonLine *j)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	assert_int_equal(json_line_write(j, f), 0);
	fclose(f);
	return text;
}

#define assert_line(j, expected)                           \
	do {                                               \
		_cleanup_free_ char *text_ = written(j);   \
		assert_string_equal(text_, expected "\n"); \
	} while (0)

static void test_keys_keep_their_order(void **state)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	(void)state;
	json_line_str(j, "z", "a/b");
	json_line_int(j, "a", INT64_MIN);
	json_line_uint(j, "m", UINT64_MAX);
	json_line_bool(j, "b", true);
	json_line_null(j, "n");
	json_line_str(j, "s", NULL);
	assert_line(j, "{\"z\":\"a/b\",\"a\":-9223372036854775808,\"m\":18446744073709551615,"
		       "\"b\":true,\"n\":null,\"s\":null}");
}

static void test_hostile_text_stays_one_harmless_line(void **state)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	(void)state;
	json_line_text(j, "t", SPAN_LIT("a\n\x1b[31m\xff\"\0\\"));
	json_line_text(j, "empty", SPAN_LIT(""));
	json_line_text(j, "none", SPAN_NULL);
	json_line_str(j, "utf8", "gr\xc3\xbc\xc3\x9f");
	assert_line(j, "{\"t\":\"a\\\\x0A\\\\x1B[31m\\\\xFF\\\"\\\\x00\\\\x5C\",\"empty\":\"\","
		       "\"none\":null,\"utf8\":\"gr\xc3\xbc\xc3\x9f\"}");
}

static void test_times_are_rfc3339_and_zero_is_unknown(void **state)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	(void)state;
	json_line_time(j, "t", 1700000000123456ULL);
	json_line_time(j, "u", 0);
	assert_line(j, "{\"t\":\"2023-11-14T22:13:20.123456Z\",\"u\":null}");
}

static void test_objects_and_arrays_nest(void **state)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	JsonLine *a, *o;

	(void)state;
	a = json_line_array(j, "a");
	o = json_line_object(a, NULL);
	json_line_int(o, "pid", 1);
	json_line_str(a, "ignored", "x");
	json_line_null(a, NULL);
	o = json_line_object(j, "o");
	json_line_array(o, "e");
	json_line_bool(j, "last", false);
	assert_line(j, "{\"a\":[{\"pid\":1},\"x\",null],\"o\":{\"e\":[]},\"last\":false}");
}

static void test_a_missing_object_is_reported_not_followed(void **state)
{
	(void)state;
	json_line_str(NULL, "k", "v");
	json_line_time(NULL, "k", 1);
	assert_null(json_line_array(NULL, "k"));
	assert_int_equal(json_line_write(NULL, stdout), -ENOMEM);
}

static void test_a_full_disk_is_an_error(void **state)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	_cleanup_fclose_ FILE *f = fopen("/dev/full", "we");

	(void)state;
	if (!f)
		skip();
	setvbuf(f, NULL, _IONBF, 0);
	json_line_int(j, "n", 1);
	assert_int_equal(json_line_write(j, f), -EIO);
}

UNIT_MAIN(cmocka_unit_test(test_keys_keep_their_order),
	  cmocka_unit_test(test_hostile_text_stays_one_harmless_line),
	  cmocka_unit_test(test_times_are_rfc3339_and_zero_is_unknown),
	  cmocka_unit_test(test_objects_and_arrays_nest),
	  cmocka_unit_test(test_a_missing_object_is_reported_not_followed),
	  cmocka_unit_test(test_a_full_disk_is_an_error))
