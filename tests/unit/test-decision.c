/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/decision.c, advise-decision.c: what a person decided is done, where a profile can do
 * it, and proved like everything else. */
#include <errno.h>

#include "tests/unit/suggest-help.h"

static const char profile[] =
	"{\n\t\"defaultAction\": \"SCMP_ACT_LOG\",\n"
	"\t\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"],\n"
	"\t\"syscalls\": [\n"
	"\t\t{\"names\": [\"mkdir\", \"read\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
	"\t\t{\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": "
	"0, \"value\": 8, \"op\": \"SCMP_CMP_EQ\"}]},\n"
	"\t\t{\"names\": [\"reboot\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1}\n"
	"\t]\n}\n";

static Decision decided(const char *syscall, uint32_t arch, DecisionAnswer answer, uint32_t e)
{
	return (Decision){ .syscall = syscall,
			   .arch = arch,
			   .answer = answer,
			   .errno_ret = e,
			   .user = "al\x1b[2Jice",
			   .time = "",
			   .why = "backups" };
}

static Suggestion *ask(const char *text, const Observed *rows, size_t n, const Decision *d,
		       size_t n_decisions)
{
	SuggestInput in = { .observed = rows,
			    .n_observed = n,
			    .profile = span_of(text),
			    .dialect = DIALECT_OCI,
			    .context = help_x86_64,
			    .decisions = { d, n_decisions } };
	Suggestion *s = NULL;
	Diag diag = { 0 };

	if (suggest(&in, &s, &diag) < 0)
		fail_msg("%s", diag.text);
	return s;
}

/* One call and one decision. */
static Suggestion *ask_one(const char *call, DecisionAnswer answer, uint32_t e)
{
	static Observed row;
	static Decision d;

	row = help_row(ARCH_WORD_X86_64, call);
	d = decided(call, 0, answer, e);
	return ask(profile, &row, 1, &d, 1);
}

static void test_allow_is_offered_whatever_the_risk(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = ask_one("ptrace", DECISION_ALLOW, 0);
	_cleanup_(suggestion_freep) Suggestion *critical =
		ask_one("init_module", DECISION_ALLOW, 0);

	(void)state;
	assert_int_equal(s->calls[0].advice, ADVICE_ALLOW);
	assert_true(s->calls[0].offered);
	assert_false(s->calls[0].open);
	assert_string_equal(s->calls[0].reason, "decided by al\\x1B[2Jice: backups");
	assert_int_equal(s->n_newly_allowed, 1);
	assert_int_equal(s->n_still_denied, 0);
	assert_non_null(strstr(s->patched, "\"ptrace\""));
	assert_int_equal(s->proof.n_changes, 2); /* on both */
	assert_string_equal(critical->newly_allowed[0], "init_module");
}

/* Who decides on clone has the rule for its harmless arguments without that. */
static void test_allow_is_for_all_arguments(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = ask_one("clone", DECISION_ALLOW, 0);

	(void)state;
	assert_true(s->calls[0].offered);
	assert_null(strstr(s->patched, "2114060288"));
	assert_int_equal(s->n_other_changes, 0);
}

static void test_allow_takes_a_denial_back(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = ask_one("reboot", DECISION_ALLOW, 0);

	(void)state;
	assert_true(s->calls[0].offered && s->calls[0].take_out);
	assert_null(strstr(s->patched, "SCMP_ACT_ERRNO"));
}

static void test_deny_and_ignore_keep_it_out(void **state)
{
	static const DecisionAnswer answers[] = { DECISION_DENY, DECISION_IGNORE };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(answers); i++) {
		_cleanup_(suggestion_freep) Suggestion *s = ask_one("chmod", answers[i], 0);

		assert_int_equal(s->calls[0].advice, ADVICE_KEEP_DENIED);
		assert_false(s->calls[0].offered || s->calls[0].open);
		assert_non_null(strstr(s->calls[0].reason, "backups"));
		assert_null(s->patched);
	}
}

static void test_errno_is_a_rule(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = ask_one("ptrace", DECISION_ERRNO, EACCES);
	_cleanup_(suggestion_freep) Suggestion *joined = ask_one("ptrace", DECISION_ERRNO, EPERM);
	_cleanup_(suggestion_freep) Suggestion *moved = ask_one("reboot", DECISION_ERRNO, ENOSYS);
	_cleanup_(suggestion_freep) Suggestion *already = ask_one("reboot", DECISION_ERRNO, EPERM);

	(void)state;
	assert_int_equal(s->calls[0].advice, ADVICE_ERRNO);
	assert_true(s->calls[0].offered);
	assert_non_null(strstr(s->patched, "\"errnoRet\": 13"));
	assert_int_equal(s->n_newly_allowed, 0);
	assert_string_equal(s->other_changes[0], "ptrace is answered with EACCES, as was decided");
	assert_non_null(strstr(joined->patched, "[\"ptrace\", \"reboot\"]"));
	assert_null(strstr(moved->patched, "\"errnoRet\": 1}"));
	assert_non_null(strstr(moved->patched, "\"errnoRet\": 38"));
	assert_null(already->patched);
	assert_int_equal(already->calls[0].advice, ADVICE_KEEP_DENIED);
}

static void test_what_the_profile_allows_against_a_decision_is_told(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *denied = ask_one("mkdir", DECISION_DENY, 0);
	_cleanup_(suggestion_freep) Suggestion *answered = ask_one("mkdir", DECISION_ERRNO, EPERM);
	_cleanup_(suggestion_freep) Suggestion *ignored = ask_one("mkdir", DECISION_IGNORE, 0);

	(void)state;
	assert_int_equal(denied->calls[0].advice, ADVICE_REVIEW);
	assert_true(denied->calls[0].open);
	assert_int_equal(answered->calls[0].advice, ADVICE_REVIEW);
	assert_null(answered->patched);
	assert_false(ignored->calls[0].open);
}

/* A record has no arguments, and a decision has none either. */
static void test_a_rule_on_arguments_is_not_undone(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = ask_one("personality", DECISION_ALLOW, 0);

	(void)state;
	assert_int_equal(s->calls[0].advice, ADVICE_ARGUMENTS_NEEDED);
	assert_true(s->calls[0].open);
	assert_non_null(strstr(s->calls[0].reason, "allow was decided, but"));
	assert_null(s->patched);
}

static void test_a_decision_is_for_its_architecture(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "ptrace"),
				  help_row(ARCH_WORD_I386, "ptrace") };
	const Decision one[] = { decided("ptrace", ARCH_WORD_I386, DECISION_DENY, 0) };
	const Decision two[] = { one[0], decided("ptrace", ARCH_WORD_X86_64, DECISION_ALLOW, 0) };
	const Decision expired[] = { { .syscall = "ptrace",
				       .answer = DECISION_ALLOW,
				       .user = "",
				       .why = "",
				       .expired = true } };
	_cleanup_(suggestion_freep) Suggestion *s = ask(profile, rows, 2, one, 1);
	_cleanup_(suggestion_freep) Suggestion *both = ask(profile, rows, 2, two, 2);
	_cleanup_(suggestion_freep) Suggestion *late = ask(profile, rows, 2, expired, 1);

	(void)state;
	assert_int_equal(s->calls[0].arch, ARCH_WORD_I386);
	assert_non_null(s->calls[0].decision);
	assert_null(s->calls[1].decision);
	assert_true(s->calls[1].open);
	/* a profile has one answer for both */
	assert_int_equal(both->calls[1].advice, ADVICE_REVIEW);
	assert_true(both->calls[1].open);
	assert_null(both->patched);
	assert_null(late->calls[0].decision);
	assert_true(late->calls[0].open);
}

/* clone3 is answered with ENOSYS, and then clone is what is called. */
static void test_a_decision_is_not_gone_round_by_a_fallback(void **state)
{
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "clone3") };
	const Decision deny[] = { decided("clone", 0, DECISION_DENY, 0) };
	const Decision allow[] = { decided("clone", 0, DECISION_ALLOW, 0) };
	_cleanup_(suggestion_freep) Suggestion *denied = ask(profile, rows, 1, deny, 1);
	_cleanup_(suggestion_freep) Suggestion *allowed = ask(profile, rows, 1, allow, 1);
	_cleanup_(suggestion_freep) Suggestion *neither = ask(profile, rows, 1, NULL, 0);

	(void)state;
	assert_null(denied->patched);
	assert_non_null(strstr(neither->patched, "2114060288"));
	assert_non_null(strstr(allowed->patched, "\"clone\""));
	assert_null(strstr(allowed->patched, "2114060288"));
}

static void test_open_is_what_a_person_must_look_at(void **state)
{
	static const struct {
		const char *call;
		bool open;
	} calls[] = { { "chmod", false },  { "ptrace", true },      { "clone", false },
		      { "clone3", false }, { "init_module", true }, { "personality", true },
		      { "read", false },   { "reboot", true } };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(calls); i++) {
		const Observed row = help_row(ARCH_WORD_X86_64, calls[i].call);
		_cleanup_(suggestion_freep) Suggestion *s = help_suggest(profile, &row, 1);

		if (s->calls[0].open != calls[i].open)
			fail_msg("%s is %sopen: %s", calls[i].call, calls[i].open ? "not " : "",
				 s->calls[0].reason);
	}
}

static void test_words(void **state)
{
	static const char *const bad_calls[] = { "",
						 ":i386",
						 "nosuch",
						 "bpf:",
						 "bpf:vax",
						 "bpf:i386:",
						 "arch_prctl:aarch64",
						 "fork:aarch64",
						 "BPF" };
	static const char *const bad_answers[] = { "",           "errno",      "errno=", "errno=0",
						   "errno=EFOO", "errno=4095", "Allow",  "yes" };
	char name[SYSCALL_NAME_MAX], text[DECISION_CALL_MAX], answer[DECISION_ANSWER_TEXT_MAX];
	DecisionAnswer got;
	uint32_t arch, e;
	Diag d;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(bad_calls); i++) {
		d = (Diag){ 0 };
		assert_int_equal(decision_parse_call(span_of(bad_calls[i]), name, &arch, &d),
				 -EINVAL);
		assert_true(d.text[0]);
	}
	for (size_t i = 0; i < ELEMENTSOF(bad_answers); i++) {
		d = (Diag){ 0 };
		assert_int_equal(decision_parse_answer(span_of(bad_answers[i]), &got, &e, &d),
				 -EINVAL);
		assert_true(d.text[0]);
	}
	/* the kernel has it there, under a number that libseccomp does not give */
	assert_int_equal(decision_parse_call(SPAN_LIT("connect:i386"), name, &arch, &d), 0);
	assert_string_equal(decision_format_call(name, arch, text), "connect:i386");
	assert_int_equal(decision_parse_call(SPAN_LIT("bpf"), name, &arch, &d), 0);
	assert_string_equal(decision_format_call(name, arch, text), "bpf");
	assert_int_equal(decision_parse_answer(SPAN_LIT("errno=38"), &got, &e, &d), 0);
	assert_string_equal(decision_format_answer(got, e, answer), "errno=ENOSYS");
	assert_int_equal(decision_parse_answer(SPAN_LIT("errno=4000"), &got, &e, &d), 0);
	assert_string_equal(decision_format_answer(got, e, answer), "errno=4000");
}

UNIT_MAIN(cmocka_unit_test(test_allow_is_offered_whatever_the_risk),
	  cmocka_unit_test(test_allow_is_for_all_arguments),
	  cmocka_unit_test(test_allow_takes_a_denial_back),
	  cmocka_unit_test(test_deny_and_ignore_keep_it_out),
	  cmocka_unit_test(test_errno_is_a_rule),
	  cmocka_unit_test(test_what_the_profile_allows_against_a_decision_is_told),
	  cmocka_unit_test(test_a_rule_on_arguments_is_not_undone),
	  cmocka_unit_test(test_a_decision_is_for_its_architecture),
	  cmocka_unit_test(test_a_decision_is_not_gone_round_by_a_fallback),
	  cmocka_unit_test(test_open_is_what_a_person_must_look_at), cmocka_unit_test(test_words))
