/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines are what ausearch 3.0.9 -i makes of records, and what newer ones print. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/interpreted.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

static void parse(const char *text, Record *ret)
{
	const char *reason;

	assert_int_equal(interpreted_parse(span_of(text), ret, &reason), 0);
}

static void test_names_become_numbers(void **state)
{
	Record r;

	(void)state;
	parse("auid=unset uid=root gid=users ses=unset subj==docker-default (enforce) pid=72503 "
	      "comm=a b\"c exe=/opt/a b (deleted) sig=SIGSYS arch=x86_64 syscall=pread compat=0 "
	      "ip=0x7fe2ff5017be code=log",
	      &r);
	assert_int_equal(r.auid, UINT32_MAX);
	assert_int_equal(r.uid, 0);
	assert_false(r.has & RECORD_HAS_GID);
	assert_true(span_is(r.subj, "=docker-default (enforce)"));
	assert_int_equal(r.pid, 72503);
	assert_true(span_is(r.comm, "a b\"c"));
	assert_true(span_is(r.exe, "/opt/a b (deleted)"));
	assert_int_equal(r.sig, 31);
	assert_int_equal(r.arch, ARCH_WORD_X86_64);
	assert_int_equal(r.nr, 17);
	assert_int_equal(r.ip, 0x7fe2ff5017be);
	assert_int_equal(r.code, 0x7ffc0000);
}

static void test_what_ausearch_did_not_know_is_kept(void **state)
{
	Record r;

	(void)state;
	parse("ses=1 pid=1 comm=sh exe=(null) sig=SIGKILL arch=unknown-elf-type(c00000f3) "
	      "syscall=unknown-syscall(-1) compat=0 ip=0x1 code=unknown-seccomp-code(0x12340000)",
	      &r);
	assert_int_equal(r.sig, 9);
	assert_int_equal(r.arch, 0xc00000f3);
	assert_int_equal(r.nr, -1);
	assert_true(r.has & RECORD_HAS_NR);
	assert_int_equal(r.code, 0x12340000);
}

static void test_ambiguous_words_are_absent(void **state)
{
	Record r;

	(void)state;
	parse("ses=1 pid=1 comm=sh exe=/a sig=SIGSYS arch=nonesuch syscall=nonesuch compat=0 "
	      "ip=0x1 "
	      "code=kill",
	      &r);
	assert_false(r.has & (RECORD_HAS_ARCH | RECORD_HAS_NR | RECORD_HAS_CODE));
	assert_int_equal(r.nr, -1);
	assert_int_equal(r.code, UINT32_MAX);
}

static void test_libaudits_own_names_are_translated(void **state)
{
	static const struct {
		const char *arch, *name;
		uint32_t word;
		int64_t nr;
	} rows[] = {
		{ "aarch64", "getdents", ARCH_WORD_AARCH64, 61 },
		{ "aarch64", "newfstat", ARCH_WORD_AARCH64, 80 },
		{ "i386", "sys_kexec_load", ARCH_WORD_I386, 283 },
		{ "x86_64", "pwrite", ARCH_WORD_X86_64, 18 },
		{ "armeb", "read", 0x40000028, 3 },
		{ "ppc64le", "statfs64", 0xc0000015, 252 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Record r;

		buffer_printf(&b,
			      "ses=1 pid=1 comm=x sig=SIG0 arch=%s syscall=%s ip=0x0 code=errno",
			      rows[i].arch, rows[i].name);
		parse(b.p, &r);
		assert_int_equal(r.arch, rows[i].word);
		assert_int_equal(r.nr, rows[i].nr);
		assert_int_equal(r.code, 0x50000);
	}
}

static void test_damage_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"ses=1 pid=1 comm=sh exe=/a sig=SIGSYS arch=x86_64 syscall=read compat=0 ip=0x1",
		"ses=1 pid=1 exe=/a sig=SIGSYS arch=x86_64 syscall=read compat=0 ip=0x1 code=log",
		"ses=1 pid=x comm=sh exe=/a sig=SIGSYS arch=x86_64 syscall=read compat=0 ip=0x1 "
		"code=log",
		"ses=1 pid=1 comm=sh exe=/a sig=SIGSYS arch=x86_64 syscall=read compat=0 ip=1 "
		"code=log",
	};
	const char *reason;
	Record r;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		assert_int_equal(interpreted_parse(span_of(texts[i]), &r, &reason), -EBADMSG);
}

UNIT_MAIN(cmocka_unit_test(test_names_become_numbers),
	  cmocka_unit_test(test_what_ausearch_did_not_know_is_kept),
	  cmocka_unit_test(test_ambiguous_words_are_absent),
	  cmocka_unit_test(test_libaudits_own_names_are_translated),
	  cmocka_unit_test(test_damage_is_refused))
