/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/workload-lookup: a word means one workload, or the person is told why not. */
#include <errno.h>
#include <string.h>

#include "suggest/workload-lookup.h"
#include "tests/unit/unit.h"

/* The module also reads the ledger; these tests hand it their own rows. */
static const LedgerWorkloadRow *ledger_rows;
static size_t n_ledger_rows;

int ledger_each_workload(Ledger *l, int (*f)(const LedgerWorkloadRow *row, void *userdata),
			 void *userdata)
{
	int r = 0;

	(void)l;
	for (size_t i = 0; r == 0 && i < n_ledger_rows; i++)
		r = f(&ledger_rows[i], userdata);
	return r;
}

static const LedgerWorkloadRow some[] = {
	{ .id = 1, .name = "compose:shop/web", .container_name = "shop-web-1", .image = "nginx" },
	{ .id = 2, .name = "docker:web", .container_name = "web", .image = "nginx" },
	{ .id = 3, .name = "docker:web-old", .container_name = "web-old", .image = "httpd:2" },
	{ .id = 4, .name = "podman:web", .container_name = "web" },
	{ .id = 5, .name = "unit:dev-\\x5Cx2d.mount", .records = 7 },
	{ .id = 6, .name = "podman:db", .container_name = "postgres-main" },
};

static Workloads read_rows(const LedgerWorkloadRow *rows, size_t n)
{
	Workloads w = { 0 };

	ledger_rows = rows;
	n_ledger_rows = n;
	assert_int_equal(workloads_read(NULL, &w), 0);
	assert_int_equal(w.n, n);
	return w;
}

static int64_t means(const char *word)
{
	_cleanup_workloads_ Workloads all = read_rows(some, ELEMENTSOF(some));
	const Workload *w = NULL;
	Diag d = { 0 };
	int r;

	r = workload_lookup(&all, word, &w, &d);
	assert_true((r == 0) == (d.text[0] == '\0'));
	return r < 0 ? r : w->id;
}

static void test_exact_beats_everything(void **state)
{
	(void)state;
	assert_int_equal(means("docker:web"), 2); /* also the start of docker:web-old */
	assert_int_equal(means("podman:web"), 4);
}

static void test_a_unique_part_is_enough(void **state)
{
	(void)state;
	assert_int_equal(means("shop/web"), 1);
	assert_int_equal(means("shop-web-1"), 1);
	assert_int_equal(means("httpd:2"), 3);
	assert_int_equal(means("postgres-main"), 6);
	assert_int_equal(means("web-old"), 3);
}

static void test_a_unique_start_is_enough(void **state)
{
	(void)state;
	assert_int_equal(means("comp"), 1);
	assert_int_equal(means("podman:d"), 6);
}

static void test_what_was_shown_can_be_typed(void **state)
{
	(void)state;
	assert_int_equal(means("unit:dev-\\x5Cx2d.mount"), 5);
	assert_int_equal(means("unit:dev-\\x5Cx5Cx2d.mount"), 5);
}

static void test_ambiguity_is_never_resolved_by_luck(void **state)
{
	_cleanup_workloads_ Workloads all = read_rows(some, ELEMENTSOF(some));
	const Workload *w = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(means("web"), -ENOTUNIQ);
	assert_int_equal(means("nginx"), -ENOTUNIQ);
	assert_int_equal(means("docker:"), -ENOTUNIQ);
	assert_int_equal(workload_lookup(&all, "web", &w, &d), -ENOTUNIQ);
	assert_null(w);
	assert_non_null(strstr(d.text, "docker:web, podman:web"));
}

static void test_at_most_eight_candidates_are_listed(void **state)
{
	LedgerWorkloadRow many[12] = { 0 };
	_cleanup_workloads_ Workloads all = { 0 };
	const Workload *w = NULL;
	char names[12][16];
	Diag d = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(many); i++) {
		snprintf(names[i], sizeof(names[i]), "docker:n%02zu", i);
		many[i].name = names[i];
	}
	all = read_rows(many, ELEMENTSOF(many));
	assert_int_equal(workload_lookup(&all, "docker:n", &w, &d), -ENOTUNIQ);
	assert_non_null(strstr(d.text, "docker:n07 and 4 more"));
	assert_null(strstr(d.text, "docker:n08"));
}

static void test_an_unknown_word_gets_the_closest(void **state)
{
	_cleanup_workloads_ Workloads all = read_rows(some, ELEMENTSOF(some)), none = { 0 };
	const Workload *w = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(workload_lookup(&all, "docker:wbe-old", &w, &d), -ENOENT);
	assert_non_null(strstr(d.text, "did you mean \"docker:web-old\"?"));
	assert_int_equal(workload_lookup(&all, "something-else-entirely", &w, &d), -ENOENT);
	assert_null(strstr(d.text, "did you mean"));
	assert_int_equal(workload_lookup(&all, "", &w, &d), -ENOENT);
	assert_int_equal(workload_lookup(&none, "web", &w, &d), -ENOENT);
	assert_int_equal(workload_lookup(&all, "a\x1b[2J\n", &w, &d), -ENOENT);
	assert_null(strpbrk(d.text, "\x1b\n"));
	assert_null(w);
}

static void test_rows_are_copied_whole(void **state)
{
	_cleanup_workloads_ Workloads all = read_rows(some, ELEMENTSOF(some));

	(void)state;
	assert_string_equal(all.rows[0].image, "nginx");
	assert_string_equal(all.rows[4].image, "");
	assert_int_equal(all.rows[4].records, 7);
	assert_ptr_not_equal(all.rows[0].name, some[0].name);
}

UNIT_MAIN(cmocka_unit_test(test_exact_beats_everything),
	  cmocka_unit_test(test_a_unique_part_is_enough),
	  cmocka_unit_test(test_a_unique_start_is_enough),
	  cmocka_unit_test(test_what_was_shown_can_be_typed),
	  cmocka_unit_test(test_ambiguity_is_never_resolved_by_luck),
	  cmocka_unit_test(test_at_most_eight_candidates_are_listed),
	  cmocka_unit_test(test_an_unknown_word_gets_the_closest),
	  cmocka_unit_test(test_rows_are_copied_whole))
