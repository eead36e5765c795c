/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/contradiction.c: only what the applied filter cannot have said speaks against it. */
#include "suggest/contradiction.h"
#include "tests/unit/profile-help.h"

static const char filter[] =
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\"],\"action\":"
	"\"SCMP_ACT_ALLOW\"},{\"names\":[\"kexec_load\"],\"action\":\"SCMP_ACT_ERRNO\"}]}";

static Observed row(int64_t nr, Action action)
{
	return (Observed){ .arch = ARCH_WORD_X86_64,
			   .nr = nr,
			   .action = action,
			   .under_applied = true,
			   .count = 5 };
}

static int find(const Observed *o, size_t n, Contradiction *c)
{
	return contradiction_find(span_of(filter), false, &help_x86_64, o, n, c);
}

static void test_what_fits(void **state)
{
	Observed o[] = { row(83, ACTION_LOG), row(246, ACTION_ERRNO), row(83, ACTION_ERRNO),
			 row(83, ACTION_ERRNO), row(-1, ACTION_ERRNO) };
	Contradiction c;

	(void)state;
	o[2].under_applied = false;
	o[3].own_filter = o[3].count;
	assert_int_equal(find(o, ELEMENTSOF(o), &c), 0);
	assert_int_equal(c.records, 0);
}

static void test_what_does_not(void **state)
{
	Observed o[] = { row(83, ACTION_LOG), row(83, ACTION_ERRNO), row(84, ACTION_KILL_PROCESS) };
	Contradiction c;

	(void)state;
	o[1].own_filter = 2;
	assert_int_equal(find(o, ELEMENTSOF(o), &c), 1);
	assert_int_equal(c.records, 8);
	assert_int_equal(c.action, ACTION_ERRNO);
}

static void test_a_filter_that_is_not_known_says_nothing(void **state)
{
	const Observed o = row(83, ACTION_ERRNO);
	Contradiction c;

	(void)state;
	assert_int_equal(contradiction_find(SPAN_NULL, false, &help_x86_64, &o, 1, &c), 0);
	assert_int_equal(contradiction_find(SPAN_LIT("rubbish"), false, &help_x86_64, &o, 1, &c),
			 0);
	assert_int_equal(contradiction_find(SPAN_NULL, true, &help_x86_64, &o, 1, &c), 1);
}

UNIT_MAIN(cmocka_unit_test(test_what_fits), cmocka_unit_test(test_what_does_not),
	  cmocka_unit_test(test_a_filter_that_is_not_known_says_nothing))
