/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/strace-table.c */
#include <errno.h>

#include "audit/strace-table.h"
#include "tests/unit/unit.h"

static const char usual[] = "% time     seconds  usecs/call     calls    errors syscall";

static void is_row(const StraceTable *t, const char *line, const char *name, uint64_t count)
{
	uint64_t n = 0;
	Span s = SPAN_NULL;

	assert_int_equal(strace_table_row(t, span_of(line), &s, &n), STRACE_TABLE_CALL);
	assert_true(span_is(s, name));
	assert_int_equal(n, count);
}

static int kind_of(const StraceTable *t, const char *line)
{
	uint64_t n;
	Span s;

	return strace_table_row(t, span_of(line), &s, &n);
}

static void test_the_usual_table(void **state)
{
	StraceTable t;

	(void)state;
	assert_true(strace_table_head(span_of(usual), &t));
	is_row(&t, "  0.00    0.000000           0         7           read", "read", 7);
	is_row(&t, " 36.57    0.000181         180         9         3 access", "access", 9);
	is_row(&t, " 36.57 1234567.000181 123456789 18446744073709551615 futex\r", "futex",
	       UINT64_MAX);
	assert_int_equal(kind_of(&t, "------ ----------- ----------- --------- --------- --------"),
			 STRACE_TABLE_RULE);
	assert_int_equal(kind_of(&t, "100.00    0.000042           1        29         1 total"),
			 STRACE_TABLE_END);
	/* before version 5.3 */
	assert_int_equal(kind_of(&t, "100.00    0.000042                    29           total"),
			 STRACE_TABLE_END);
}

static void test_chosen_columns(void **state)
{
	StraceTable t;

	(void)state;
	assert_true(
		strace_table_head(span_of("syscall              calls    errors  longest"), &t));
	is_row(&t, "read                     7           0.000030", "read", 7);
	is_row(&t, "access                   9         3 0.000022", "access", 9);
	assert_int_equal(kind_of(&t, "total                  144        18 0.000030"),
			 STRACE_TABLE_END);
	assert_true(strace_table_head(span_of("   errors     calls syscall"), &t));
	is_row(&t, "                  7 read", "read", 7);
	assert_true(strace_table_head(span_of("% time syscall"), &t));
	is_row(&t, "  0.10 read", "read", 1);
}

static void test_what_is_no_head(void **state)
{
	static const char *const lines[] = {
		"",
		"syscall",
		"% time     seconds",
		"time syscall",
		"% calls",
		"calls of syscall",
		"seconds calls errors %time syscall",
		"a b c d e f g h i j k l m n o p q r syscall",
	};
	StraceTable t;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(lines); i++)
		assert_false(strace_table_head(span_of(lines[i]), &t));
}

static void test_what_is_no_row(void **state)
{
	static const char *const lines[] = {
		"",
		"  0.00",
		"  0.00    0.000000           0         7           read more words",
		"  0.00    0.000000           0        -7           read",
		"  0.00    0.000000           0         7.5         read",
		"  0.00    0.000000           0 18446744073709551616 read",
		"a b c d e f g h i j k l m n o p q r s",
	};
	StraceTable t;

	(void)state;
	assert_true(strace_table_head(span_of(usual), &t));
	for (size_t i = 0; i < ELEMENTSOF(lines); i++)
		assert_int_equal(kind_of(&t, lines[i]), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test(test_the_usual_table), cmocka_unit_test(test_chosen_columns),
	  cmocka_unit_test(test_what_is_no_head), cmocka_unit_test(test_what_is_no_row))
