/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/proof.c: the difference of two filters, complete and without noise. */
#include <errno.h>

#include "profile/proof.h"
#include "tests/unit/profile-help.h"

static void compare(const char *before, const char *after, Proof *ret)
{
	_cleanup_(profile_freep) Profile *p = help_read(before, DIALECT_OCI);
	_cleanup_(profile_freep) Profile *q = help_read(after, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };

	help_filter(p, &f);
	help_filter(q, &g);
	assert_int_equal(proof_compare(&f, &g, ret), 0);
}

#define P(rules)                                                                       \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"," \
	"\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":[" rules "]}"
#define R(names, args) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" args "]}"
#define A(op, value, two) \
	"{\"index\":0,\"op\":\"SCMP_CMP_" op "\",\"value\":" #value ",\"valueTwo\":" #two "}"

static const ProofChange *find(const Proof *p, uint32_t arch, const char *name, const char *inner)
{
	for (size_t i = 0; i < p->n_changes; i++)
		if (p->changes[i].arch == arch && strcmp(p->changes[i].name, name) == 0 &&
		    strcmp(p->changes[i].inner, inner) == 0)
			return &p->changes[i];
	return NULL;
}

static void test_equal_filters_have_no_difference(void **state)
{
	_cleanup_proof_ Proof p = { 0 };

	(void)state;
	compare(P(R("\"read\",\"clone\"", "") "," R("\"socket\"", A("LT", 38, 0))),
		P(R("\"socket\"", A("LT", 38, 0)) "," R("\"clone\"", "") "," R("\"read\"", "")),
		&p);
	assert_int_equal(p.n_changes, 0);
	assert_true(p.evaluated > 3000);
	assert_true(p.assumed);
	assert_true(p.library[0] >= '2');
}

static void test_a_name_shows_on_each_architecture(void **state)
{
	_cleanup_proof_ Proof p = { 0 };
	const ProofChange *c;

	(void)state;
	compare(P(R("\"read\"", "")), P(R("\"read\",\"statx\"", "")), &p);
	assert_int_equal(p.n_changes, 3);
	c = find(&p, ARCH_WORD_X32, "statx", "");
	assert_non_null(c);
	assert_int_equal(c->nr, ARCH_X32_BIT + 332);
	assert_int_equal(c->before, SECCOMP_RET_LOG);
	assert_int_equal(c->after, SECCOMP_RET_ALLOW);
	assert_false(c->by_arguments);
	assert_non_null(find(&p, ARCH_WORD_I386, "statx", ""));
	assert_non_null(find(&p, ARCH_WORD_X86_64, "statx", ""));
}

static void test_a_multiplexer_tells_its_inner_call(void **state)
{
	_cleanup_proof_ Proof p = { 0 };

	(void)state;
	compare(P(R("\"read\",\"socket\"", "")), P(R("\"read\",\"socket\",\"bind\"", "")), &p);
	assert_int_equal(p.n_changes, 4);
	assert_non_null(find(&p, ARCH_WORD_I386, "socketcall", "bind"));
	assert_non_null(find(&p, ARCH_WORD_I386, "bind", ""));
	assert_null(find(&p, ARCH_WORD_I386, "socketcall", "socket"));
}

static void test_one_value_of_an_argument_does_not_escape(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{ A("LT", 38, 0), A("LE", 38, 0) },
		{ A("EQ", 8, 0), A("EQ", 9, 0) },
		{ A("GE", 4294967296, 0), A("GT", 4294967296, 0) },
		{ A("MASKED_EQ", 2114060288, 0), A("MASKED_EQ", 2113929216, 0) },
		{ A("MASKED_EQ", 15, 8), A("MASKED_EQ", 15, 9) },
		{ A("NE", 18446744073709551615, 0), A("NE", 18446744073709551614, 0) },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_proof_ Proof p = { 0 };
		char before[512], after[512];

		snprintf(before, sizeof(before), P(R("\"personality\"", "%s")), cases[i].before);
		snprintf(after, sizeof(after), P(R("\"personality\"", "%s")), cases[i].after);
		compare(before, after, &p);
		if (p.n_changes == 0)
			fail_msg("%s and %s look alike", cases[i].before, cases[i].after);
		assert_true(p.changes[0].by_arguments);
		assert_string_equal(p.changes[0].name, "personality");
	}
}

static void test_an_erased_argument_rule_shows(void **state)
{
	_cleanup_proof_ Proof p = { 0 };

	(void)state;
	compare(P(R("\"read\"", "") "," R("\"personality\"", A("EQ", 8, 0))),
		P(R("\"read\",\"personality\"", "") "," R("\"personality\"", A("EQ", 8, 0))), &p);
	assert_true(p.n_changes >= 3);
	assert_true(p.changes[0].by_arguments);
}

static void test_another_architecture_shows(void **state)
{
	_cleanup_proof_ Proof p = { 0 };

	(void)state;
	compare("{\"defaultAction\":\"SCMP_ACT_ERRNO\"}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86\"]}", &p);
	assert_true(p.n_changes > 400);
	assert_true(p.changes[0].arch == ARCH_WORD_I386);
	assert_int_equal(proof_kind(&p.changes[0]), PROOF_CHANGED);
}

/* Numbers that nobody knows are told as ranges, and all numbers are told. */
static void test_unknown_numbers_are_ranges(void **state)
{
	_cleanup_proof_ Proof p = { 0 };
	const ProofChange *last = NULL;
	int64_t next = 0;

	(void)state;
	compare("{\"defaultAction\":\"SCMP_ACT_LOG\"}", "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}",
		&p);
	for (size_t i = 0; i < p.n_changes && p.changes[i].nr == next; i++) {
		last = &p.changes[i];
		next = last->nr_last + 1;
		assert_true(!last->name[0] || last->nr == last->nr_last);
		assert_int_equal(proof_kind(last), PROOF_DENIED);
	}
	assert_true(next >= 1024);
	assert_true(last && !last->name[0] && last->nr_last > last->nr);
}

static void test_kinds(void **state)
{
	static const struct {
		uint32_t before, after;
		ProofKind kind;
	} cases[] = {
		{ SECCOMP_RET_ERRNO, SECCOMP_RET_ALLOW, PROOF_ALLOWED },
		{ SECCOMP_RET_LOG, SECCOMP_RET_ALLOW, PROOF_ALLOWED },
		{ SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, PROOF_LOGGED },
		{ SECCOMP_RET_ERRNO, SECCOMP_RET_LOG, PROOF_LOGGED },
		{ SECCOMP_RET_LOG, SECCOMP_RET_TRAP, PROOF_DENIED },
		{ SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_THREAD, PROOF_DENIED },
		{ SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 38, PROOF_CHANGED },
		{ SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_TRACE, PROOF_CHANGED },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		assert_int_equal(proof_kind(&(ProofChange){ .before = cases[i].before,
							    .after = cases[i].after }),
				 cases[i].kind);
	assert_string_equal(proof_kind_name(PROOF_DENIED), "denied");
}

static void test_too_many_changes_end_it(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(P(R("\"read\"", "")), DIALECT_OCI);
	_cleanup_(profile_freep) Profile *q = help_read(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\","
		"\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\",\"SCMP_ARCH_ARM\","
		"\"SCMP_ARCH_AARCH64\",\"SCMP_ARCH_MIPSEL\",\"SCMP_ARCH_MIPSEL64\","
		"\"SCMP_ARCH_MIPSEL64N32\",\"SCMP_ARCH_PPC64LE\",\"SCMP_ARCH_RISCV64\"]}",
		DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };
	Proof none = { 0 };

	(void)state;
	help_filter(p, &f);
	help_filter(q, &g);
	assert_int_equal(proof_compare(&f, &g, &none), -E2BIG);
	assert_null(none.changes);
}

UNIT_MAIN(cmocka_unit_test(test_equal_filters_have_no_difference),
	  cmocka_unit_test(test_a_name_shows_on_each_architecture),
	  cmocka_unit_test(test_a_multiplexer_tells_its_inner_call),
	  cmocka_unit_test(test_one_value_of_an_argument_does_not_escape),
	  cmocka_unit_test(test_an_erased_argument_rule_shows),
	  cmocka_unit_test(test_another_architecture_shows),
	  cmocka_unit_test(test_unknown_numbers_are_ranges), cmocka_unit_test(test_kinds),
	  cmocka_unit_test(test_too_many_changes_end_it))
