/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/table: columns line up for people, whatever is in the cells. */
#include <errno.h>
#include <string.h>

#include "ctl/table.h"
#include "tests/unit/unit.h"

static const TableColumn columns[] = { { "NAME", false }, { "COUNT", true }, { "NOTE", false } };

static char *printed(const Table *t, bool color)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	assert_int_equal(table_print(t, f, color), 0);
	fclose(f);
	return text;
}

static void row(Table *t, const char *name, unsigned count, const char *note, TableTone tone)
{
	table_cell(t, span_of(name), TONE_PLAIN);
	table_cellf(t, TONE_PLAIN, "%u", count);
	table_cell(t, span_of(note), tone);
}

static void test_columns_align_by_characters(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *text = NULL;

	(void)state;
	row(t, "gr\xc3\xbc\xc3\x9f", 7, "umlaut", TONE_PLAIN);
	row(t, "a long name", 123456, "x", TONE_PLAIN);
	text = printed(t, false);
	assert_string_equal(text, "NAME          COUNT  NOTE\n"
				  "gr\xc3\xbc\xc3\x9f              7  umlaut\n"
				  "a long name  123456  x\n");
}

static void test_no_line_ends_in_blanks(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *text = NULL;

	(void)state;
	row(t, "a", 1, "a note", TONE_PLAIN);
	row(t, "b", 2, "", TONE_PLAIN);
	text = printed(t, false);
	assert_null(strstr(text, " \n"));
	assert_non_null(strstr(text, "b         2\n"));
}

static void test_a_hostile_cell_stays_in_its_cell(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *text = NULL;

	(void)state;
	row(t, "a\nb\x1b[31m\xff", 1, "n", TONE_PLAIN);
	text = printed(t, false);
	assert_string_equal(text, "NAME                COUNT  NOTE\n"
				  "a\\x0Ab\\x1B[31m\\xFF      1  n\n");
}

static void test_color_only_when_asked_and_does_not_shift(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *plain = NULL, *colored = NULL;

	(void)state;
	row(t, "a", 1, "bad", TONE_BAD);
	row(t, "b", 1, "fine", TONE_PLAIN);
	plain = printed(t, false);
	colored = printed(t, true);
	assert_null(strchr(plain, '\x1b'));
	assert_non_null(strstr(colored, "a         1  \x1b[31mbad\x1b[0m\n"));
	assert_non_null(strstr(colored, "b         1  fine\n"));
}

/* What standard output gets. */
static char *fitted(const Table *t, size_t columns_of_terminal)
{
	FILE *real = stdout;
	char *text = NULL;
	size_t n = 0;
	int r;

	stdout = open_memstream(&text, &n);
	table_fit(columns_of_terminal);
	r = table_print(t, stdout, false);
	table_fit(0);
	fclose(stdout);
	stdout = real;
	assert_int_equal(r, 0);
	return text;
}

static void test_the_widest_text_gives_way(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *text = NULL, *whole = NULL, *exact = NULL;

	(void)state;
	row(t, "docker:web", 1234567890, "a note of some length", TONE_PLAIN);
	row(t, "b", 2, "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", TONE_PLAIN);
	text = fitted(t, 32);
	assert_string_equal(text, "NAME            COUNT  NOTE\n"
				  "docker:w\xe2\x80\xa6  1234567890  a note o\xe2\x80\xa6\n"
				  "b                   2  "
				  "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe2\x80\xa6\n");
	exact = fitted(t, 45);
	whole = printed(t, false);
	assert_string_equal(exact, whole);
}

static void test_without_room_a_row_is_a_list(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *text = NULL, *one = NULL;

	(void)state;
	row(t, "docker:web", 1234567890, "a note of some length", TONE_PLAIN);
	row(t, "b", 2, "", TONE_PLAIN);
	text = fitted(t, 20);
	assert_string_equal(text, "NAME: docker:web\n"
				  "COUNT: 1234567890\n"
				  "NOTE:\n  a note of some len\n  gth\n"
				  "\n"
				  "NAME: b\n"
				  "COUNT: 2\n");
	one = fitted(t, 1);
	assert_non_null(strstr(one, "NOTE:\n  a \n  no\n"));
}

static void test_only_the_terminal_has_an_end(void **state)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	_cleanup_free_ char *text = NULL;

	(void)state;
	row(t, "docker:web", 1, "a note of some length", TONE_PLAIN);
	table_fit(10);
	text = printed(t, false);
	table_fit(0);
	assert_non_null(strstr(text, "docker:web      1  a note of some length\n"));
}

static void test_a_missing_table_is_an_error(void **state)
{
	(void)state;
	table_cell(NULL, SPAN_LIT("x"), TONE_PLAIN);
	assert_int_equal(table_print(NULL, stdout, false), -ENOMEM);
}

UNIT_MAIN(cmocka_unit_test(test_columns_align_by_characters),
	  cmocka_unit_test(test_no_line_ends_in_blanks),
	  cmocka_unit_test(test_a_hostile_cell_stays_in_its_cell),
	  cmocka_unit_test(test_color_only_when_asked_and_does_not_shift),
	  cmocka_unit_test(test_the_widest_text_gives_way),
	  cmocka_unit_test(test_without_room_a_row_is_a_list),
	  cmocka_unit_test(test_only_the_terminal_has_an_end),
	  cmocka_unit_test(test_a_missing_table_is_an_error))
