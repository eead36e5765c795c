/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/coverage: the published figures, and no figure where there is nothing to count. */
#include <math.h>
#include <string.h>

#include "evidence/coverage.h"
#include "tests/unit/unit.h"

#define DAY (24 * 3600 * USEC_PER_SEC)

static Coverage find(CoverageInput in)
{
	Coverage c;

	coverage_find(&in, &c);
	return c;
}

static void is_about(double value, double wanted)
{
	if (fabs(value - wanted) > 0.0005)
		fail_msg("%f is not %f", value, wanted);
}

static void test_nothing_counted_is_no_figure(void **state)
{
	Coverage c = find((CoverageInput){ 0 });

	(void)state;
	assert_true(c.next_new < 0 && c.unseen_least < 0);
	assert_true(c.lifetime_bound < 0 && c.day_bound < 0);
	/* half a day is no day */
	assert_true(find((CoverageInput){ .quiet = DAY / 2 }).day_bound < 0);
}

/* "7 quiet days bound the risk only at 35 % a day; 30 days 9.5 %; 300 lifetimes 1 %" */
static void test_the_rule_of_three(void **state)
{
	(void)state;
	is_about(find((CoverageInput){ .quiet = 7 * DAY }).day_bound, 0.348);
	is_about(find((CoverageInput){ .quiet = 30 * DAY }).day_bound, 0.095);
	is_about(find((CoverageInput){ .quiet_lifetimes = 300 }).lifetime_bound, 0.00994);
	is_about(find((CoverageInput){ .quiet_lifetimes = 1 }).lifetime_bound, 0.95);
}

static void test_what_was_seen_once_foretells_what_is_new(void **state)
{
	Coverage c = find((CoverageInput){ .lifetimes = 10, .once = 2, .twice = 1 });

	(void)state;
	is_about(c.next_new, 0.2);
	is_about(c.unseen_least, 0.9 * 2 * 1 / 4);
	is_about(find((CoverageInput){ .lifetimes = 10 }).next_new, 0);
	/* a share is never more than all */
	is_about(find((CoverageInput){ .lifetimes = 1, .once = 40 }).next_new, 1);
	is_about(find((CoverageInput){ .lifetimes = 1, .once = 40 }).unseen_least, 0);
}

static void test_the_caveat_says_coverage_not_confidence(void **state)
{
	(void)state;
	assert_non_null(strstr(coverage_caveat(), "coverage"));
	assert_non_null(strstr(coverage_caveat(), "not confidence"));
}

UNIT_MAIN(cmocka_unit_test(test_nothing_counted_is_no_figure),
	  cmocka_unit_test(test_the_rule_of_three),
	  cmocka_unit_test(test_what_was_seen_once_foretells_what_is_new),
	  cmocka_unit_test(test_the_caveat_says_coverage_not_confidence))
