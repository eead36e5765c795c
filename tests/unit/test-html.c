/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/html: what a stranger wrote stays text, whatever it is. */
#include <string.h>

#include "ctl/html.h"
#include "tests/unit/unit.h"

static char *text_of(Span s)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	html_text(&b, s);
	assert_int_equal(buffer_error(&b), 0);
	return b.n > 0 ? buffer_steal(&b) : strdup("");
}

static void assert_text(const char *s, const char *wanted)
{
	_cleanup_free_ char *got = text_of(span_of(s));

	assert_string_equal(got, wanted);
}

static void test_markup_becomes_references(void **state)
{
	(void)state;
	assert_text("<script>alert(\"a\" & 'b')</script>",
		    "&lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;");
	assert_text("&lt;", "&amp;lt;");
	assert_text("", "");
	assert_text("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
}

static void test_what_harms_a_terminal_or_turns_text_is_shown(void **state)
{
	(void)state;
	assert_text("\x1b[31m", "\\x1B[31m");
	assert_text("a\nb", "a\\x0Ab");
	assert_text("\xe2\x80\xaegpj", "\\xE2\\x80\\xAEgpj");
	assert_text("\xff<", "\\xFF&lt;");
}

static void assert_sentence(const char *s, const char *wanted)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	html_sentence(&b, s);
	assert_int_equal(buffer_error(&b), 0);
	assert_string_equal(b.n > 0 ? b.p : "", wanted);
}

static void test_moments_in_a_sentence_lose_their_fractions(void **state)
{
	/* Whoever reads beyond the end meets another moment there. */
	static const char stale[] = "since 2026-11-22T20:31:05.123456Z\0"
				    " T20:31:05.654321Z <b>stale";

	(void)state;
	assert_sentence(stale, "since 2026-11-22T20:31:05Z");
	assert_sentence("", "");
	assert_sentence("from 2026-11-22T20:31:05.1Z to 2026-11-22T20:31:06.2Z, or 1.5 days",
			"from 2026-11-22T20:31:05Z to 2026-11-22T20:31:06Z, or 1.5 days");
	assert_sentence("2026-11-22T20:31:05.123456Z2026-11-22T20:31:05.123456Z<",
			"2026-11-22T20:31:05Z2026-11-22T20:31:05Z&lt;");
	assert_sentence("05.123456Z", "05.123456Z");
}

/* No byte of any value may come out as markup, nor may any pair. */
static void test_no_pair_of_bytes_leaves_text(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 0x10000; i++) {
		const char pair[2] = { (char)(i >> 8), (char)i };
		_cleanup_free_ char *got = text_of(span_make(pair, 2));

		assert_int_equal(strcspn(got, "<>\"'"), strlen(got));
		for (const char *p = got; *p; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
	}
}

static void test_a_name_is_isolated_and_cut_with_a_hash(void **state)
{
	_cleanup_buffer_ Buffer a = BUFFER_NULL, b = BUFFER_NULL, c = BUFFER_NULL;
	char name[4096];

	(void)state;
	html_name(&a, SPAN_LIT("web<"));
	assert_string_equal(a.p, "<bdi>web&lt;</bdi>");
	memset(name, 'a', sizeof(name));
	html_name(&b, span_make(name, sizeof(name)));
	name[4095] = 'b';
	html_name(&c, span_make(name, sizeof(name)));
	assert_true(b.n < 256);
	assert_string_not_equal(b.p, c.p);
}

static void test_no_name_is_a_dash(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	html_name(&b, SPAN_LIT(""));
	assert_string_equal(b.p, "-");
}

static void test_a_shell_word_is_quoted_and_escaped(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	html_shell_word(&b, SPAN_LIT("a<b'c"));
	assert_string_equal(b.p, "&#39;a&lt;b&#39;\\&#39;&#39;c&#39;");
}

static void test_counts_are_grouped(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} cases[] = { { 0, "0" },
		      { 999, "999" },
		      { 1000, "1,000" },
		      { 1234567, "1,234,567" },
		      { UINT64_MAX, "18,446,744,073,709,551,615" } };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		html_count(&b, cases[i].n);
		assert_string_equal(b.p, cases[i].text);
	}
}

static void test_a_time_is_exact_for_programs(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL, none = BUFFER_NULL;

	(void)state;
	html_time(&b, 1700000000 * USEC_PER_SEC + 5);
	assert_string_equal(b.p, "<time datetime=\"2023-11-14T22:13:20.000005Z\">2023-11-14 "
				 "22:13:20</time>");
	html_time(&none, 0);
	assert_string_equal(none.p, "-");
}

static void test_a_sentence_has_whole_seconds(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "until 2026-11-22T20:54:19.633052Z, <then>",
		  "until 2026-11-22T20:54:19Z, &lt;then&gt;" },
		{ "libseccomp 2.5.4Z", "libseccomp 2.5.4Z" },
		{ ".5Z", ".5Z" },
		{ "2026-11-22T20:54:19.", "2026-11-22T20:54:19." },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		html_sentence(&b, cases[i].in);
		assert_string_equal(b.p, cases[i].out);
	}
}

UNIT_MAIN(cmocka_unit_test(test_markup_becomes_references),
	  cmocka_unit_test(test_what_harms_a_terminal_or_turns_text_is_shown),
	  cmocka_unit_test(test_moments_in_a_sentence_lose_their_fractions),
	  cmocka_unit_test(test_no_pair_of_bytes_leaves_text),
	  cmocka_unit_test(test_a_name_is_isolated_and_cut_with_a_hash),
	  cmocka_unit_test(test_no_name_is_a_dash),
	  cmocka_unit_test(test_a_shell_word_is_quoted_and_escaped),
	  cmocka_unit_test(test_counts_are_grouped),
	  cmocka_unit_test(test_a_time_is_exact_for_programs),
	  cmocka_unit_test(test_a_sentence_has_whole_seconds))
