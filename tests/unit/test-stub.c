/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/stub.c: the answers before the filter (measured under runc). */
#include <errno.h>

#include "audit/syscall.h"
#include "profile/stub.h"
#include "tests/unit/profile-help.h"

#define RULES                                                                                   \
	"\"syscalls\":[{\"names\":[\"read\",\"statx\",\"no_such_call\"],\"action\":\"SCMP_ACT_" \
	"ALLOW\"}]"
#define X86_64 "\"architectures\":[\"SCMP_ARCH_X86_64\"],"
#define ALL_X86 "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],"

enum { STATX = 332, STATX_I386 = 383, ENOSYS_WORD = 0x00050026, EPERM_WORD = 0x00050001 };

static Profile *read_under(const char *head, Runtime runtime, uint32_t version)
{
	const ProfileContext context = { .host_arch = ARCH_WORD_X86_64,
					 .runtime = runtime,
					 .runtime_version = version };
	Profile *p = NULL;
	char text[512];

	snprintf(text, sizeof(text), "{%s%s}", head, RULES);
	assert_int_equal(profile_read(span_of(text), DIALECT_OCI, &context, &p, NULL), 0);
	return p;
}

static void test_it_ends_at_the_largest_name(void **state)
{
	static const struct {
		const char *head;
		bool stub;
	} cases[] = {
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",", true },
		{ "\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",", true },
		{ "\"defaultAction\":\"SCMP_ACT_TRAP\",", true },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,", false },
		{ "\"defaultAction\":\"SCMP_ACT_LOG\",", false },
		{ "\"defaultAction\":\"SCMP_ACT_TRACE\",", false },
		{ "\"defaultAction\":\"SCMP_ACT_ALLOW\",", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *runc = read_under(cases[i].head, RUNTIME_RUNC, 0);
		_cleanup_(profile_freep) Profile *crun = read_under(cases[i].head, RUNTIME_CRUN, 0);

		assert_int_equal(stub_limit(runc, ARCH_WORD_X86_64), cases[i].stub ? STATX : -1);
		assert_int_equal(stub_limit(crun, ARCH_WORD_X86_64), -1);
	}
}

static void test_a_profile_that_names_nothing_has_none(void **state)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{"
				   "\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	const ProfileContext context = { .host_arch = ARCH_WORD_X86_64, .runtime = RUNTIME_RUNC };
	_cleanup_(profile_freep) Profile *p = NULL;

	(void)state;
	assert_int_equal(profile_read(span_of(text), DIALECT_OCI, &context, &p, NULL), 0);
	assert_int_equal(stub_limit(p, ARCH_WORD_X86_64), -1); /* read is number 0 */
}

static void test_an_old_runc_forgets_the_host(void **state)
{
	static const char head[] = "\"defaultAction\":\"SCMP_ACT_ERRNO\",";
	_cleanup_(profile_freep) Profile *old = read_under(head, RUNTIME_RUNC, 0x010105);
	_cleanup_(profile_freep) Profile *later = read_under(head, RUNTIME_RUNC, 0x01010e);
	_cleanup_(profile_freep) Profile *listed =
		read_under("\"defaultAction\":\"SCMP_ACT_ERRNO\"," X86_64, RUNTIME_RUNC, 0x010105);

	(void)state;
	assert_int_equal(stub_limit(old, ARCH_WORD_X86_64), -1);
	assert_int_equal(stub_limit(later, ARCH_WORD_X86_64), STATX);
	assert_int_equal(stub_limit(listed, ARCH_WORD_X86_64), STATX);
}

static void test_answers(void **state)
{
	enum { OPENAT2 = 437, BAD_ARCH = 0 };
	static const struct {
		const char *arches;
		uint32_t arch;
		int nr;
		uint32_t runc, crun;
	} cases[] = {
		{ X86_64, ARCH_WORD_X86_64, 0, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW },
		{ X86_64, ARCH_WORD_X86_64, STATX - 1, EPERM_WORD, EPERM_WORD },
		{ X86_64, ARCH_WORD_X86_64, STATX, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW },
		{ X86_64, ARCH_WORD_X86_64, STATX + 1, ENOSYS_WORD, EPERM_WORD },
		{ X86_64, ARCH_WORD_X86_64, 9999, ENOSYS_WORD, EPERM_WORD },
		/* The x32 bit leads past the stub of x86_64, also in -1. */
		{ X86_64, ARCH_WORD_X86_64, ARCH_X32_BIT | OPENAT2, BAD_ARCH, BAD_ARCH },
		{ X86_64, ARCH_WORD_I386, OPENAT2, BAD_ARCH, BAD_ARCH },
		{ ALL_X86, ARCH_WORD_X86_64, OPENAT2, ENOSYS_WORD, EPERM_WORD },
		{ ALL_X86, ARCH_WORD_X86_64, ARCH_X32_BIT | OPENAT2, ENOSYS_WORD, EPERM_WORD },
		{ ALL_X86, ARCH_WORD_X86_64, ARCH_X32_BIT | 1, EPERM_WORD, EPERM_WORD },
		{ ALL_X86, ARCH_WORD_X86_64, -1, ENOSYS_WORD, EPERM_WORD },
		{ ALL_X86, ARCH_WORD_I386, STATX_I386, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW },
		{ ALL_X86, ARCH_WORD_I386, STATX_I386 + 1, ENOSYS_WORD, EPERM_WORD },
		{ ALL_X86, ARCH_WORD_AARCH64, 0, BAD_ARCH, BAD_ARCH },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_(profile_freep) Profile *q = NULL;
		_cleanup_filter_ Filter runc = { 0 };
		_cleanup_filter_ Filter crun = { 0 };
		char head[256];

		snprintf(head, sizeof(head), "\"defaultAction\":\"SCMP_ACT_ERRNO\",%s",
			 cases[i].arches);
		p = read_under(head, RUNTIME_RUNC, 0);
		q = read_under(head, RUNTIME_CRUN, 0);
		help_filter(p, &runc);
		help_filter(q, &crun);
		if (help_ask(&runc, cases[i].arch, cases[i].nr, 0) != cases[i].runc ||
		    help_ask(&crun, cases[i].arch, cases[i].nr, 0) != cases[i].crun)
			fail_msg("case %zu", i);
	}
}

/* Number 0 is how a newer call arrives there. */
static void test_s390_answers_setup(void **state)
{
	const ProfileContext context = { .host_arch = 0x80000016U, .runtime = RUNTIME_RUNC };
	const uint32_t arch = 0x80000016U;
	_cleanup_(profile_freep) Profile *p = help_read_in(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\"," RULES "}", DIALECT_OCI, &context);
	struct sock_filter insns[STUB_INSNS_PER_ARCH + 2];
	_cleanup_filter_ Filter f = { 0 };
	size_t n;

	(void)state;
	n = stub_write(p, &arch, 1, insns);
	assert_in_range(n, 1, STUB_INSNS_PER_ARCH + 1);
	insns[n++] = (struct sock_filter){ .code = BPF_RET | BPF_K, .k = EPERM_WORD };
	assert_int_equal(bpf_load(span_make((const char *)insns, n * sizeof(*insns)), &f.bpf), 0);
	assert_int_equal(help_ask(&f, arch, 0, 0), ENOSYS_WORD);
	assert_int_equal(help_ask(&f, arch, 3, 0), EPERM_WORD);
	assert_int_equal(help_ask(&f, arch, 9999, 0), ENOSYS_WORD);
}

UNIT_MAIN(cmocka_unit_test(test_it_ends_at_the_largest_name),
	  cmocka_unit_test(test_a_profile_that_names_nothing_has_none),
	  cmocka_unit_test(test_an_old_runc_forgets_the_host), cmocka_unit_test(test_answers),
	  cmocka_unit_test(test_s390_answers_setup))
