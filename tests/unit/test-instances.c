/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/instances.c: what runs, one by one. */
#include "ctl/instances.h"
#include "profile/context.h"
#include "tests/unit/unit.h"

static void add(Instances *all, const char *workload, const char *name, const char *caps,
		const char *json, const char *hash)
{
	static const StateRoots nowhere = { .proc_fd = -1, .root_fd = -1 };
	Container c = { .runtime = "docker",
			.seccomp = (char *)(uintptr_t)json,
			.capabilities = (char *)(uintptr_t)caps };

	snprintf(c.names.name, sizeof(c.names.name), "%s", name);
	snprintf(c.id, sizeof(c.id), "id-of-%s", name);
	assert_int_equal(instances_add_container(all, &nowhere, workload, &c, false, hash), 0);
}

static void test_those_of_a_workload_stand_together(void **state)
{
	_cleanup_instances_ Instances all = { 0 };
	const Instance *first;
	size_t n;

	(void)state;
	add(&all, "web", "web-2", "CAP_KILL", "{}", "h1");
	add(&all, "db", "db-1", NULL, NULL, "h2");
	add(&all, "web", "web-1", NULL, "{}", "h1");
	add(&all, "web", "web-3", "", NULL, "");
	instances_sort(&all);
	first = instances_of(&all, "web", &n);
	assert_int_equal(n, 3);
	assert_string_equal(first[0].name, "web-1");
	assert_string_equal(first[2].name, "web-3");
	assert_false(first[2].has_filter);
	assert_null(instances_of(&all, "we", &n));
	assert_int_equal(n, 0);
}

static void test_a_filter_is_held_once(void **state)
{
	_cleanup_instances_ Instances all = { 0 };

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		add(&all, "web", "web", NULL, i % 2 ? "{}" : NULL, i % 2 ? "h1" : "h2");
	assert_int_equal(all.n, 100);
	assert_int_equal(all.n_filters, 2);
	assert_null(all.filters[all.rows[0].filter].json);
	assert_string_equal(all.filters[all.rows[1].filter].json, "{}");
}

static void test_capabilities_are_of_the_first_that_tells(void **state)
{
	_cleanup_instances_ Instances all = { 0 };
	const Instance *i;

	(void)state;
	add(&all, "web", "a", NULL, NULL, "");
	add(&all, "web", "b", "", NULL, "");
	instances_sort(&all);
	i = instances_with_capabilities(&all, "web");
	assert_non_null(i);
	assert_string_equal(i->name, "b");
	assert_int_equal(i->capabilities, 0);
	assert_null(instances_with_capabilities(&all, "db"));
}

UNIT_MAIN(cmocka_unit_test(test_those_of_a_workload_stand_together),
	  cmocka_unit_test(test_a_filter_is_held_once),
	  cmocka_unit_test(test_capabilities_are_of_the_first_that_tells))
