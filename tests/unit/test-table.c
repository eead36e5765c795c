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
	  cmocka_unit_test(test_a_missing_table_is_an_error))
