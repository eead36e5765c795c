/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/meaning.c: the cheap form agrees with the filters, in both directions. */
#include "profile/meaning.h"
#include "profile/proof.h"
#include "tests/unit/profile-help.h"

#define P(more, rules)                                                                   \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"," \
	"\"SCMP_ARCH_X86\"]," more "\"syscalls\":[" rules "]}"
#define R(action, names, args) \
	"{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define A(index, op, value) "{\"index\":" #index ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #value "}"

static const ProfileContext runc = { .host_arch = ARCH_WORD_X86_64,
				     .kernel = 0x060100,
				     .runtime = RUNTIME_RUNC };

static void read_both(const char *a, const char *b, Profile **ret_a, Profile **ret_b,
		      MeaningVerdict *ret)
{
	Meaning m, n;

	*ret_a = help_read_in(a, DIALECT_OCI, &runc);
	*ret_b = help_read_in(b, DIALECT_OCI, &runc);
	assert_int_equal(meaning_of(*ret_a, &m), 0);
	assert_int_equal(meaning_of(*ret_b, &n), 0);
	*ret = meaning_compare(&m, &n);
	assert_int_equal(meaning_compare(&n, &m), *ret);
}

static void expect(const char *a, const char *b, MeaningVerdict verdict, int proved)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_(profile_freep) Profile *q = NULL;
	MeaningVerdict found;

	read_both(a, b, &p, &q, &found);
	if (found != verdict)
		fail_msg("%s and %s: verdict %d, not %d", a, b, found, verdict);
	assert_int_equal(meaning_proved(p, q), proved);
}

static void test_what_was_written_otherwise_is_the_same(void **state)
{
	(void)state;
	expect(P("", R("ALLOW", "\"read\",\"clone\"", "")),
	       P("", R("ALLOW", "\"clone\"", "") "," R("ALLOW", "\"read\",\"read\"", "")),
	       MEANING_SAME, 1);
	/* no such call, equal to the default, erased by an unconditional rule, a repeated one */
	expect(P("", R("ALLOW", "\"read\",\"no_such_call\"", "")),
	       P("", R("ALLOW", "\"read\"", "")), MEANING_SAME, 1);
	expect(P("", R("ALLOW", "\"openat2\"", "") "," R("ERRNO", "\"bind\"", "")),
	       P("", R("ALLOW", "\"openat2\"", "")), MEANING_SAME, 1);
	expect(P("", R("LOG", "\"read\"", A(0, "EQ", 1)) "," R("ALLOW", "\"read\"", "")),
	       P("", R("ALLOW", "\"read\"", "")), MEANING_SAME, 1);
	expect(P("", R("ALLOW", "\"read\"",
		       A(0, "EQ", 1) "," A(1, "EQ", 2)) "," R("ALLOW", "\"read\"", A(0, "EQ", 7))),
	       P("", R("ALLOW", "\"read\"", A(0, "EQ", 7)) "," R("ALLOW", "\"read\"",
								 A(1, "EQ", 2) "," A(0, "EQ", 1))),
	       MEANING_SAME, 1);
}

static void test_a_call_more_is_another(void **state)
{
	(void)state;
	expect(P("", R("ALLOW", "\"read\",\"openat2\"", "")),
	       P("", R("ALLOW", "\"read\",\"openat2\",\"bind\"", "")), MEANING_OTHER, 0);
	expect(P("", R("ALLOW", "\"read\"", "")), P("", R("LOG", "\"read\"", "")), MEANING_OTHER,
	       0);
	expect(P("\"defaultErrnoRet\":38,", R("ALLOW", "\"read\"", "")),
	       P("", R("ALLOW", "\"read\"", "")), MEANING_OTHER, 0);
	/* on another architecture only */
	expect(P("", R("ALLOW", "\"read\",\"vm86\"", "")), P("", R("ALLOW", "\"read\"", "")),
	       MEANING_OTHER, 0);
	/* what is refused is recorded in one of them only */
	expect(P("\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],", R("ALLOW", "\"read\"", "")),
	       P("", R("ALLOW", "\"read\"", "")), MEANING_OTHER, 0);
}

/* runc answers ENOSYS above the largest number that is named, even by a rule that is void. */
static void test_the_runtime_stub_is_part_of_it(void **state)
{
	(void)state;
	expect(P("", R("ALLOW", "\"read\"", "") "," R("ERRNO", "\"futex_waitv\"", "")),
	       P("", R("ALLOW", "\"read\"", "")), MEANING_OTHER, 0);
}

static void test_what_it_cannot_tell_is_left_to_the_proof(void **state)
{
	(void)state;
	expect(P("", R("ALLOW", "\"read\"", A(0, "GE", 8))),
	       P("", R("ALLOW", "\"read\"", A(0, "GT", 7))), MEANING_UNSURE, 1);
	expect(P("", R("ALLOW", "\"read\"", A(0, "GE", 8))),
	       P("", R("ALLOW", "\"read\"", A(0, "GE", 9))), MEANING_UNSURE, 0);
	/* every value, in two rules */
	expect(P("",
		 R("ALLOW", "\"read\"", A(0, "GE", 8)) "," R("ALLOW", "\"read\"", A(0, "LT", 8))),
	       P("", R("ALLOW", "\"read\"", "")), MEANING_UNSURE, 1);
}

static void test_order_counts_between_different_actions(void **state)
{
	(void)state;
	expect(P("", R("ALLOW", "\"read\"", A(0, "GE", 4)) "," R("LOG", "\"read\"", A(0, "LT", 4))),
	       P("", R("LOG", "\"read\"", A(0, "LT", 4)) "," R("ALLOW", "\"read\"", A(0, "GE", 4))),
	       MEANING_UNSURE, 1);
}

/* ---- real profiles against each other ---- */

static struct {
	Profile *profiles[64];
	unsigned n;
} samples;

static void keep_sample(const char *name, Span text)
{
	Profile *p;
	Diag d = { 0 };

	(void)name;
	if (samples.n < ELEMENTSOF(samples.profiles) &&
	    profile_read(text, DIALECT_DOCKER, &runc, &p, &d) == 0)
		samples.profiles[samples.n++] = p;
}

static void test_real_profiles_are_never_confused(void **state)
{
	unsigned same = 0;

	(void)state;
	if (help_each_sample("", keep_sample) == 0)
		skip();
	assert_true(samples.n > 5);
	for (unsigned i = 0; i < samples.n; i++)
		for (unsigned k = i; k < samples.n; k++) {
			Meaning a, b;
			MeaningVerdict verdict;
			int proved;

			if ((k - i) % UNIT_SHARE != 0)
				continue;
			proved = meaning_proved(samples.profiles[i], samples.profiles[k]);
			assert_int_equal(meaning_of(samples.profiles[i], &a), 0);
			assert_int_equal(meaning_of(samples.profiles[k], &b), 0);
			verdict = meaning_compare(&a, &b);
			if (verdict != MEANING_UNSURE && i != k)
				assert_int_equal(verdict == MEANING_SAME, proved);
			if (i == k)
				assert_int_equal(verdict, MEANING_SAME);
			same += proved;
		}
	assert_true(same > 0);
	for (unsigned i = 0; i < samples.n; i++)
		profile_free(samples.profiles[i]);
}

UNIT_MAIN(cmocka_unit_test(test_what_was_written_otherwise_is_the_same),
	  cmocka_unit_test(test_a_call_more_is_another),
	  cmocka_unit_test(test_the_runtime_stub_is_part_of_it),
	  cmocka_unit_test(test_what_it_cannot_tell_is_left_to_the_proof),
	  cmocka_unit_test(test_order_counts_between_different_actions),
	  cmocka_unit_test(test_real_profiles_are_never_confused), )
