/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-entry.h"
#include "tests/unit/unit.h"

static JournalEntry parse(const char *text)
{
	static char scratch[4096];
	/* A copy of its own size: a read behind its end is seen. */
	_cleanup_free_ char *copy = span_dup(span_of(text));
	JournalEntry e;

	assert_non_null(copy);
	journal_json_parse(span_make(copy, strlen(text)), scratch, &e);
	return e;
}

static void test_the_fields_are_found_among_others(void **state)
{
	JournalEntry e = parse(
		"{\"__CURSOR\":\"s=1;i=\\\"2\",\"_AUDIT_TYPE\":\"1326\",\"X\":[[1],{\"MESSAGE\":"
		"\"no\"}],\"_AUDIT_ID\" : \"7\", \"MESSAGE\":\"a\\u00e9\\n\\ud83d\\ude00"
		"\\\\\\\"\",\"Y\":null,\"_TRANSPORT\":\"audit\",\"Z\":-1.5e3,\"E\":[],\"O\":{}}");

	(void)state;
	assert_null(e.damage);
	assert_true(span_is(e.fields[JOURNAL_MESSAGE], "a\xc3\xa9\n\xf0\x9f\x98\x80\\\""));
	assert_true(span_is(e.fields[JOURNAL_AUDIT_TYPE], "1326"));
	assert_true(span_is(e.fields[JOURNAL_AUDIT_ID], "7"));
	assert_true(span_is(e.fields[JOURNAL_TRANSPORT], "audit"));
	assert_null(e.fields[JOURNAL_SOURCE_TIME].p);
}

static void test_bytes_are_a_text_and_several_values_are_none(void **state)
{
	JournalEntry e = parse("{\"MESSAGE\":[83, 255,0],\"_AUDIT_ID\":\"1\"}");

	(void)state;
	assert_null(e.damage);
	assert_int_equal(e.fields[JOURNAL_MESSAGE].n, 3);
	assert_memory_equal(e.fields[JOURNAL_MESSAGE].p, "S\xff", 3);
	e = parse("{\"MESSAGE\":[\"a\",\"b\"],\"_AUDIT_ID\":\"1\"}");
	assert_null(e.damage);
	assert_null(e.fields[JOURNAL_MESSAGE].p);
	assert_true(span_is(e.fields[JOURNAL_AUDIT_ID], "1"));
	e = parse("{\"MESSAGE\":null}");
	assert_non_null(strstr(e.left_out, "--all"));
}

static void test_damage_is_told(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"{}x",
		"[]",
		"{\"MESSAGE\"}",
		"{\"MESSAGE\":}",
		"{\"MESSAGE\":\"a}",
		"{\"MESSAGE\":\"a\"",
		"{\"MESSAGE\":\"\\x41\"}",
		"{\"MESSAGE\":\"\\u12\"}",
		"{\"MESSAGE\":\"\\ud800\"}",
		"{\"MESSAGE\":\"\\udc00\"}",
		"{\"MESSAGE\":\"\\ud800\\u0041\"}",
		"{\"MESSAGE\":\"a\tb\"}",
		"{\"MESSAGE\":[256]}",
		"{\"MESSAGE\":[1,]}",
		"{\"MESSAGE\":[1,\"a\"]}",
		"{\"MESSAGE\":[1",
		"{\"MESSAGE\":\"a\",\"MESSAGE\":\"b\"}",
		"{\"a\":1,}",
		"{\"a\":{\"b\":[[[[[[[[[[1]]]]]]]]]]}}",
		"{a:1}",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		if (!parse(texts[i]).damage)
			fail_msg("%s", texts[i]);
	assert_null(parse("{}").damage);
}

static void test_only_the_journal_s_objects_are_taken(void **state)
{
	(void)state;
	assert_true(journal_is_json(SPAN_LIT("{\"__CURSOR\":\"x\"}")));
	assert_true(journal_is_json(SPAN_LIT("{ \"MESSAGE\":\"x\", \"__CURSOR\" : \"x\"}")));
	assert_false(journal_is_json(SPAN_LIT("{\"log\":\"type=SECCOMP\"}")));
	assert_false(journal_is_json(SPAN_LIT("x {\"__CURSOR\":\"x\"}")));
}

UNIT_MAIN(cmocka_unit_test(test_the_fields_are_found_among_others),
	  cmocka_unit_test(test_bytes_are_a_text_and_several_values_are_none),
	  cmocka_unit_test(test_damage_is_told),
	  cmocka_unit_test(test_only_the_journal_s_objects_are_taken))
