/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/kernel-call.c: which calls are not the program's own. */
#include <string.h>

#include "suggest/kernel-call.h"
#include "tests/unit/unit.h"

static void test_the_kernel_s_own_calls(void **state)
{
	(void)state;
	assert_non_null(strstr(kernel_call_reason("uretprobe"), "uprobes"));
	assert_non_null(strstr(kernel_call_reason("rt_sigreturn"), "signal handler"));
	assert_non_null(strstr(kernel_call_reason("restart_syscall"), "stopped"));
	assert_non_null(strstr(kernel_call_reason("clock_gettime"), "vDSO"));
	assert_null(kernel_call_reason("read"));
	assert_null(kernel_call_reason(""));
}

UNIT_MAIN(cmocka_unit_test(test_the_kernel_s_own_calls))
