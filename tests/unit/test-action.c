/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/action.h"
#include "tests/unit/unit.h"

static void test_the_data_half_is_ignored(void **state)
{
	(void)state;
	assert_int_equal(action_of_code(0x50000), ACTION_ERRNO);
	assert_int_equal(action_of_code(0x50001), ACTION_ERRNO);
	assert_int_equal(action_of_code(0x5ffff), ACTION_ERRNO);
	assert_int_equal(action_of_code(0x30007), ACTION_TRAP);
	assert_int_equal(action_of_code(0x7ffc0000), ACTION_LOG);
	assert_int_equal(action_of_code(0x7ff00001), ACTION_TRACE);
	assert_int_equal(action_of_code(0x7fc00000), ACTION_USER_NOTIF);
	assert_int_equal(action_of_code(0x7fff0000), ACTION_ALLOW);
	assert_int_equal(action_of_code(0x80000000), ACTION_KILL_PROCESS);
	assert_int_equal(action_of_code(0), ACTION_KILL_THREAD);
}

static void test_unknown_values_are_other(void **state)
{
	static const uint32_t codes[] = { 0x12340000, 0xffff0000, 0x10000, 0x40000, 0x60000 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(codes); i++)
		assert_int_equal(action_of_code(codes[i]), ACTION_OTHER);
	assert_string_equal(action_name(ACTION_OTHER), "other");
	assert_string_equal(action_name(_ACTION_MAX), "other");
}

static void test_names_go_both_ways(void **state)
{
	Action a;

	(void)state;
	for (Action i = 0; i < _ACTION_MAX; i++) {
		assert_int_equal(action_from_name(span_of(action_name(i)), &a), 0);
		assert_int_equal(a, i);
	}
	assert_string_equal(action_name(ACTION_KILL_THREAD), "SCMP_ACT_KILL_THREAD");
	assert_string_equal(action_name(ACTION_USER_NOTIF), "SCMP_ACT_NOTIFY");
	assert_int_equal(action_from_name(SPAN_LIT("SCMP_ACT_KILL"), &a), 0);
	assert_int_equal(a, ACTION_KILL_THREAD);
	assert_int_equal(action_from_name(SPAN_LIT("SCMP_ACT_"), &a), -EINVAL);
	assert_int_equal(action_from_name(SPAN_NULL, &a), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test(test_the_data_half_is_ignored),
	  cmocka_unit_test(test_unknown_values_are_other),
	  cmocka_unit_test(test_names_go_both_ways))
