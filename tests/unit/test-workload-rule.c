/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/workload-rule: which of the administrator's names a container or unit gets. */
#include <errno.h>

#include "tests/unit/unit.h"
#include "who/workload-rule.h"

static const SubjectKey container = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "0" };
static const ContainerNames web = { .runtime = "docker",
				    .name = "web-1",
				    .image = "reg:5000/shop/web:1.2",
				    .k8s_namespace = "prod" };

static WorkloadRule *open_rule(WorkloadRules *rules, const char *name)
{
	WorkloadRule *rule = NULL;
	Diag d = { 0 };

	if (workload_rules_open(rules, span_of(name), "f", 1, &rule, &d) < 0)
		fail_msg("%s: %s", name, d.text);
	return rule;
}

static void set(WorkloadRules *rules, const char *name, const char *key, const char *value)
{
	Diag d = { 0 };

	if (workload_rule_set(open_rule(rules, name), key, value, &d) < 0)
		fail_msg("%s=%s: %s", key, value, d.text);
}

static void finish(WorkloadRules *rules)
{
	const WorkloadRule *bad = NULL;
	Diag d = { 0 };

	if (workload_rules_finish(rules, &bad, &d) < 0)
		fail_msg("%s", d.text);
}

static bool matches(const char *key, const char *value, const WorkloadFacts *f)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };

	set(&rules, "x", key, value);
	finish(&rules);
	return workload_rules_find(&rules, f) != NULL;
}

static void test_each_condition_looks_at_its_fact(void **state)
{
	_cleanup_labels_ Labels labels = { 0 };
	WorkloadFacts f = { .key = &container, .names = &web, .labels = &labels };
	static const struct {
		const char *key, *value;
		bool expected;
	} cases[] = {
		{ "MatchRuntime", "docker", true }, { "MatchRuntime", "dock", false },
		{ "MatchName", "web-[0-9]", true }, { "MatchName", "web-?", true },
		{ "MatchName", "WEB*", false },     { "MatchName", "web-[!0-9]", false },
		{ "MatchImage", "*/shop/*", true }, { "MatchImage", "shop/*", false },
		{ "MatchNamespace", "pr?d", true }, { "MatchNamespace", "dev", false },
		{ "MatchLabel", "tier=d*", true },  { "MatchLabel", "tie=d*", false },
		{ "MatchLabel", "eq=a=b", true },   { "MatchUnit", "*", false },
	};

	(void)state;
	assert_int_equal(labels_add(&labels, SPAN_LIT("tier"), SPAN_LIT("db")), 0);
	assert_int_equal(labels_add(&labels, SPAN_LIT("eq"), SPAN_LIT("a=b")), 0);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		if (matches(cases[i].key, cases[i].value, &f) != cases[i].expected)
			fail_msg("%s=%s", cases[i].key, cases[i].value);
	}
}

static void test_units(void **state)
{
	static const SubjectKey unit = { .kind = SUBJECT_UNIT, .name = "worker@3.service" };
	static const SubjectKey users = { .kind = SUBJECT_UNIT,
					  .name = "user@7.service/worker@3.service" };

	(void)state;
	assert_true(matches("MatchUnit", "worker@*.service", &(WorkloadFacts){ .key = &unit }));
	assert_false(matches("MatchUnit", "worker@*.service", &(WorkloadFacts){ .key = &users }));
	assert_true(
		matches("MatchUnit", "user@*.service/worker@*", &(WorkloadFacts){ .key = &users }));
	assert_false(matches("MatchName", "*", &(WorkloadFacts){ .key = &unit }));
	assert_false(matches("MatchRuntime", "*", &(WorkloadFacts){ .key = &unit }));
}

/* An id that no state confirms may be anybody's: no rule gives it a name. */
static void test_what_nobody_confirms_is_not_named(void **state)
{
	static const SubjectKey host = { .kind = SUBJECT_HOST, .name = "/bin/sh" };
	static const SubjectKey none = { .cause = CAUSE_GONE };

	(void)state;
	assert_false(matches("MatchRuntime", "*", &(WorkloadFacts){ .key = &container }));
	assert_false(matches("MatchUnit", "*", &(WorkloadFacts){ .key = &host }));
	assert_false(matches("MatchUnit", "*", &(WorkloadFacts){ .key = &none }));
}

static void test_what_is_not_known_matches_nothing(void **state)
{
	static const ContainerNames bare = { .name = "x" };
	WorkloadFacts f = { .key = &container, .names = &bare };

	(void)state;
	assert_false(matches("MatchImage", "*", &f));
	assert_false(matches("MatchLabel", "a=*", &f));
	assert_false(matches("MatchNamespace", "*", &f));
	assert_true(matches("MatchRuntime", "docker", &f)); /* by the path */
}

static void test_all_conditions_must_hold(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	WorkloadFacts f = { .key = &container, .names = &web };

	(void)state;
	set(&rules, "a", "MatchName", "web*");
	set(&rules, "a", "MatchImage", "other");
	finish(&rules);
	assert_null(workload_rules_find(&rules, &f));
	assert_string_equal(workload_rule_misses(&rules.rows[0], &f), "MatchImage");
	set(&rules, "a", "MatchImage", ""); /* taken back, as a drop-in does */
	assert_non_null(workload_rules_find(&rules, &f));
	assert_null(workload_rule_misses(&rules.rows[0], &f));
}

/* Whatever the order in which the sections stand. */
static void test_priority_then_name(void **state)
{
	static const char *const names[] = { "b", "a", "c" };
	WorkloadFacts f = { .key = &container, .names = &web };

	(void)state;
	for (size_t start = 0; start < 3; start++) {
		_cleanup_workload_rules_ WorkloadRules rules = { 0 };
		WorkloadName name;

		for (size_t i = 0; i < 3; i++)
			set(&rules, names[(start + i) % 3], "MatchName", "web*");
		set(&rules, "last", "MatchName", "*");
		set(&rules, "last", "Priority", "-1");
		finish(&rules);
		workload_rules_name(&rules, &f, &name);
		assert_string_equal(name.text, "a");
		set(&rules, "c", "Priority", "1");
		finish(&rules);
		workload_rules_name(&rules, &f, &name);
		assert_string_equal(name.text, "c");
		assert_false(name.heuristic);
	}
}

static void test_without_a_match_the_name_is_the_default(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	static const ContainerNames names = { .name = "web" };
	WorkloadFacts f = { .key = &container, .names = &names };
	WorkloadName name;

	(void)state;
	set(&rules, "x", "MatchName", "nothing");
	finish(&rules);
	workload_rules_name(&rules, &f, &name);
	assert_string_equal(name.text, "docker:web");
	workload_rules_name(NULL, &f, &name);
	assert_string_equal(name.text, "docker:web");
}

static void test_names_that_no_workload_may_have(void **state)
{
	static const Span bad[] = {
		SPAN_LIT(""),
		SPAN_LIT(" a"),
		SPAN_LIT("a "),
		SPAN_LIT("a\x1b[2J"),
		SPAN_LIT("a\nb"),
		SPAN_LIT("a\\b"),
		SPAN_LIT("a\xff"),
		SPAN_LIT("a\xe2\x80\xae"),
		SPAN_LIT("unattributed"),
		SPAN_LIT("a\0b"),
		SPAN_LIT("unconfirmed:docker/0"),
	};
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	char longest[WORKLOAD_NAME_MAX];
	WorkloadRule *rule;
	Diag d;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
		d = (Diag){ 0 };
		if (workload_rules_open(&rules, bad[i], "f", 1, &rule, &d) != -EINVAL || !d.text[0])
			fail_msg("name %zu was taken", i);
	}
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(
		workload_rules_open(&rules, span_make(longest, sizeof(longest)), "f", 1, &rule, &d),
		-EINVAL);
	assert_int_equal(workload_rules_open(&rules, span_make(longest, sizeof(longest) - 1), "f",
					     1, &rule, &d),
			 0);
	open_rule(&rules, "compose:a/b");
	open_rule(&rules, "caf\xc3\xa9 und mehr");
	assert_int_equal(rules.n, 3);
}

static void test_bad_values(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	char longest[WORKLOAD_GLOB_MAX + 1] = "";
	const struct {
		const char *key, *value;
	} bad[] = {
		{ "MatchLabel", "tier" }, { "MatchLabel", "=x" },    { "MatchLabel", "tier=" },
		{ "MatchName", "a\\" },   { "Priority", "high" },    { "Priority", "2147483648" },
		{ "Priority", " 1" },     { "matchname", "a" },      { "MatchName", longest },
		{ "Match", "a" },         { "MatchName", "\\\\\\" },
	};
	const WorkloadRule *which = NULL;

	(void)state;
	memset(longest, 'x', WORKLOAD_GLOB_MAX);
	for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
		Diag d = { 0 };

		if (workload_rule_set(open_rule(&rules, "a"), bad[i].key, bad[i].value, &d) !=
			    -EINVAL ||
		    !d.text[0])
			fail_msg("%s=%s was taken", bad[i].key, bad[i].value);
	}
	set(&rules, "a", "MatchName", "a\\\\");
	set(&rules, "a", "MatchName", "");
	assert_int_equal(workload_rules_finish(&rules, &which, NULL), -EINVAL);
	assert_string_equal(which->name, "a");
}

static void test_there_is_an_end_to_rules(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	WorkloadRule *rule;
	char name[16];

	(void)state;
	for (int i = 0; i < WORKLOAD_RULES_MAX; i++) {
		snprintf(name, sizeof(name), "w%d", i);
		open_rule(&rules, name);
	}
	open_rule(&rules, "w0");
	assert_int_equal(workload_rules_open(&rules, SPAN_LIT("one more"), "f", 1, &rule, NULL),
			 -E2BIG);
}

UNIT_MAIN(cmocka_unit_test(test_each_condition_looks_at_its_fact), cmocka_unit_test(test_units),
	  cmocka_unit_test(test_what_nobody_confirms_is_not_named),
	  cmocka_unit_test(test_what_is_not_known_matches_nothing),
	  cmocka_unit_test(test_all_conditions_must_hold),
	  cmocka_unit_test(test_priority_then_name),
	  cmocka_unit_test(test_without_a_match_the_name_is_the_default),
	  cmocka_unit_test(test_names_that_no_workload_may_have), cmocka_unit_test(test_bad_values),
	  cmocka_unit_test(test_there_is_an_end_to_rules))
