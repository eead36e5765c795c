/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "tests/unit/unit.h"

#define WORD_ALPHA 0xc0009026U
#define WORD_ARM 0x40000028U
#define WORD_ARMEB 0x28U
#define WORD_IA64 0xc0000032U
#define WORD_LOONGARCH64 0xc0000102U
#define WORD_M68K 0x4U
#define WORD_MIPS 0x8U
#define WORD_MIPSEL 0x40000008U
#define WORD_MIPS64 0x80000008U
#define WORD_MIPSEL64 0xc0000008U
#define WORD_MIPS64N32 0xa0000008U
#define WORD_MIPSEL64N32 0xe0000008U
#define WORD_PPC 0x14U
#define WORD_PPC64LE 0xc0000015U
#define WORD_RISCV32 0x400000f3U
#define WORD_RISCV64 0xc00000f3U
#define WORD_S390 0x16U
#define WORD_S390X 0x80000016U
#define WORD_SH 0x2aU
#define WORD_SHEL 0x4000002aU
#define WORD_SPARC 0x2U
#define WORD_SPARC64 0x8000002bU
#define WORD_XTENSA 0x5eU

/* Word, number, name, and who is to know it. */
typedef struct Row {
	uint32_t arch;
	int64_t nr;
	const char *name;
	SyscallSource source;
} Row;

static void check_rows(const Row *rows, size_t n)
{
	char name[SYSCALL_NAME_MAX];
	SyscallSource source;

	for (size_t i = 0; i < n; i++) {
		if (syscall_name_from(rows[i].arch, rows[i].nr, name, &source) < 0)
			fail_msg("%s %lld has no name", arch_name(rows[i].arch),
				 (long long)rows[i].nr);
		assert_string_equal(name, rows[i].name);
		/* A newer libseccomp may know what ours alone knows now. */
		if (source != rows[i].source && source != SYSCALL_FROM_LIBSECCOMP)
			fail_msg("%s %lld: %s is from %s", arch_name(rows[i].arch),
				 (long long)rows[i].nr, name, syscall_source_name(source));
		assert_int_equal(syscall_name(rows[i].arch, rows[i].nr, name), 0);
		assert_string_equal(name, rows[i].name);
	}
}

static void test_names_are_those_of_the_kernel(void **state)
{
	static const Row rows[] = {
		{ ARCH_WORD_X86_64, 17, "pread64", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_AARCH64, 61, "getdents64", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_AARCH64, 80, "fstat", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_I386, 283, "kexec_load", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_I386, 423, "sched_rr_get_interval_time64", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC64LE, 252, "statfs64", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC64LE, 291, "newfstatat", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC, 291, "fstatat64", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_RISCV64, 64, "write", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_S390, 403, "clock_gettime64", SYSCALL_FROM_LIBSECCOMP },
	};

	(void)state;
	check_rows(rows, ELEMENTSOF(rows));
}

static void test_newer_calls_are_in_our_own_tables(void **state)
{
	static const Row rows[] = {
		{ ARCH_WORD_X86_64, 335, "uretprobe", SYSCALL_FROM_SUPPLEMENT },
		{ ARCH_WORD_X86_64, 336, "uprobe", SYSCALL_FROM_SUPPLEMENT },
		{ ARCH_WORD_X86_64, 457, "statmount", SYSCALL_FROM_SUPPLEMENT },
		{ ARCH_WORD_I386, 462, "mseal", SYSCALL_FROM_SUPPLEMENT },
		{ ARCH_WORD_AARCH64, 466, "removexattrat", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_ARM, 467, "open_tree_attr", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_PPC64LE, 469, "file_setattr", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_S390X, 470, "listns", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_RISCV64, 471, "rseq_slice_yield", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_RISCV64, 258, "riscv_hwprobe", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_MIPSEL, 4458, "listmount", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_MIPS64, 5459, "lsm_get_self_attr", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_MIPSEL64N32, 6460, "lsm_set_self_attr", SYSCALL_FROM_SUPPLEMENT },
		{ ARCH_WORD_X86_64, ARCH_X32_BIT | 461, "lsm_list_modules",
		  SYSCALL_FROM_SUPPLEMENT },
		{ ARCH_WORD_X32, 453, "map_shadow_stack", SYSCALL_FROM_SUPPLEMENT },
	};

	(void)state;
	check_rows(rows, ELEMENTSOF(rows));
}

static void test_architectures_that_libseccomp_lacks(void **state)
{
	static const Row rows[] = {
		{ WORD_LOONGARCH64, 64, "write", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_LOONGARCH64, 447, "memfd_secret", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_RISCV32, 25, "fcntl64", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_RISCV32, 403, "clock_gettime64", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_ARMEB, 20, "getpid", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_ARMEB, 983045, "set_tls", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_M68K, 327, "pipe2", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SPARC64, 1, "exit", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SPARC, 132, "lstat64", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SH, 11, "execve", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_XTENSA, 337, "seccomp", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_ALPHA, 20, "getxpid", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_ALPHA, 544, "pidfd_open", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_ALPHA, 582, "fchroot", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_IA64, 1025, "exit", SYSCALL_FROM_SUPPLEMENT },
		{ 0xfc | 0x40000000, 244, "set_thread_area", SYSCALL_FROM_SUPPLEMENT },
		{ 0xc3 | 0x40000000, 245, "arc_settls", SYSCALL_FROM_SUPPLEMENT },
		{ 0x5c, 244, "or1k_atomic", SYSCALL_FROM_SUPPLEMENT },
	};

	(void)state;
	check_rows(rows, ELEMENTSOF(rows));
}

static void test_numbers_count_from_the_base_of_the_abi(void **state)
{
	static const Row rows[] = {
		{ WORD_MIPS, 4003, "read", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPSEL, 4003, "read", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPS64, 5000, "read", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPSEL64, 5000, "read", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPS64N32, 6000, "read", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPSEL64N32, 6000, "read", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_ARM, 983041, "breakpoint", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_ARM, 983042, "cacheflush", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_ARM, 983043, "usr26", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_ARM, 983044, "usr32", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_ARM, 983045, "set_tls", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_ARM, 983046, "get_tls", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_X32, 39, "getpid", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_X32, 1073741863, "getpid", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_X86_64, 1073741863, "getpid", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_X86_64, ARCH_X32_BIT | 512, "rt_sigaction", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_X86_64, ARCH_X32_BIT | 520, "execve", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_X86_64, ARCH_X32_BIT | 547, "pwritev2", SYSCALL_FROM_LIBSECCOMP },
	};

	(void)state;
	check_rows(rows, ELEMENTSOF(rows));
}

static void test_multiplexers_go_by_their_own_name(void **state)
{
	static const Row rows[] = {
		{ ARCH_WORD_I386, 102, "socketcall", SYSCALL_FROM_LIBSECCOMP },
		{ ARCH_WORD_I386, 117, "ipc", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_S390, 102, "socketcall", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_S390, 117, "ipc", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_S390X, 102, "socketcall", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_S390X, 117, "ipc", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC, 102, "socketcall", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC, 117, "ipc", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC64LE, 102, "socketcall", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_PPC64LE, 117, "ipc", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPS, 4102, "socketcall", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_MIPSEL, 4117, "ipc", SYSCALL_FROM_LIBSECCOMP },
		{ WORD_SPARC, 206, "socketcall", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SPARC, 215, "ipc", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SPARC64, 206, "socketcall", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SPARC64, 215, "ipc", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_M68K, 102, "socketcall", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_M68K, 117, "ipc", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SH, 102, "socketcall", SYSCALL_FROM_SUPPLEMENT },
		{ WORD_SHEL, 117, "ipc", SYSCALL_FROM_SUPPLEMENT },
	};

	(void)state;
	check_rows(rows, ELEMENTSOF(rows));
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
		/* libseccomp answers for MIPS numbers without the base, and for the wrong one */
		{ WORD_MIPS, 3 },
		{ WORD_MIPS, 5000 },
		{ WORD_MIPSEL64, 0 },
		{ WORD_MIPSEL64, 4003 },
		{ WORD_MIPS64N32, 5000 },
		{ WORD_MIPS64, 6000 },
		{ WORD_IA64, 1 },
		{ WORD_IA64, 1024 },
		/* 64-bit calls that x32 has under numbers of its own, and the other way round */
		{ ARCH_WORD_X86_64, ARCH_X32_BIT | 13 },
		{ ARCH_WORD_X86_64, 512 },
		{ ARCH_WORD_X86_64, ARCH_X32_BIT | 511 },
		/* libaudit has names of other ABIs here */
		{ WORD_PPC64LE, 195 },
		{ WORD_PPC64LE, 403 },
		{ WORD_PPC, 392 },
		{ WORD_ARM, 13 },
		{ WORD_ARM, 102 },
		/* holes: the number is free, reserved, or wired up elsewhere only */
		{ WORD_ARM, 447 },
		{ WORD_SH, 435 },
		{ WORD_MIPS, 4221 },
		{ WORD_XTENSA, 302 },
		{ ARCH_WORD_X86_64, 337 },
		{ ARCH_WORD_X86_64, 473 },
		{ WORD_ALPHA, 533 },
		{ WORD_ARM, 983040 },
		{ WORD_ARM, 983047 },
		{ 0x8000002a, 1 }, /* sh64: no table */
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
	assert_int_equal(syscall_number(WORD_MIPSEL64N32, "read", &nr), 0);
	assert_int_equal(nr, 6000);
}

/* What a profile can name is libseccomp's to say; what a record can name is not. */
static void test_numbers_of_calls_that_were_seen(void **state)
{
	static const struct {
		uint32_t arch;
		const char *name;
		int64_t nr;
	} rows[] = {
		{ ARCH_WORD_X86_64, "getpid", 39 },
		{ WORD_LOONGARCH64, "write", 64 },
		{ WORD_IA64, "exit", 1025 },
		{ WORD_ALPHA, "fchroot", 582 },
		{ WORD_MIPS64, "fchroot", 5472 },
		{ WORD_ARMEB, "set_tls", 983045 },
		{ ARCH_WORD_X32, "map_shadow_stack", ARCH_X32_BIT | 453 },
		{ WORD_SPARC, "clone3", 435 },
	};
	static const struct {
		uint32_t arch;
		const char *name;
	} none[] = {
		{ WORD_SH, "clone3" }, { WORD_LOONGARCH64, "open" },    { WORD_ALPHA, "-" },
		{ WORD_ALPHA, "" },    { WORD_M68K, "memfd_secret" },   { 0x8000002a, "read" },
		{ 0, "fchroot" },      { ARCH_WORD_X86_64, "no_such" },
	};
	int64_t nr;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		assert_int_equal(syscall_number_seen(rows[i].arch, rows[i].name, &nr), 0);
		assert_int_equal(nr, rows[i].nr);
	}
	for (size_t i = 0; i < ELEMENTSOF(none); i++)
		assert_int_equal(syscall_number_seen(none[i].arch, none[i].name, &nr), -ENOENT);
	assert_int_equal(syscall_number(WORD_LOONGARCH64, "no_such", &nr), -ENOENT);
}

UNIT_MAIN(cmocka_unit_test(test_names_are_those_of_the_kernel),
	  cmocka_unit_test(test_newer_calls_are_in_our_own_tables),
	  cmocka_unit_test(test_architectures_that_libseccomp_lacks),
	  cmocka_unit_test(test_numbers_count_from_the_base_of_the_abi),
	  cmocka_unit_test(test_multiplexers_go_by_their_own_name),
	  cmocka_unit_test(test_what_nothing_knows_is_never_guessed),
	  cmocka_unit_test(test_numbers_by_name),
	  cmocka_unit_test(test_numbers_of_calls_that_were_seen))
