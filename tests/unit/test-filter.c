/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/filter.c: what runc and crun make of a profile (measured on both). */
#include <errno.h>
#include <seccomp.h>

#include "audit/syscall.h"
#include "tests/unit/profile-help.h"

#define X86_64 ARCH_WORD_X86_64

enum { LOG = 0x7ffc0000, ALLOW = 0x7fff0000, EPERM_WORD = 0x00050001 };

/* Numbers of x86_64. */
enum { NR_READ = 0, NR_SOCKET = 41, NR_CLONE = 56, NR_PERSONALITY = 135 };

static void build(const char *rules, Filter *ret, Profile **ret_profile)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
		 "\"syscalls\":[%s]}",
		 rules);
	*ret_profile = help_read(text, DIALECT_OCI);
	help_filter(*ret_profile, ret);
}

#define R(names, action, args) \
	"{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define A(index, op, value) "{\"index\":" #index ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #value "}"

static void test_precedence_is_that_of_libseccomp(void **state)
{
	static const struct {
		const char *what, *rules;
		uint32_t with_8, with_9; /* answers to personality(8) and (9) */
	} cases[] = {
		{ "first unconditional wins",
		  R("\"personality\"", "ALLOW", "") "," R("\"personality\"", "ERRNO", ""), ALLOW,
		  ALLOW },
		{ "first unconditional wins, the other way",
		  R("\"personality\"", "ERRNO", "") "," R("\"personality\"", "ALLOW", ""),
		  EPERM_WORD, EPERM_WORD },
		{ "unconditional erases arguments before it",
		  R("\"personality\"", "ERRNO", A(0, "EQ", 8)) "," R("\"personality\"", "ALLOW",
								     ""),
		  ALLOW, ALLOW },
		{ "and after it",
		  R("\"personality\"", "ALLOW", "") "," R("\"personality\"", "ERRNO",
							  A(0, "EQ", 8)),
		  ALLOW, ALLOW },
		{ "a condition", R("\"personality\"", "ALLOW", A(0, "EQ", 8)), ALLOW, LOG },
		{ "equal to the default is left out",
		  R("\"personality\"", "LOG", "") "," R("\"personality\"", "ALLOW", ""), ALLOW,
		  ALLOW },
		{ "an argument twice is either",
		  R("\"personality\"", "ALLOW", A(0, "GE", 9) "," A(0, "LE", 8)), ALLOW, ALLOW },
		{ "conditions of one rule hold together",
		  R("\"personality\"", "ALLOW", A(0, "EQ", 8) "," A(1, "EQ", 1)), LOG, LOG },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_filter_ Filter f = { 0 };

		build(cases[i].rules, &f, &p);
		if (help_ask(&f, X86_64, NR_PERSONALITY, 8) != cases[i].with_8 ||
		    help_ask(&f, X86_64, NR_PERSONALITY, 9) != cases[i].with_9)
			fail_msg("%s", cases[i].what);
	}
}

static void test_each_comparison_compares_64_bits(void **state)
{
	static const uint64_t values[] = { 0, 7, 8, 9, 1ULL << 32, (1ULL << 32) + 8, UINT64_MAX };
	static const char *const names[] = { "NE", "LT", "LE", "EQ", "GE", "GT" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(names); i++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_filter_ Filter f = { 0 };
		char rule[256];

		snprintf(rule, sizeof(rule),
			 "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{"
			 "\"index\":0,"
			 "\"op\":\"SCMP_CMP_%s\",\"value\":8}]}",
			 names[i]);
		build(rule, &f, &p);
		for (size_t k = 0; k < ELEMENTSOF(values); k++) {
			uint64_t v = values[k];
			const bool holds[] = { v != 8, v<8, v <= 8, v == 8, v >= 8, v> 8 };

			assert_int_equal(help_ask(&f, X86_64, NR_SOCKET, v),
					 holds[i] ? (uint32_t)ALLOW : (uint32_t)LOG);
		}
	}
}

static void test_a_mask_is_value_and_its_datum_value_two(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	build("{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	      "\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":2114060288,\"valueTwo\":0}]}",
	      &f, &p);
	assert_int_equal(help_ask(&f, X86_64, NR_CLONE, 0x11), ALLOW);
	assert_int_equal(help_ask(&f, X86_64, NR_CLONE, 0x10000000), LOG);
}

static void test_unknown_names_are_dropped_and_told(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	build(R("\"read\",\"no_such_call\",\"_exit\"", "ALLOW", ""), &f, &p);
	assert_int_equal(f.n_unknown, 2);
	assert_string_equal(f.unknown[0], "no_such_call");
	assert_int_equal(help_ask(&f, X86_64, NR_READ, 0), ALLOW);
	assert_true(filter_knows_name("read"));
	assert_false(filter_knows_name("no_such_call"));
}

static void test_unlisted_architectures_are_killed(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	build(R("\"read\"", "ALLOW", ""), &f, &p);
	assert_int_equal(help_ask(&f, ARCH_WORD_I386, 3, 0), 0);
	assert_int_equal(help_ask(&f, X86_64, ARCH_X32_BIT + NR_READ, 0), 0);
	assert_int_equal(help_ask(&f, X86_64, NR_SOCKET, 0), LOG);
}

static void test_the_host_is_there_whether_listed_or_not(void **state)
{
	_cleanup_(profile_freep) Profile *p =
		help_read("{\"defaultAction\":\"SCMP_ACT_LOG\"}", DIALECT_OCI);
	_cleanup_(profile_freep) Profile *arm = NULL;
	const ProfileContext aarch64 = { .host_arch = ARCH_WORD_AARCH64 };
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };

	(void)state;
	help_filter(p, &f);
	assert_int_equal(f.n_arches, 1);
	assert_int_equal(help_ask(&f, X86_64, NR_READ, 0), LOG);
	assert_int_equal(profile_read(SPAN_LIT("{\"defaultAction\":\"SCMP_ACT_LOG\"}"), DIALECT_OCI,
				      &aarch64, &arm, NULL),
			 0);
	help_filter(arm, &g);
	assert_int_equal(help_ask(&g, ARCH_WORD_AARCH64, 0, 0), LOG);
	assert_int_equal(help_ask(&g, X86_64, 0, 0), 0);
}

/* libseccomp writes the program of a big-endian host in that order. */
static void test_a_host_of_another_byte_order_is_read(void **state)
{
	const ProfileContext s390x = { .host_arch = 0x80000016U };
	_cleanup_(profile_freep) Profile *p =
		help_read_in("{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
			     "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
			     DIALECT_OCI, &s390x);
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	help_filter(p, &f);
	assert_int_equal(help_ask(&f, s390x.host_arch, 3, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(help_ask(&f, s390x.host_arch, 4, 0), LOG);
}

static void test_two_actions_for_one_condition_are_told(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[\n" R(
			"\"socket\"", "ERRNO", A(0, "EQ", 16)) ",\n" R("\"socket\"", "ALLOW",
								       A(0, "EQ", 16)) "]}",
		DIALECT_OCI);
	Filter f = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(filter_build(p, &f, &d), -EBADMSG);
	assert_int_equal(d.line, 3);
	assert_non_null(strstr(d.text, "socket"));
}

/* As under an old one, or where seccomp(2) cannot be called: LOG is an action that neither knows.
 */
static void test_the_kernel_is_not_asked(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	assert_int_equal(seccomp_api_set(1), 0);
	build(R("\"read\"", "ALLOW", ""), &f, &p);
	assert_int_equal(help_ask(&f, X86_64, NR_READ, 0), ALLOW);
	assert_int_equal(help_ask(&f, X86_64, NR_SOCKET, 0), LOG);
}

UNIT_MAIN(cmocka_unit_test(test_precedence_is_that_of_libseccomp),
	  cmocka_unit_test(test_each_comparison_compares_64_bits),
	  cmocka_unit_test(test_a_mask_is_value_and_its_datum_value_two),
	  cmocka_unit_test(test_unknown_names_are_dropped_and_told),
	  cmocka_unit_test(test_unlisted_architectures_are_killed),
	  cmocka_unit_test(test_the_host_is_there_whether_listed_or_not),
	  cmocka_unit_test(test_a_host_of_another_byte_order_is_read),
	  cmocka_unit_test(test_two_actions_for_one_condition_are_told),
	  cmocka_unit_test(test_the_kernel_is_not_asked))
