/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/section-text.c: what is wrong is told with its line, and the rest holds. */
#include <errno.h>

#include "config/section-text.h"
#include "tests/unit/unit.h"

static void read_text(Span text, SectionText *t)
{
	assert_int_equal(section_text_read(text, t), 0);
}

static const char *get(const SectionText *t, const char *section, const char *key)
{
	const Section *s = section_find(t, section);

	return s ? section_get(s, key) : NULL;
}

static void test_sections_and_keys(void **state)
{
	_cleanup_section_text_ SectionText t = { 0 };

	(void)state;
	read_text(SPAN_LIT("# c\n[a]\nX=1\nY = two words \n\n[b]\nX=\"3\"\nZ=\n"), &t);
	assert_int_equal(t.n_complaints, 0);
	assert_int_equal(t.n, 2);
	assert_string_equal(get(&t, "a", "X"), "1");
	assert_string_equal(get(&t, "a", "Y"), "two words");
	assert_string_equal(get(&t, "b", "X"), "3");
	assert_string_equal(get(&t, "b", "Z"), "");
	assert_null(get(&t, "b", "Y"));
	assert_null(section_find(&t, "c"));
	assert_int_equal(section_find(&t, "b")->line, 6);
}

static void test_each_mistake_is_told_and_the_rest_holds(void **state)
{
	static const char text[] = "Early=1\n[a]\nX=1\nrubbish\nX=2\nHash=a#b\nBad=\\q\nNul=\\x00\n"
				   "Good=yes\n[a]\nLost=1\n[b]\nY=2\n";
	static const unsigned lines[] = { 1, 4, 5, 6, 7, 8, 10 };
	_cleanup_section_text_ SectionText t = { 0 };

	(void)state;
	read_text(span_of(text), &t);
	assert_int_equal(t.n_complaints, ELEMENTSOF(lines));
	for (size_t i = 0; i < ELEMENTSOF(lines); i++) {
		assert_int_equal(t.complaints[i].line, lines[i]);
		assert_true(t.complaints[i].text[0]);
	}
	assert_string_equal(get(&t, "a", "X"), "1");
	assert_string_equal(get(&t, "a", "Good"), "yes");
	assert_null(get(&t, "a", "Lost"));
	assert_string_equal(get(&t, "b", "Y"), "2");
}

static void test_keys_behind_a_broken_head_are_nobodys(void **state)
{
	static const char text[] = "[a]\nX=1\n [b\nY=2\n[c]\nZ=3\n[d\0]\nV=4\nrubbish\n[e]\nW=5\n";
	static const unsigned lines[] = { 3, 7, 9 };
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const Section *gone[1];

	(void)state;
	read_text(span_make(text, sizeof(text) - 1), &t);
	assert_int_equal(t.n_complaints, ELEMENTSOF(lines));
	for (size_t i = 0; i < ELEMENTSOF(lines); i++)
		assert_int_equal(t.complaints[i].line, lines[i]);
	assert_int_equal(t.n, 3);
	assert_null(get(&t, "a", "Y"));
	assert_null(get(&t, "c", "V"));
	assert_string_equal(get(&t, "e", "W"), "5");
	gone[0] = section_find(&t, "a");
	section_remove(SPAN_LIT("[a]\nX=1\n [b\nY=2\n"), gone, 1, &b);
	assert_string_equal(b.p, " [b\nY=2\n");
}

static void test_complaints_are_bounded(void **state)
{
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	for (unsigned i = 0; i < 600; i++)
		buffer_printf(&b, "[s%u]\n", i);
	read_text(buffer_span(&b), &t);
	assert_int_equal(t.n, SECTION_TEXT_SECTIONS_MAX);
	assert_int_equal(t.n_complaints, SECTION_COMPLAINTS_MAX);
	assert_int_equal(t.n_unsaid, 600 - SECTION_TEXT_SECTIONS_MAX - SECTION_COMPLAINTS_MAX);
}

static void test_any_value_comes_back(void **state)
{
	static const char *const values[] = {
		"plain",
		"",
		" both ends ",
		"a#b;c",
		"back\\slash",
		"line\nend\r",
		"\"in quotes\"",
		"\"",
		"\x1b[2J",
		"\xff half \xc3",
		"ümlaut \xe2\x82\xac",
		"\\x23",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(values); i++) {
		_cleanup_section_text_ SectionText t = { 0 };
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		buffer_add_str(&b, "[s]\n");
		section_write_key(&b, "K", span_of(values[i]));
		read_text(buffer_span(&b), &t);
		assert_int_equal(t.n_complaints, 0);
		assert_string_equal(get(&t, "s", "K"), values[i]);
	}
}

static void test_taking_sections_out_leaves_the_rest(void **state)
{
	static const char text[] = "# head\n[a]\nX=1\n\n# of b\n[b]\nY=2\n\n\n[c]\nZ=3\n# end\n";
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_buffer_ Buffer none = BUFFER_NULL;
	const Section *gone[2];

	(void)state;
	read_text(span_of(text), &t);
	gone[0] = section_find(&t, "a");
	gone[1] = section_find(&t, "b");
	section_remove(span_of(text), gone, 2, &b);
	assert_string_equal(b.p, "# head\n# of b\n[c]\nZ=3\n# end\n");
	section_remove(span_of(text), gone, 0, &none);
	assert_string_equal(none.p, text);
	section_remove(SPAN_NULL, gone, 0, &b); /* a file that is not there yet */
	assert_string_equal(b.p, "# head\n# of b\n[c]\nZ=3\n# end\n");
}

static void test_too_large(void **state)
{
	_cleanup_free_ char *text = calloc(1, SECTION_TEXT_MAX + 1);
	SectionText t;

	(void)state;
	assert_non_null(text);
	assert_int_equal(section_text_read(span_make(text, SECTION_TEXT_MAX + 1), &t), -EFBIG);
}

UNIT_MAIN(cmocka_unit_test(test_sections_and_keys),
	  cmocka_unit_test(test_each_mistake_is_told_and_the_rest_holds),
	  cmocka_unit_test(test_keys_behind_a_broken_head_are_nobodys),
	  cmocka_unit_test(test_complaints_are_bounded),
	  cmocka_unit_test(test_any_value_comes_back),
	  cmocka_unit_test(test_taking_sections_out_leaves_the_rest),
	  cmocka_unit_test(test_too_large))
