/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/known: what was before, of as many as there is room for. */
#include <errno.h>

#include "ctl/known.h"
#include "tests/unit/unit.h"

static void test_each_key_keeps_its_value(void **state)
{
	Known k = { 0 };
	uint64_t before = 0;

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		assert_int_equal(known_set(&k, i * 64, i, &before), KNOWN_NEW);
	for (uint64_t i = 0; i < 10000; i++) {
		assert_int_equal(known_set(&k, i * 64, i + 1, &before), 0);
		assert_int_equal(before, i);
	}
	known_done(&k);
	assert_int_equal(known_set(&k, 0, 1, &before), KNOWN_NEW);
	known_done(&k);
}

static void test_it_is_bounded(void **state)
{
	uint64_t before = 0;
	Known k = { 0 };

	(void)state;
	for (uint64_t i = 0; i < KNOWN_MAX; i++)
		assert_int_equal(known_set(&k, i, 0, &before), KNOWN_NEW);
	assert_int_equal(known_set(&k, KNOWN_MAX, 0, &before), -ENOSPC);
	assert_int_equal(known_set(&k, 7, 1, &before), 0);
	known_done(&k);
}

UNIT_MAIN(cmocka_unit_test(test_each_key_keeps_its_value), cmocka_unit_test(test_it_is_bounded))
