/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/scan.c: what it takes is JSON, what it refuses it names with its place. */
#include <errno.h>

#include "profile/scan.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

static void test_offsets_are_those_of_the_text(void **state)
{
	const char *text = "{\r\n \"a\" : [ \"x\\n\", 12 ] , \"b\":null}\r\n";
	_cleanup_scan_ Scan s = { 0 };
	const ScanNode *a, *b;
	uint64_t u;

	(void)state;
	assert_int_equal(scan_read(span_of(text), &s, NULL), 0);
	a = scan_member(&s, s.nodes, "a");
	assert_non_null(a);
	assert_int_equal(a->kind, SCAN_ARRAY);
	assert_int_equal(a->n_items, 2);
	assert_memory_equal(text + a->begin, "[ \"x\\n\", 12 ]", a->end - a->begin);
	assert_memory_equal(text + a->key_begin, "\"a\"", a->key_end - a->key_begin);
	b = &s.nodes[s.nodes[a->first].next];
	assert_int_equal(scan_u64(&s, b, &u), 0);
	assert_int_equal(u, 12);
	assert_int_equal(scan_member(&s, s.nodes, "b")->kind, SCAN_NULL);
	assert_null(scan_member(&s, s.nodes, "A"));
}

static void test_what_is_no_json_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *part;
		unsigned line, column;
	} cases[] = {
		{ "", "empty", 1, 1 },
		{ " \n", "empty", 2, 1 },
		{ "\xef\xbb\xbf{}", "byte order mark", 1, 1 },
		{ "// c\n{}", "comments", 1, 1 },
		{ "{\n \"a\": 1, # c\n}", "comments", 2, 10 },
		{ "{\"a\": 1,}", "comma", 1, 9 },
		{ "[1,\n]", "comma", 2, 1 },
		{ "{'a': 1}", "double quotes", 1, 2 },
		{ "[NaN]", "NaN", 1, 2 },
		{ "[Infinity]", "Infinity", 1, 2 },
		{ "[-Infinity]", "Infinity", 1, 3 },
		{ "{\"a\":1,\n\"a\":2}", "twice", 2, 1 },
		{ "[01]", "begin with 0", 1, 2 },
		{ "[-]", "digit", 1, 3 },
		{ "[1.]", "digit", 1, 4 },
		{ "[1e999]", "range", 1, 2 },
		{ "[18446744073709551616]", "64 bits", 1, 2 },
		{ "[-9223372036854775809]", "64 bits", 1, 2 },
		{ "[\"\xff\"]", "UTF-8", 1, 3 },
		{ "[\"\xc0\xaf\"]", "UTF-8", 1, 3 },
		{ "[\"a\tb\"]", "control character", 1, 4 },
		{ "[\"a\nb\"]", "control character", 1, 4 },
		{ "[\"\\x\"]", "escape", 1, 4 },
		{ "[\"\\ud800\"]", "surrogate", 1, 3 },
		{ "[\"\\u12g4\"]", "hexadecimal", 1, 5 },
		{ "{\"a\\u0062\":1}", "without escapes", 1, 2 },
		{ "[\"abc", "no end", 1, 2 },
		{ "[1", "cut off", 1, 3 },
		{ "{} {}", "behind the end", 1, 4 },
		{ "[tru]", "expected", 1, 2 },
		{ "[1 2]", "comma or ']'", 1, 4 },
		{ "{\"a\" 1}", "colon", 1, 6 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_scan_ Scan s = { 0 };
		Diag d = { 0 };

		assert_int_equal(scan_read(span_of(cases[i].text), &s, &d), -EBADMSG);
		if (!strstr(d.text, cases[i].part) || d.line != cases[i].line ||
		    d.column != cases[i].column)
			fail_msg("%s: %u:%u %s", cases[i].text, d.line, d.column, d.text);
	}
}

static void test_a_nul_is_no_blank(void **state)
{
	_cleanup_scan_ Scan s = { 0 };

	(void)state;
	assert_int_equal(scan_read(SPAN_LIT("{}\0"), &s, NULL), -EBADMSG);
	assert_int_equal(scan_read(SPAN_LIT("\0{}"), &s, NULL), -EBADMSG);
	assert_int_equal(scan_read(SPAN_LIT("[\"a\0\"]"), &s, NULL), -EBADMSG);
}

static void test_depth_and_size_are_bounded(void **state)
{
	_cleanup_free_ char *text = malloc(SCAN_SIZE_MAX + 1);
	_cleanup_scan_ Scan s = { 0 };

	(void)state;
	assert_non_null(text);
	memset(text, '[', SCAN_SIZE_MAX + 1);
	assert_int_equal(scan_read(span_make(text, SCAN_SIZE_MAX), &s, NULL), -EBADMSG);
	assert_int_equal(scan_read(span_make(text, SCAN_SIZE_MAX + 1), &s, NULL), -EFBIG);
	memset(text + SCAN_DEPTH_MAX, ']', SCAN_DEPTH_MAX);
	assert_int_equal(scan_read(span_make(text, 2 * SCAN_DEPTH_MAX), &s, NULL), 0);
}

static void test_many_keys_take_little_time(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_scan_ Scan s = { 0 };

	(void)state;
	buffer_add_char(&b, '{');
	for (unsigned i = 0; i < 60000; i++)
		buffer_printf(&b, "%s\"k%u\":0", i ? "," : "", i);
	buffer_add_char(&b, '}');
	assert_int_equal(scan_read(buffer_span(&b), &s, NULL), 0);
	assert_int_equal(s.nodes[0].n_items, 60000);
}

static void test_numbers_are_whole_digits(void **state)
{
	_cleanup_scan_ Scan s = { 0 };
	uint64_t u = 0;

	(void)state;
	assert_int_equal(scan_read(SPAN_LIT("[18446744073709551615,1.0,1e2,-1,\"3\"]"), &s, NULL),
			 0);
	assert_int_equal(scan_u64(&s, &s.nodes[1], &u), 0);
	assert_true(u == UINT64_MAX);
	for (unsigned i = 2; i < 6; i++)
		assert_int_equal(scan_u64(&s, &s.nodes[i], &u), -EINVAL);
}

static void test_keys_that_resemble_others(void **state)
{
	(void)state;
	assert_true(scan_key_resembles(SPAN_LIT("Names"), "names"));
	assert_true(scan_key_resembles(SPAN_LIT("name\xc5\xbf"), "names"));
	assert_true(scan_key_resembles(SPAN_LIT("minKernel"), "minkernel"));
	assert_true(scan_key_resembles(SPAN_LIT("min\xe2\x84\xaa"
						"ernel"),
				       "minKernel"));
	assert_false(scan_key_resembles(SPAN_LIT("names"), "names"));
	assert_false(scan_key_resembles(SPAN_LIT("name"), "names"));
	assert_false(scan_key_resembles(SPAN_LIT("namess"), "names"));
	assert_false(scan_key_resembles(SPAN_LIT("name\xc5"), "names"));
}

UNIT_MAIN(cmocka_unit_test(test_keys_that_resemble_others),
	  cmocka_unit_test(test_offsets_are_those_of_the_text),
	  cmocka_unit_test(test_what_is_no_json_is_named_with_its_place),
	  cmocka_unit_test(test_a_nul_is_no_blank),
	  cmocka_unit_test(test_depth_and_size_are_bounded),
	  cmocka_unit_test(test_many_keys_take_little_time),
	  cmocka_unit_test(test_numbers_are_whole_digits))
