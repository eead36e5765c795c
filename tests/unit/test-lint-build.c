/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/lint-build.c: lint has an error exactly where the filter cannot be built. What is
 * expected here is what Docker, Podman, runc and crun did with the same profiles. */
#include "profile/lint.h"
#include "tests/unit/profile-help.h"

#define ARG(index, op, value) \
	"{\"index\":" #index ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #value "}"
#define MASK(index, mask, datum)                                               \
	"{\"index\":" #index ",\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":" #mask \
	",\"valueTwo\":" #datum "}"
#define RULE(name, action, args) \
	"\t\t{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define PAIR(name, a, b) RULE(name, "ERRNO", a) ",\n" RULE(name, "ALLOW", b)

static const struct {
	const char *what, *rules;
	bool refused, without_x86; /* does libseccomp refuse it, and where x86 is not listed? */
} cases[] = {
	{ "the same value", PAIR("chmod", ARG(0, "EQ", 1), ARG(0, "EQ", 1)), true, true },
	{ "another order",
	  PAIR("chmod", ARG(0, "EQ", 1) "," ARG(1, "EQ", 2), ARG(1, "EQ", 2) "," ARG(0, "EQ", 1)),
	  true, true },
	{ "one condition less", PAIR("chmod", ARG(0, "EQ", 1) "," ARG(1, "EQ", 2), ARG(0, "EQ", 1)),
	  true, true },
	{ "one condition more", PAIR("chmod", ARG(0, "EQ", 1), ARG(0, "EQ", 1) "," ARG(1, "EQ", 2)),
	  false, false },
	{ "the same low half", PAIR("chmod", ARG(0, "EQ", 1), ARG(0, "EQ", 4294967297)), true,
	  false },
	{ "the same masked bits", PAIR("chmod", MASK(0, 8, 8), MASK(0, 8, 12)), true, true },
	{ "other masked bits", PAIR("chmod", MASK(0, 8, 8), MASK(0, 8, 4)), false, false },
	{ "a rule that falls apart",
	  PAIR("chmod", ARG(0, "EQ", 1) "," ARG(0, "EQ", 2), ARG(0, "EQ", 2)), true, true },
	{ "both through socketcall", PAIR("socket", ARG(0, "EQ", 16), ARG(0, "EQ", 1)), true,
	  false },
	{ "both through ipc", PAIR("shmat", ARG(0, "EQ", 16), ARG(0, "EQ", 1)), true, false },
	{ "without arguments through socketcall", PAIR("socket", ARG(0, "EQ", 16), ""), true,
	  false },
	{ "socketcall allowed before",
	  RULE("socketcall", "ALLOW", "") ",\n" PAIR("socket", ARG(0, "EQ", 16), ARG(0, "EQ", 1)),
	  false, false },
	{ "a name that nobody knows", PAIR("no_such_call", ARG(0, "EQ", 1), ARG(0, "EQ", 1)), false,
	  false },
	{ "one that equals the default",
	  RULE("chmod", "LOG", ARG(0, "EQ", 1)) ",\n" RULE("chmod", "ERRNO", ARG(0, "EQ", 1)),
	  false, false },
	{ "values that exclude each other", PAIR("chmod", ARG(0, "LT", 5), ARG(0, "GE", 5)), false,
	  false },
};

static bool has_conflict(const LintReport *r, unsigned *ret_line)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->findings[i].severity == LINT_ERROR) {
			assert_string_equal(r->findings[i].code, "L09");
			*ret_line = r->findings[i].line;
			return true;
		}
	return false;
}

static bool builds(const char *text)
{
	_cleanup_(profile_freep) Profile *p = help_read(text, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };

	return filter_build(p, &f, NULL) == 0;
}

static void check(size_t i, const char *arches, bool refused)
{
	_cleanup_free_ char *text = NULL;

	assert_true(asprintf(&text,
			     "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[%s],"
			     "\n\"syscalls\":[\n%s]}",
			     arches, cases[i].rules) > 0);
	assert_int_equal(builds(text), !refused);
	for (unsigned d = DIALECT_DOCKER; d <= DIALECT_OCI; d++) {
		const LintInput in = { span_of(text), (Dialect)d, ARCH_WORD_X86_64, NULL, NULL };
		_cleanup_lint_ LintReport r = { 0 };
		unsigned line = 0;

		assert_int_equal(lint(&in, &r), 0);
		if (has_conflict(&r, &line) != refused)
			fail_msg("%s for %s: refused is not %d", cases[i].what,
				 dialect_name((Dialect)d), refused);
		assert_int_equal(line, refused ? 4 : 0);
	}
}

static void test_conflicts_are_those_of_libseccomp(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		check(i, "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"", cases[i].refused);
		check(i, "\"SCMP_ARCH_X86_64\"", cases[i].without_x86);
	}
}

/* What is there only with a capability stands against others only then. */
static void test_conditions_are_tried_both_ways(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\","
		"\"SCMP_ARCH_X86\"],\"syscalls\":["
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[" ARG(
			0, "EQ",
			16) "],\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"
			    "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" ARG(
				    0, "EQ", 1) "]}]}";
	const LintInput in = { span_of(text), DIALECT_DOCKER, ARCH_WORD_X86_64, NULL, NULL };
	_cleanup_lint_ LintReport r = { 0 };
	unsigned line;

	(void)state;
	assert_true(builds("{\"defaultAction\":\"SCMP_ACT_LOG\"}"));
	assert_int_equal(lint(&in, &r), 0);
	assert_true(has_conflict(&r, &line));
}

/* In a file of something else, at the place that it has there. */
static void test_the_place_is_one_of_the_whole_file(void **state)
{
	static const char text[] =
		"{\n\"spec\": {\"defaultAction\":\"SCMP_ACT_LOG\",\n"
		"\"syscalls\":[\n" PAIR("chmod", MASK(0, 8, 8), MASK(0, 8, 12)) "]}}";
	const LintInput in = { span_of(text), DIALECT_OCI, ARCH_WORD_X86_64, "/spec", NULL };
	_cleanup_lint_ LintReport r = { 0 };
	bool found = false;

	(void)state;
	assert_int_equal(lint(&in, &r), 0);
	for (size_t i = 0; i < r.n; i++)
		if (r.findings[i].severity == LINT_ERROR) {
			found = true;
			assert_string_equal(r.findings[i].where, "/spec/syscalls/1");
			assert_int_equal(r.findings[i].line, 5);
			assert_int_equal(r.findings[i].column, 3);
		}
	assert_true(found);
}

UNIT_MAIN(cmocka_unit_test(test_conflicts_are_those_of_libseccomp),
	  cmocka_unit_test(test_conditions_are_tried_both_ways),
	  cmocka_unit_test(test_the_place_is_one_of_the_whole_file))
