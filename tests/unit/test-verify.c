/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/verify.c: whatever a patch does beyond its names, it is refused. */
#include <errno.h>

#include "suggest/verify.h"
#include "tests/unit/profile-help.h"

#define P(head, rules)                                                                          \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"" head "]," \
	"\"syscalls\":[" rules "]}"
#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"
#define DENY(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ERRNO\"}"
#define EIGHT                                                                                \
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0," \
	"\"op\":\"SCMP_CMP_EQ\",\"value\":8}]}"

static const char before[] = P("", DENY("\"mkdir\"") "," ALLOW("\"read\"") "," EIGHT);
static const char *names[] = { "chmod", "personality" };

static int verify(const char *after, size_t n, Diag *d)
{
	_cleanup_(profile_freep) Profile *p = help_read(before, DIALECT_OCI);
	_cleanup_(profile_freep) Profile *q = help_read(after, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };
	_cleanup_proof_ Proof proof = { 0 };
	const Plan plan = { .allow = { names, n } };
	int r;

	help_filter(p, &f);
	help_filter(q, &g);
	assert_int_equal(proof_compare(&f, &g, &proof), 0);
	r = verify_changes(&proof, &plan, p, q, d);
	return r < 0 ? r : verify_effect(&(VerifySide){ p, &f }, &(VerifySide){ q, &g }, &plan, d);
}

static void test_the_meant_change_passes(void **state)
{
	Diag d = { 0 };

	(void)state;
	if (verify(P("", DENY("\"mkdir\"") "," ALLOW("\"read\",\"chmod\"") "," EIGHT), 1, &d) < 0)
		fail_msg("%s", d.text);
}

static void test_any_other_change_is_refused(void **state)
{
	static const struct {
		const char *after, *part;
		size_t n;
	} cases[] = {
		{ P("", DENY("\"mkdir\"") "," ALLOW("\"read\",\"chmod\",\"chown\"") "," EIGHT),
		  "also change chown", 1 },
		{ P("", ALLOW("\"read\",\"chmod\"") "," EIGHT), "also change mkdir", 1 },
		{ P("", DENY("\"mkdir\"") "," ALLOW("\"chmod\"") "," EIGHT), "also change read",
		  1 },
		{ P("", DENY("\"mkdir\"") "," ALLOW("\"read\",\"chmod\"")),
		  "also change personality", 1 },
		{ P("", DENY("\"mkdir\"") "," DENY("\"chmod\"") "," ALLOW("\"read\"") "," EIGHT),
		  "also change chmod", 1 },
		{ P(",\"SCMP_ARCH_X32\"",
		    DENY("\"mkdir\"") "," ALLOW("\"read\",\"chmod\"") "," EIGHT),
		  "x32", 1 },
		/* named, but it is filtered by its arguments */
		{ P("",
		    DENY("\"mkdir\"") "," ALLOW("\"read\",\"chmod\",\"personality\"") "," EIGHT),
		  "also change personality", 2 },
		/* nothing else, and without the effect that was meant */
		{ P("", DENY("\"mkdir\"") "," ALLOW("\"read\"") "," EIGHT), "not allow chmod", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Diag d = { 0 };

		assert_int_equal(verify(cases[i].after, cases[i].n, &d), -ENOTRECOVERABLE);
		if (!strstr(d.text, cases[i].part))
			fail_msg("%zu: %s", i, d.text);
	}
}

/* A rule must hold for exactly its arguments: one flag less in its mask is found. */
static void test_a_rule_is_held_to_its_arguments(void **state)
{
	static const char text[] = P("", ALLOW("\"read\""));
	static const struct {
		const char *args;
		bool fine;
	} cases[] = {
		{ "{\"index\":0,\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":2114060288}", true },
		{ "{\"index\":0,\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":2113929216}", false },
		{ "{\"index\":1,\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":2114060288}", false },
		{ "{\"index\":0,\"op\":\"SCMP_CMP_EQ\",\"value\":0}", false },
		{ "", false },
	};
	_cleanup_(profile_freep) Profile *p = help_read(text, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };
	Plan plan = { .n_rules = 1 };

	(void)state;
	help_filter(p, &f);
	assert_int_equal(safe_rule_for("clone", f.arches, f.n_arches, &plan.rules[0]), 0);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *q = NULL;
		_cleanup_filter_ Filter g = { 0 };
		char after[1024];
		Diag d = { 0 };

		snprintf(after, sizeof(after),
			 P("", ALLOW("\"read\"") ",{\"names\":[\"clone\"],\"action\":"
						 "\"SCMP_ACT_ALLOW\",\"args\":[%s]}"),
			 cases[i].args);
		q = help_read(after, DIALECT_OCI);
		help_filter(q, &g);
		assert_int_equal(
			verify_effect(&(VerifySide){ p, &f }, &(VerifySide){ q, &g }, &plan, &d),
			cases[i].fine ? 0 : -ENOTRECOVERABLE);
	}
}

/* Listing an architecture is no way to change anything else, or its programs' calls to what no rule
 * says. */
static void test_an_added_architecture_brings_only_the_rules(void **state)
{
	static const struct {
		const char *after, *part;
	} cases[] = {
		{ P(",\"SCMP_ARCH_X86\"", DENY("\"mkdir\"") "," ALLOW("\"read\"") "," EIGHT),
		  NULL },
		{ P(",\"SCMP_ARCH_X86\"",
		    DENY("\"mkdir\"") "," ALLOW("\"read\",\"chmod\"") "," EIGHT),
		  "also change chmod on x86_64" },
		{ P(",\"SCMP_ARCH_X86\"", ALLOW("\"read\"") "," EIGHT), "also change mkdir" },
		{ P(",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"",
		    DENY("\"mkdir\"") "," ALLOW("\"read\"") "," EIGHT),
		  "on x32" },
	};
	const uint32_t added[] = { ARCH_WORD_I386 };
	_cleanup_(profile_freep) Profile *p = help_read(before, DIALECT_OCI);
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	help_filter(p, &f);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *q = help_read(cases[i].after, DIALECT_OCI);
		_cleanup_filter_ Filter g = { 0 };
		_cleanup_proof_ Proof proof = { 0 };
		Diag d = { 0 };
		int r;

		help_filter(q, &g);
		assert_int_equal(proof_compare(&f, &g, &proof), 0);
		r = verify_added_arches(&proof, added, 1, q, &d);
		assert_int_equal(r, cases[i].part ? -ENOTRECOVERABLE : 0);
		if (cases[i].part && !strstr(d.text, cases[i].part))
			fail_msg("%zu: %s", i, d.text);
		/* the text of one profile does not vouch for the filter of another */
		if (!cases[i].part)
			assert_int_equal(
				verify_added_arches(
					&proof, added, 1,
					&(Profile){ .default_action = ACTION_KILL_PROCESS }, &d),
				-ENOTRECOVERABLE);
	}
}

UNIT_MAIN(cmocka_unit_test(test_an_added_architecture_brings_only_the_rules),
	  cmocka_unit_test(test_a_rule_is_held_to_its_arguments),
	  cmocka_unit_test(test_the_meant_change_passes),
	  cmocka_unit_test(test_any_other_change_is_refused))
