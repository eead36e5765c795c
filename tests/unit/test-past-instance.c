/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/past-instance: what the ledger wrote of capabilities is read back whole, or not at all. That
 * a workload's are found: tests/integration/client-stages.sh. */
#include <errno.h>

#include "ctl/past-instance.h"
#include "tests/unit/unit.h"

static void test_sets_are_sixteen_digits(void **state)
{
	static const char *const bad[] = { "",
					   " nnp",
					   "c",
					   "a80425fb",
					   "00000000a80425fg",
					   "00000000a80425fb0",
					   "0x000000a80425fb" };
	uint64_t set = 0;

	(void)state;
	assert_int_equal(past_capabilities("00000000a80425fb", &set), 0);
	assert_int_equal(set, 0xa80425fb);
	assert_int_equal(past_capabilities("ffffffffffffffff nnp", &set), 0);
	assert_true(set == UINT64_MAX);
	for (size_t i = 0; i < ELEMENTSOF(bad); i++)
		assert_int_equal(past_capabilities(bad[i], &set), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test(test_sets_are_sixteen_digits))
