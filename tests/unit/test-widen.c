/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/widen.c: programs of an architecture that is not listed are killed; a patch lists it,
 * and says what that means. */
#include "suggest/suggest.h"
#include "tests/unit/suggest-help.h"

static const char x86_64_only[] =
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
	"\"syscalls\":[{\"names\":[\"brk\",\"openat2\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

static Observed killed(uint32_t arch, const char *name)
{
	Observed o = help_row(arch, name);

	o.action = ACTION_KILL_THREAD;
	return o;
}

static void test_the_architecture_is_listed_and_told(void **state)
{
	const Observed rows[] = { killed(ARCH_WORD_I386, "brk") };
	_cleanup_(suggestion_freep) Suggestion *s = help_suggest(x86_64_only, rows, 1);
	_cleanup_(suggestion_freep) Suggestion *again = NULL;

	(void)state;
	assert_string_equal(s->patched, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":["
					"\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"],"
					"\"syscalls\":[{\"names\":[\"brk\",\"openat2\",\"read\"],"
					"\"action\":\"SCMP_ACT_ALLOW\"}]}");
	assert_int_equal(s->n_added, 1);
	assert_int_equal(s->added[0], ARCH_WORD_I386);
	assert_int_equal(s->n_newly_allowed, 0);
	assert_int_equal(s->n_other_changes, 1);
	assert_non_null(strstr(s->other_changes[0], "SCMP_ARCH_X86 is listed"));
	assert_non_null(strstr(s->other_changes[0], "3 calls that ended them are allowed"));
	assert_non_null(strstr(s->other_changes[0], "SCMP_ACT_ERRNO"));
	assert_int_equal(s->calls[0].advice, ADVICE_ALLOW);
	assert_true(s->calls[0].offered);
	assert_non_null(strstr(s->calls[0].reason, "the patch lists SCMP_ARCH_X86"));
	assert_int_equal(s->n_still_denied, 0);
	/* the proof is of the owner's own text, and of no other architecture */
	assert_true(s->proof.n_changes > 3);
	for (size_t i = 0; i < s->proof.n_changes; i++) {
		assert_int_equal(s->proof.changes[i].arch, ARCH_WORD_I386);
		assert_int_equal(s->proof.changes[i].before, SECCOMP_RET_KILL_THREAD);
	}
	again = help_suggest(s->patched, rows, 1);
	assert_null(again->patched);
	assert_int_equal(again->n_added, 0);
}

/* What such programs need besides is added at once. */
static void test_names_come_with_it(void **state)
{
	const Observed rows[] = { killed(ARCH_WORD_I386, "brk"), killed(ARCH_WORD_I386, "mmap2"),
				  killed(ARCH_WORD_I386, "ptrace"),
				  help_row(ARCH_WORD_X86_64, "chmod") };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	_cleanup_(suggestion_freep) Suggestion *again = NULL;
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };

	(void)state;
	s = help_suggest(x86_64_only, rows, ELEMENTSOF(rows));
	assert_non_null(s->patched);
	assert_int_equal(s->n_newly_allowed, 2);
	assert_string_equal(s->newly_allowed[0], "chmod");
	assert_string_equal(s->newly_allowed[1], "mmap2");
	assert_int_equal(s->n_still_denied, 1);
	p = help_read(s->patched, DIALECT_OCI);
	help_filter(p, &f);
	assert_int_equal(help_ask(&f, ARCH_WORD_I386, 192, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(help_ask(&f, ARCH_WORD_I386, 26, 0), SECCOMP_RET_ERRNO | 1);
	again = help_suggest(s->patched, rows, ELEMENTSOF(rows));
	assert_null(again->patched);
}

static void test_no_architecture_comes_in_by_itself(void **state)
{
	static const char filtered[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},\n"
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
		"\"op\":\"SCMP_CMP_EQ\",\"value\":1}]}]}";
	static const struct {
		const char *text;
		uint32_t arch;
		const char *name, *part;
	} cases[] = {
		{ x86_64_only, ARCH_WORD_X32, "read", "a second way to every call" },
		{ x86_64_only, ARCH_WORD_AARCH64, "read", "do not run on this host" },
		{ x86_64_only, 0x8000002bU, "read", "no name" }, /* sparc64 */
		{ filtered, ARCH_WORD_I386, "brk", "line 2" },
		/* nobody lets programs in for this */
		{ x86_64_only, ARCH_WORD_I386, "init_module", "list SCMP_ARCH_X86 if" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		const Observed rows[] = { killed(cases[i].arch, cases[i].name) };
		_cleanup_(suggestion_freep) Suggestion *s = help_suggest(cases[i].text, rows, 1);

		assert_null(s->patched);
		assert_int_equal(s->calls[0].advice, ADVICE_REVIEW);
		if (!strstr(s->calls[0].reason, cases[i].part))
			fail_msg("%s", s->calls[0].reason);
	}
}

/* The engine's own map of architectures, where it has an entry for this host. */
static void test_docker_s_map_is_filled(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{\"architecture\":"
		"\"SCMP_ARCH_X86_64\",\"subArchitectures\":[]}],\"syscalls\":[{\"names\":[\"read\"]"
		","
		"\"action\":\"SCMP_ACT_ALLOW\"}]}";
	const Observed rows[] = { killed(ARCH_WORD_I386, "read") };
	SuggestInput in = { .observed = rows,
			    .n_observed = 1,
			    .profile = span_of(text),
			    .dialect = DIALECT_DOCKER,
			    .context = help_x86_64 };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(suggest(&in, &s, &d), 0);
	assert_non_null(s->patched);
	assert_non_null(strstr(s->patched, "\"subArchitectures\":[\"SCMP_ARCH_X86\"]"));
}

/* A person who wants the marked call wants its programs as well. */
static void test_a_marked_call_brings_no_architecture_in(void **state)
{
	Observed rows[] = { killed(ARCH_WORD_I386, "brk") };
	const SuggestInput in = { .observed = rows,
				  .n_observed = 1,
				  .profile = span_of(x86_64_only),
				  .dialect = DIALECT_OCI,
				  .context = help_x86_64,
				  .include_marked = true };
	_cleanup_(suggestion_freep) Suggestion *s = NULL, *asked = NULL;
	Diag d = { 0 };

	(void)state;
	rows[0].suspicion.marks = 1U << MARK_EXEC_ONLY;
	s = help_suggest(x86_64_only, rows, 1);
	assert_null(s->patched);
	assert_int_equal(s->n_added, 0);
	assert_int_equal(s->calls[0].advice, ADVICE_REVIEW);
	assert_non_null(strstr(s->calls[0].reason, "does not list the architecture i386"));
	assert_int_equal(suggest(&in, &asked, &d), 0);
	assert_int_equal(asked->n_added, 1);
}

/* Nor a call of high risk; a decision comes before both, and before what needs none. */
static void test_a_decision_says_whether_the_architecture_comes_in(void **state)
{
	static const struct {
		const char *call;
		unsigned marks;
		DecisionAnswer answer;
		uint32_t arch; /* of the decision */
		size_t n_added;
	} cases[] = {
		{ "brk", 1U << MARK_EXEC_ONLY, DECISION_ALLOW, 0, 1 },
		{ "brk", 1U << MARK_EXEC_ONLY, DECISION_ALLOW, ARCH_WORD_I386, 1 },
		{ "brk", 1U << MARK_EXEC_ONLY, DECISION_ALLOW, ARCH_WORD_X86_64, 0 },
		{ "brk", 1U << MARK_EXEC_ONLY, DECISION_IGNORE, 0, 0 },
		{ "ptrace", 0, DECISION_ALLOW, 0, 1 },
		{ "brk", 0, DECISION_DENY, 0, 0 },
		{ "brk", 0, DECISION_ERRNO, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Observed row = killed(ARCH_WORD_I386, cases[i].call);
		const Decision d = { .syscall = cases[i].call,
				     .arch = cases[i].arch,
				     .answer = cases[i].answer,
				     .errno_ret = 13,
				     .user = "alice",
				     .time = "",
				     .why = "backups" };
		const SuggestInput in = { .observed = &row,
					  .n_observed = 1,
					  .profile = span_of(x86_64_only),
					  .dialect = DIALECT_OCI,
					  .context = help_x86_64,
					  .decisions = { &d, 1 } };
		_cleanup_(suggestion_freep) Suggestion *s = NULL;
		Diag diag = { 0 };

		row.suspicion.marks = cases[i].marks;
		assert_int_equal(suggest(&in, &s, &diag), 0);
		if (s->n_added != cases[i].n_added)
			fail_msg("case %zu: %zu added: %s", i, s->n_added, s->calls[0].reason);
		assert_int_equal(!!s->patched, cases[i].n_added);
		if (s->n_added == 0)
			continue;
		assert_true(s->calls[0].offered && !s->calls[0].open);
		assert_non_null(s->calls[0].decision);
		assert_non_null(strstr(s->calls[0].reason, "the patch lists SCMP_ARCH_X86"));
		assert_non_null(strstr(s->patched, "\"SCMP_ARCH_X86\""));
	}
}

UNIT_MAIN(cmocka_unit_test(test_the_architecture_is_listed_and_told),
	  cmocka_unit_test(test_names_come_with_it),
	  cmocka_unit_test(test_no_architecture_comes_in_by_itself),
	  cmocka_unit_test(test_a_marked_call_brings_no_architecture_in),
	  cmocka_unit_test(test_a_decision_says_whether_the_architecture_comes_in),
	  cmocka_unit_test(test_docker_s_map_is_filled))
