/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lib/audit/syscall*.c: all numbers of all architectures. Where libseccomp, our own tables and
 * libaudit disagree on a call, and it is not written down below, a person must look.
 */
#include <errno.h>
#include <libaudit.h>
#include <seccomp.h>

#include "audit/arch.h"
#include "audit/syscall-audit.h"
#include "audit/syscall-supplement.h"
#include "audit/syscall.h"
#include "tests/unit/unit.h"

static const uint32_t words[] = {
	0xc000003e, 0x40000003, 0x4000003e, 0xc00000b7, 0x40000028, 0x00000028, 0x00000014,
	0x80000015, 0xc0000015, 0x00000016, 0x80000016, 0xc00000f3, 0x400000f3, 0xc0000102,
	0x40000102, 0x00000008, 0x40000008, 0x80000008, 0xc0000008, 0xa0000008, 0xe0000008,
	0x0000000f, 0x8000000f, 0x0000002a, 0x4000002a, 0x8000002a, 0xc000002a, 0x00000002,
	0x8000002b, 0x00000004, 0xc0009026, 0xc0000032, 0x400000fc, 0x0000005e, 0x000000bd,
	0x000000a4, 0x0000005c, 0x40000071, 0x400000c3, 0x000000c3, 0x4000005d, 0x0000005d,
	0x4000004c, 0x00005441, 0x0000002e, 0x00000058, 0x400000a7, 0x000000a7, 0xc00000bf,
	0x400000bf, 0x400000bc, 0x4000006e, 0x4000008c, 0x0000008c,
};

/* Every number that any architecture uses, with room around it. */
static const struct {
	int64_t first, last;
} ranges[] = {
	{ 0, 7200 },            /* MIPS n32 begins at 6000 */
	{ 0x0f0000, 0x0f0010 }, /* ARM's private calls */
};

/* Where a source is wrong, or alone; "" is none. */
typedef struct Known {
	uint32_t arch;
	int64_t nr;
	const char *libseccomp, *supplement, *libaudit;
} Known;

/*
 * libaudit's own errors are mended in syscall-audit.c and checked below. make-syscall-table.sh
 * compares libseccomp with all of the kernel's tables, also with what we keep no copy of.
 */
static const Known known[] = {
	/* the kernel's table has it for 32 bits only */
	{ 0x8000000f, 140, "_llseek", "", "" },
};

static bool is_known(uint32_t arch, int64_t nr, const char *const names[static 3])
{
	for (size_t i = 0; i < ELEMENTSOF(known); i++)
		if (known[i].arch == arch && known[i].nr == nr &&
		    strcmp(known[i].libseccomp, names[0]) == 0 &&
		    strcmp(known[i].supplement, names[1]) == 0 &&
		    strcmp(known[i].libaudit, names[2]) == 0)
			return true;
	return false;
}

static void ask_libseccomp(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX])
{
	_cleanup_free_ char *name = NULL;

	buf[0] = '\0';
	/* below the base it answers on MIPS as if the base were there */
	if (nr < syscall_supplement_base(arch))
		return;
	name = seccomp_syscall_resolve_num_arch(
		arch, (int)(arch == ARCH_WORD_X32 ? nr | ARCH_X32_BIT : nr));
	if (name)
		snprintf(buf, SYSCALL_NAME_MAX, "%s", name);
}

static bool agree(const char *a, const char *b)
{
	return *a == '\0' || *b == '\0' || strcmp(a, b) == 0;
}

/* Whether our tables claim to have all calls of this architecture, or all from 424 on. */
static bool is_covered(uint32_t arch, int64_t nr)
{
	int64_t at;

	if (syscall_supplement_number(arch, SPAN_LIT("exit"), &at) == 0)
		return true;
	return syscall_supplement_number(arch, SPAN_LIT("pidfd_send_signal"), &at) == 0 &&
	       nr >= at && nr < at + 512 - 424;
}

static unsigned check_number(uint32_t arch, int64_t nr)
{
	char libseccomp[SYSCALL_NAME_MAX], supplement[SYSCALL_NAME_MAX] = "";
	const char *libaudit = syscall_audit_name(arch, nr) ?: "";
	Span name = syscall_supplement_name(arch, nr);
	bool sound;

	if (name.n > 0)
		assert_true(span_copy(name, supplement, sizeof(supplement)));
	ask_libseccomp(arch, nr, libseccomp);
	sound = agree(libseccomp, supplement) && agree(libseccomp, libaudit) &&
		agree(supplement, libaudit);
	/* who should know and does not, or knows alone */
	if (*libseccomp && !*supplement && is_covered(arch, nr))
		sound = false;
	if (*libaudit && !*libseccomp && !*supplement)
		sound = false;
	if (sound || is_known(arch, nr, (const char *const[]){ libseccomp, supplement, libaudit }))
		return 0;
	print_error("%s %lld: libseccomp \"%s\", supplement \"%s\", libaudit \"%s\"\n",
		    arch_name(arch), (long long)nr, libseccomp, supplement, libaudit);
	return 1;
}

static void test_no_two_sources_disagree(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(words); i++) {
		assert_string_not_equal(arch_name(words[i]), "unknown");
		for (size_t k = 0; k < ELEMENTSOF(ranges); k++)
			for (int64_t nr = ranges[k].first; nr <= ranges[k].last; nr++)
				bad += check_number(words[i], nr);
	}
	assert_int_equal(bad, 0);
}

/* What libaudit says when it is asked itself is ours after the mending, or not said at all. */
static void test_libaudits_errors_are_mended(void **state)
{
	unsigned asked = 0, renamed = 0, refused = 0;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(words); i++) {
		int machine = audit_elf_to_machine(words[i]);

		for (int nr = 0; machine >= 0 && nr < 1000; nr++) {
			const char *raw = audit_syscall_to_name(nr, machine);
			char name[SYSCALL_NAME_MAX];
			SyscallSource source;

			if (!raw)
				continue;
			asked++;
			if (syscall_name_from(words[i], nr, name, &source) < 0) {
				refused++;
				assert_null(syscall_audit_name(words[i], nr));
				continue;
			}
			renamed += strcmp(raw, name) != 0;
			if (strcmp(syscall_audit_name(words[i], nr) ?: "", name) != 0)
				fail_msg("%s %d: libaudit says \"%s\", mended \"%s\", and it is %s",
					 arch_name(words[i]), nr, raw,
					 syscall_audit_name(words[i], nr) ?: "", name);
		}
	}
	print_message("# libaudit names %u calls: %u renamed, %u refused\n", asked, renamed,
		      refused);
	assert_true(asked > 1000);
}

/* Names are well formed, unique on their architecture, and lead back to the number. */
static void test_our_own_tables_are_whole(void **state)
{
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(words); i++)
		for (size_t k = 0; k < ELEMENTSOF(ranges); k++)
			for (int64_t nr = ranges[k].first; nr <= ranges[k].last; nr++) {
				Span name = syscall_supplement_name(words[i], nr);
				int64_t back = -1;

				if (name.n == 0)
					continue;
				n++;
				assert_true(name.n < SYSCALL_NAME_MAX);
				for (size_t c = 0; c < name.n; c++)
					assert_non_null(
						strchr("abcdefghijklmnopqrstuvwxyz_0123456789",
						       name.p[c]));
				assert_int_equal(syscall_supplement_number(words[i], name, &back),
						 0);
				if (back != nr)
					fail_msg("%s %lld: %.*s is %lld too", arch_name(words[i]),
						 (long long)nr, (int)name.n, name.p,
						 (long long)back);
			}
	print_message("# our own tables name %u calls\n", n);
	assert_true(n > 5000);
}

/* The numbers from 424 on are one table for all. */
static void test_new_calls_are_known_everywhere(void **state)
{
	static const struct {
		int64_t base;
		uint32_t arch;
	} rows[] = {
		{ 0, 0xc000003e },    { 0, 0x40000003 },    { 0, 0x4000003e },
		{ 0, 0xc00000b7 },    { 0, 0x40000028 },    { 0, 0x14 },
		{ 0, 0xc0000015 },    { 0, 0x80000016 },    { 0, 0xc00000f3 },
		{ 0, 0xc0000102 },    { 4000, 0x40000008 }, { 5000, 0xc0000008 },
		{ 6000, 0xe0000008 }, { 110, 0xc0009026 },  { 0, 0x8000002b },
		{ 0, 0x5e },
	};
	char name[SYSCALL_NAME_MAX], here[SYSCALL_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		for (int64_t nr = 424; nr <= 472; nr++) {
			if (nr == 447)
				continue;
			assert_int_equal(syscall_name(ARCH_WORD_X86_64, nr, name), 0);
			assert_int_equal(syscall_name(rows[i].arch, nr + rows[i].base, here), 0);
			assert_string_equal(name, here);
		}
}

UNIT_MAIN(cmocka_unit_test(test_no_two_sources_disagree),
	  cmocka_unit_test(test_libaudits_errors_are_mended),
	  cmocka_unit_test(test_our_own_tables_are_whole),
	  cmocka_unit_test(test_new_calls_are_known_everywhere))
