/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/blocked-call.c: every call that Docker's manual names has its story, and it agrees
 * with what is known elsewhere. */
#include <errno.h>

#include "suggest/blocked-call.h"
#include "suggest/risk.h"
#include "tests/unit/unit.h"

static const char *const significant[] = {
	"acct",
	"add_key",
	"bpf",
	"clock_adjtime",
	"clock_settime",
	"clone",
	"create_module",
	"delete_module",
	"finit_module",
	"get_kernel_syms",
	"get_mempolicy",
	"init_module",
	"ioperm",
	"iopl",
	"kcmp",
	"kexec_file_load",
	"kexec_load",
	"keyctl",
	"lookup_dcookie",
	"mbind",
	"mount",
	"move_pages",
	"nfsservctl",
	"open_by_handle_at",
	"perf_event_open",
	"personality",
	"pivot_root",
	"process_vm_readv",
	"process_vm_writev",
	"ptrace",
	"query_module",
	"quotactl",
	"reboot",
	"request_key",
	"set_mempolicy",
	"setns",
	"settimeofday",
	"stime",
	"swapon",
	"swapoff",
	"sysfs",
	"_sysctl",
	"umount",
	"umount2",
	"unshare",
	"uselib",
	"userfaultfd",
	"ustat",
	"vm86",
	"vm86old",
	"io_uring_setup",
	"io_uring_enter",
	"io_uring_register",
};

static void test_every_significant_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(significant); i++) {
		BlockedCall c;

		if (blocked_call_of(significant[i], &c) < 0)
			fail_msg("%s is missing", significant[i]);
		assert_string_equal(c.call, significant[i]);
	}
}

static bool ends_with_a_stop(const char *text)
{
	return text[strlen(text) - 1] == '.';
}

static void test_stories_are_whole_and_agree(void **state)
{
	const char *call;

	(void)state;
	for (size_t i = 0; (call = blocked_call_each(i)); i++) {
		DefaultGate docker, podman;
		BlockedCall c;

		if (i > 0)
			assert_true(strcmp(blocked_call_each(i - 1), call) < 0);
		if (blocked_call_of(call, &c) < 0 || !c.why || ends_with_a_stop(c.why) ||
		    !c.instead || !ends_with_a_stop(c.instead))
			fail_msg("%s is not whole", call);
		if (default_gate_of(call, DIALECT_DOCKER, &docker) < 0 ||
		    default_gate_of(call, DIALECT_PODMAN, &podman) < 0)
			fail_msg("what the default profiles do with %s is not known", call);
		/* No words about a capability without the capability itself, and none that opens
		 * nothing. */
		if (!c.kernel != !c.capabilities &&
		    strcmp(c.kernel ?: "", "nothing for the caller's own memory") != 0)
			fail_msg("%s: what the kernel asks for", call);
		if (!c.gone)
			assert_true(docker.everybody || podman.everybody || docker.some_arguments ||
				    docker.capabilities == 0 || c.capabilities == 0 ||
				    (docker.capabilities & c.capabilities));
		assert_true(risk_of(call).known);
	}
	assert_true(ELEMENTSOF(significant) > 50);
}

static void test_any_other_call(void **state)
{
	BlockedCall c;

	(void)state;
	assert_int_equal(blocked_call_of("read", &c), -ENOENT);
	assert_int_equal(blocked_call_of("", &c), -ENOENT);
	assert_int_equal(blocked_call_of("vm86older", &c), -ENOENT);
}

UNIT_MAIN(cmocka_unit_test(test_every_significant_call),
	  cmocka_unit_test(test_stories_are_whole_and_agree), cmocka_unit_test(test_any_other_call))
