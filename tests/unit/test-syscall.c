/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "tests/unit/unit.h"

#define WORD_RISCV64 0xc00000f3U
#define WORD_ARM 0x40000028U

static void test_names_are_those_of_the_kernel(void **state)
{
	static const struct {
		uint32_t arch;
		int64_t nr;
		const char *name;
	} rows[] = {
		{ ARCH_WORD_X86_64, 17, "pread64" },
		{ ARCH_WORD_AARCH64, 61, "getdents64" },
		{ ARCH_WORD_I386, 102, "socketcall" },
		{ ARCH_WORD_X32, 39, "getpid" },
		{ ARCH_WORD_X32, 1073741863, "getpid" },
		{ ARCH_WORD_X86_64, 1073741863, "getpid" },
		{ WORD_RISCV64, 64, "write" },
		{ WORD_ARM, 983045, "set_tls" },
		{ 0xe0000008, 6000, "read" },
		{ 0xc0000015, 252, "statfs64" },
	};
	char name[SYSCALL_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		assert_int_equal(syscall_name(rows[i].arch, rows[i].nr, name), 0);
		assert_string_equal(name, rows[i].name);
	}
}

static void test_what_nothing_knows_is_never_guessed(void **state)
{
	static const struct {
		uint32_t arch;
		int64_t nr;
	} rows[] = {
		{ ARCH_WORD_X86_64, -1 },
		{ ARCH_WORD_AARCH64, -10001 }, /* libseccomp's own number for arch_prctl there */
		{ ARCH_WORD_X86_64, 100000 },
		{ ARCH_WORD_X86_64, INT64_MAX },
		{ ARCH_WORD_X86_64, (int64_t)1 << 32 | 39 },
		{ 0, 1 }, /* libseccomp's word for this host */
		{ 0x12345678, 1 },
	};
	char name[SYSCALL_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		assert_int_equal(syscall_name(rows[i].arch, rows[i].nr, name), -ENOENT);
}

static void test_numbers_by_name(void **state)
{
	int64_t nr;

	(void)state;
	assert_int_equal(syscall_number(ARCH_WORD_X86_64, "getpid", &nr), 0);
	assert_int_equal(nr, 39);
	assert_int_equal(syscall_number(ARCH_WORD_X32, "getpid", &nr), 0);
	assert_int_equal(nr, 1073741863);
	assert_int_equal(syscall_number(ARCH_WORD_AARCH64, "open", &nr), -ENOENT);
	assert_int_equal(syscall_number(ARCH_WORD_X86_64, "no_such_call", &nr), -ENOENT);
	assert_int_equal(syscall_number(0, "getpid", &nr), -ENOENT);
}

UNIT_MAIN(cmocka_unit_test(test_names_are_those_of_the_kernel),
	  cmocka_unit_test(test_what_nothing_knows_is_never_guessed),
	  cmocka_unit_test(test_numbers_by_name))
