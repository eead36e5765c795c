/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/config-line.c: what a line is, and no more than its form. */
#include "config/config-line.h"
#include "tests/unit/unit.h"

static void check(const char *line, ConfigLineKind kind, const char *name, const char *value)
{
	Span n, v;

	assert_int_equal(config_line_parse(span_of(line), &n, &v), kind);
	assert_true(span_is(n, name));
	assert_true(span_is(v, value));
}

static void test_forms(void **state)
{
	(void)state;
	check("", CONFIG_LINE_BLANK, "", "");
	check(" \t\r", CONFIG_LINE_BLANK, "", "");
	check("  # Key=value", CONFIG_LINE_BLANK, "", "");
	check(";[section]", CONFIG_LINE_BLANK, "", "");
	check(" [a b] \r", CONFIG_LINE_SECTION, "a b", "");
	check("[]", CONFIG_LINE_SECTION, "", "");
	check("Key = a = b\r", CONFIG_LINE_KEY, "Key", "a = b");
	check("Key=", CONFIG_LINE_KEY, "Key", "");
	check("=value", CONFIG_LINE_OTHER, "", "");
	check("[half=", CONFIG_LINE_OTHER, "", "");
	check("word", CONFIG_LINE_OTHER, "", "");
}

UNIT_MAIN(cmocka_unit_test(test_forms))
