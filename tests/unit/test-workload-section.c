/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/workload-section: sections become rules, and mistakes keep their place. */
#include <errno.h>

#include "config/workload-section.h"
#include "tests/unit/unit.h"

static int feed(WorkloadRules *rules, const char *section, unsigned line, const char *key,
		const char *value, Diag *d)
{
	ConfigLine l = { "file.conf", line, section, key, value };

	return workload_section_take(&l, rules, d);
}

static void test_only_workload_sections_are_taken(void **state)
{
	static const char *const others[] = { "seccompd", "workloads", "Workload x",
					      "workload\tx" };
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	Diag d = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(others); i++)
		assert_int_equal(feed(&rules, others[i], 1, NULL, NULL, &d), 0);
	assert_int_equal(rules.n, 0);
	assert_int_equal(feed(&rules, "workload", 1, NULL, NULL, &d), -EINVAL);
	assert_int_equal(feed(&rules, "workload ", 1, NULL, NULL, &d), -EINVAL);
	assert_int_equal(feed(&rules, "workload  x", 1, NULL, NULL, &d), -EINVAL);
	assert_int_equal(feed(&rules, "workload x y", 1, NULL, NULL, &d), 1);
	assert_string_equal(rules.rows[0].name, "x y");
}

/* A drop-in adds to and replaces what an earlier file said of the same workload. */
static void test_later_files_replace_key_by_key(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(feed(&rules, "workload a", 1, NULL, NULL, &d), 1);
	assert_int_equal(feed(&rules, "workload a", 2, "MatchName", "x", &d), 1);
	assert_int_equal(feed(&rules, "workload a", 1, NULL, NULL, &d), 1);
	assert_int_equal(feed(&rules, "workload a", 2, "MatchName", "y", &d), 1);
	assert_int_equal(feed(&rules, "workload a", 3, "Priority", "7", &d), 1);
	assert_int_equal(workload_section_finish(&rules, &d, NULL), 0);
	assert_int_equal(rules.n, 1);
	assert_string_equal(rules.rows[0].globs[WORKLOAD_MATCH_NAME], "y");
	assert_int_equal(rules.rows[0].priority, 7);
}

static void test_a_section_without_a_condition_is_named(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	_cleanup_free_ char *file = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(feed(&rules, "workload a", 4, NULL, NULL, &d), 1);
	assert_int_equal(feed(&rules, "workload b", 7, NULL, NULL, &d), 1);
	assert_int_equal(feed(&rules, "workload a", 5, "MatchName", "x", &d), 1);
	assert_int_equal(workload_section_finish(&rules, &d, &file), -EINVAL);
	assert_int_equal(d.line, 7);
	assert_string_equal(file, "file.conf");
	assert_non_null(strstr(d.text, "[workload b]"));
}

UNIT_MAIN(cmocka_unit_test(test_only_workload_sections_are_taken),
	  cmocka_unit_test(test_later_files_replace_key_by_key),
	  cmocka_unit_test(test_a_section_without_a_condition_is_named))
