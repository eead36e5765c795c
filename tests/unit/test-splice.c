/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/splice.c: what is new looks like its neighbours, and no other byte changes. */
#include "profile/splice.h"
#include "tests/unit/unit.h"

typedef enum Change { APPEND, REMOVE_FIRST, REMOVE_LAST, REPLACE_FIRST, AFTER_FIRST } Change;

static void apply(const Scan *s, Change change, Span item, Buffer *out)
{
	const ScanNode *root = &s->nodes[0], *first = NULL, *last = NULL;

	SCAN_EACH(s, root, child)
	{
		first = first ?: child;
		last = child;
	}
	switch (change) {
	case APPEND:
		splice_append(s, root, item, out);
		break;
	case REMOVE_FIRST:
		splice_remove(s, root, first, out);
		break;
	case REMOVE_LAST:
		splice_remove(s, root, last, out);
		break;
	case REPLACE_FIRST:
		splice_replace(s, first, item, out);
		break;
	case AFTER_FIRST:
		splice_insert_after(s, root, first, item, out);
		break;
	}
}

static void test_each_change_in_each_style(void **state)
{
	static const struct {
		Change change;
		const char *before, *after;
	} cases[] = {
		{ APPEND, "[1, 2]", "[1, 2, 9]" },
		{ APPEND, "[1,2]", "[1,2,9]" },
		{ APPEND, "[1]", "[1, 9]" },
		{ APPEND, "[]", "[9]" },
		{ APPEND, "[\n]", "[\n\t9\n]" },
		{ APPEND, "[\n  1\n]", "[\n  1,\n  9\n]" },
		{ APPEND, "[\r\n  1,\r\n  2\r\n]\r\n", "[\r\n  1,\r\n  2,\r\n  9\r\n]\r\n" },
		{ APPEND, "[\n  1,\n\n  2\n]", "[\n  1,\n\n  2,\n  9\n]" },
		{ APPEND, "[\n  1\n , 2\n]", "[\n  1\n , 2\n , 9\n]" },
		{ REMOVE_FIRST, "[1, 2, 3]", "[2, 3]" },
		{ REMOVE_FIRST, "[\n  1,\n  2\n]", "[\n  2\n]" },
		{ REMOVE_FIRST, "[\n  1\n]", "[]" },
		{ REMOVE_FIRST, "{\"a\": 1, \"b\": 2}", "{\"b\": 2}" },
		{ REMOVE_LAST, "[1, 2, 3]", "[1, 2]" },
		{ REMOVE_LAST, "{\n  \"a\": 1,\n  \"b\": {\"c\": 3}\n}", "{\n  \"a\": 1\n}" },
		{ REPLACE_FIRST, "{\"a\" : [1, 2] , \"b\": 2}", "{\"a\" : 9 , \"b\": 2}" },
		{ AFTER_FIRST, "[1, 2]", "[1, 9, 2]" },
		{ AFTER_FIRST, "[\n\t1,\n\t2\n]", "[\n\t1,\n\t9,\n\t2\n]" },
		{ AFTER_FIRST, "[1]", "[1, 9]" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		_cleanup_scan_ Scan s = { 0 };

		assert_int_equal(scan_read(span_of(cases[i].before), &s, NULL), 0);
		apply(&s, cases[i].change, SPAN_LIT("9"), &out);
		assert_int_equal(buffer_error(&out), 0);
		assert_string_equal(out.p, cases[i].after);
	}
}

static void test_the_style_of_the_last_item(void **state)
{
	static const char text[] = "{\n  \"list\": [\n    {\n      \"names\": [\"a\"],\n      "
				   "\"x\" : 1\n    }\n  ]\n}\n";
	_cleanup_scan_ Scan s = { 0 };
	SpliceStyle style;

	(void)state;
	assert_int_equal(scan_read(span_of(text), &s, NULL), 0);
	style = splice_style(&s, scan_member(&s, &s.nodes[0], "list"));
	assert_true(style.lines && !style.name_lines);
	assert_string_equal(style.line_end, "\n");
	assert_true(span_is(style.base, "    "));
	assert_true(span_is(style.unit, "  "));
	assert_true(span_is(style.colon, ": "));
}

UNIT_MAIN(cmocka_unit_test(test_each_change_in_each_style),
	  cmocka_unit_test(test_the_style_of_the_last_item))
