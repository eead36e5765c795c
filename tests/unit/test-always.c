/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/always.c */
#include "profile/filter.h"
#include "suggest/always.h"
#include "suggest/risk.h"
#include "tests/unit/unit.h"

static const ProfileContext crun = { .runtime = RUNTIME_CRUN };
static const ProfileContext runc = { .runtime = RUNTIME_RUNC };

static void test_each_is_needed_and_harmless(void **state)
{
	const char *name;

	(void)state;
	for (size_t i = 0; (name = always_each(i, &runc)); i++) {
		assert_non_null(always_needed(name, &runc));
		assert_int_equal(risk_of(name).risk, RISK_LOW);
	}
	assert_null(always_each(1000, &runc));
}

static void test_runtimes_differ(void **state)
{
	(void)state;
	assert_non_null(always_needed("fstatfs", &runc));
	assert_null(always_needed("fstatfs", &crun));
	assert_non_null(always_needed("setresuid", &crun));
	assert_null(always_needed("setresuid", &runc));
	assert_non_null(always_needed("rt_sigreturn", &crun));
	assert_null(always_needed("mincore", &runc));
}

static void test_versions_differ(void **state)
{
	ProfileContext old = runc, recent = runc;

	(void)state;
	old.runtime_version = context_version(1, 1, 5);
	recent.runtime_version = context_version(1, 2, 0);
	assert_null(always_needed("openat2", &old));
	assert_non_null(always_needed("openat2", &recent));
	assert_non_null(always_needed("openat2", &runc));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_needed_and_harmless),
		cmocka_unit_test(test_runtimes_differ),
		cmocka_unit_test(test_versions_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
