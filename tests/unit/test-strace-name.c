/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/strace-name.c */
#include <errno.h>

#include "audit/arch.h"
#include "audit/strace-name.h"
#include "tests/unit/unit.h"

static void test_names_are_those_of_the_kernel(void **state)
{
	static const struct {
		uint32_t arch;
		const char *name;
		uint32_t on;
		int64_t nr;
	} rows[] = {
		{ ARCH_WORD_X86_64, "read", ARCH_WORD_X86_64, 0 },
		{ ARCH_WORD_X86_64, "newfstatat", ARCH_WORD_X86_64, 262 },
		{ ARCH_WORD_X86_64, "umount2", ARCH_WORD_X86_64, 166 },
		{ ARCH_WORD_X86_64, "openat2", ARCH_WORD_X86_64, 437 },
		{ ARCH_WORD_X86_64, "syscall_0x3e7", ARCH_WORD_X86_64, 999 },
		{ ARCH_WORD_I386, "fadvise64_64", ARCH_WORD_I386, 272 },
		{ ARCH_WORD_I386, "umount", ARCH_WORD_I386, 22 },
		{ ARCH_WORD_I386, "socketcall", ARCH_WORD_I386, 102 },
		{ ARCH_WORD_I386, "socket", ARCH_WORD_I386, 359 },
		/* those came by socketcall and ipc only */
		{ ARCH_WORD_I386, "recv", ARCH_WORD_I386, 102 },
		{ ARCH_WORD_I386, "semop", ARCH_WORD_I386, 117 },
		/* a file that does not tell the mode */
		{ ARCH_WORD_X86_64, "stat64", ARCH_WORD_I386, 195 },
		{ ARCH_WORD_X86_64, "mmap2", ARCH_WORD_I386, 192 },
		{ ARCH_WORD_X32, "getpid", ARCH_WORD_X32, ARCH_X32_BIT + 39 },
		{ ARCH_WORD_X32, "syscall_0x27", ARCH_WORD_X32, ARCH_X32_BIT + 39 },
		{ ARCH_WORD_AARCH64, "newfstatat", ARCH_WORD_AARCH64, 79 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		uint32_t arch = 0;
		int64_t nr = -1;

		if (strace_name_resolve(rows[i].arch, span_of(rows[i].name), &arch, &nr) < 0 ||
		    arch != rows[i].on || nr != rows[i].nr)
			fail_msg("%s: arch %x, number %lld", rows[i].name, arch, (long long)nr);
	}
}

static void test_what_nothing_knows(void **state)
{
	static const char *const names[] = {
		"", "main", "????", "syscall_0x", "syscall_0xffffffffffffffff", "syscall_0x1g"
	};
	uint32_t arch;
	int64_t nr;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		assert_int_equal(
			strace_name_resolve(ARCH_WORD_X86_64, span_of(names[i]), &arch, &nr),
			-ENOENT);
	/* of another machine's mode it is not */
	assert_int_equal(strace_name_resolve(ARCH_WORD_AARCH64, SPAN_LIT("iopl"), &arch, &nr),
			 -ENOENT);
}

static void test_modes(void **state)
{
	(void)state;
	assert_int_equal(strace_mode_arch(ARCH_WORD_X86_64, SPAN_LIT("32 bit")), ARCH_WORD_I386);
	assert_int_equal(strace_mode_arch(ARCH_WORD_X86_64, SPAN_LIT("x32")), ARCH_WORD_X32);
	assert_int_equal(strace_mode_arch(ARCH_WORD_X86_64, SPAN_LIT("64 bit")), ARCH_WORD_X86_64);
	assert_int_equal(strace_mode_arch(ARCH_WORD_AARCH64, SPAN_LIT("32 bit")), 0x40000028);
	assert_int_equal(strace_mode_arch(ARCH_WORD_X86_64, SPAN_LIT("31 bit")), ARCH_UNKNOWN);
	assert_int_equal(strace_mode_arch(ARCH_WORD_AARCH64, SPAN_LIT("x32")), ARCH_UNKNOWN);
}

UNIT_MAIN(cmocka_unit_test(test_names_are_those_of_the_kernel),
	  cmocka_unit_test(test_what_nothing_knows), cmocka_unit_test(test_modes))
