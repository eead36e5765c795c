/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/multiplex.c */
#include <linux/net.h>

#include "profile/multiplex.h"
#include "tests/unit/unit.h"

static void test_inner_calls_have_the_kernels_numbers(void **state)
{
	(void)state;
	assert_string_equal(multiplex_inner("socketcall", SYS_BIND), "bind");
	assert_string_equal(multiplex_inner("socketcall", SYS_SENDMMSG), "sendmmsg");
	assert_string_equal(multiplex_inner("ipc", 24), "shmctl");
	assert_null(multiplex_inner("socketcall", 0));
	assert_null(multiplex_inner("socketcall", 21));
	assert_null(multiplex_inner("ipc", 5));
	assert_null(multiplex_inner("ipc", 1ULL << 32));
	assert_null(multiplex_inner("socket", 1));
}

UNIT_MAIN(cmocka_unit_test(test_inner_calls_have_the_kernels_numbers))
