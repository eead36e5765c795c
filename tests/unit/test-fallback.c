/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/fallback.c and what advice makes of it: ENOSYS, and the older calls allowed. */
#include "suggest/fallback.h"
#include "tests/unit/suggest-help.h"

#define TEXT(rules) "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[" rules "]}"
#define ENOSYS_RULE(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}"
#define ALLOW(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"

static void test_the_table_names_calls(void **state)
{
	static const char *const calls[] = { "clone3",       "close_range",    "copy_file_range",
					     "epoll_pwait2", "faccessat2",     "fchmodat2",
					     "futex_waitv",  "io_uring_setup", "openat2",
					     "pidfd_open",   "preadv2",        "pwritev2",
					     "renameat2",    "statx" };

	(void)state;
	assert_null(fallback_for("read"));
	for (size_t i = 0; i < ELEMENTSOF(calls); i++) {
		const Fallback *f = fallback_for(calls[i]);

		assert_non_null(f);
		assert_non_null(f->older[0]);
		for (size_t k = 0; k < FALLBACK_CALLS_MAX && f->older[k]; k++)
			assert_true(filter_knows_name(f->older[k]));
	}
}

static Suggestion *ask(const char *text, const char *name, Action action)
{
	Observed rows[] = { help_row(ARCH_WORD_X86_64, name) };

	rows[0].action = action;
	return help_suggest(text, rows, 1);
}

/* Risky, and there is another way: programs are sent there, which is open from now on. */
static void test_a_risky_call_gets_enosys_and_its_older_ones(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s =
		ask(TEXT(ALLOW("\"read\"")), "io_uring_setup", ACTION_LOG);
	_cleanup_(suggestion_freep) Suggestion *again = NULL;

	(void)state;
	assert_string_equal(
		s->patched,
		TEXT(ALLOW(
			"\"epoll_create1\", \"epoll_ctl\", \"epoll_pwait\", "
			"\"epoll_wait\", \"read\", \"write\"") ", "
							       "{\"names\":[\"io_uring_setup\"], "
							       "\"action\":\"SCMP_ACT_ERRNO\","
							       " \"errnoRet\":38}"));
	assert_int_equal(s->calls[0].advice, ADVICE_ERRNO);
	assert_int_equal(s->n_newly_allowed, 5);
	assert_int_equal(s->n_other_changes, 2);
	assert_non_null(strstr(s->other_changes[0], "io_uring_setup is answered with ENOSYS"));
	assert_non_null(strstr(s->other_changes[1], "epoll_wait and write are allowed, since "
						    "io_uring_setup falls back to them"));
	again = ask(s->patched, "io_uring_setup", ACTION_LOG);
	assert_null(again->patched);
	assert_int_equal(again->calls[0].advice, ADVICE_KEEP_DENIED);
}

/* The group that is there takes it; another errno stops programs. */
static void test_another_errno_becomes_enosys_in_the_group_that_is_there(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = ask(
		TEXT("{\"names\":[\"clone3\",\"bind\"],\"action\":\"SCMP_ACT_ERRNO\"}," ENOSYS_RULE(
			"\"statx\"") "," ALLOW("\"clone\",\"newfstatat\"")),
		"clone3", ACTION_ERRNO);

	(void)state;
	assert_string_equal(
		s->patched,
		TEXT("{\"names\":[\"bind\"],\"action\":\"SCMP_ACT_ERRNO\"}," ENOSYS_RULE(
			"\"clone3\", \"statx\"") "," ALLOW("\"clone\",\"newfstatat\"")));
	assert_int_equal(s->n_newly_allowed, 0);
	assert_int_equal(s->calls[0].line, 1);
}

static void test_an_answer_that_makes_programs_fall_back_is_kept(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *kept = ask(
		TEXT(ENOSYS_RULE("\"statx\"") "," ALLOW("\"newfstatat\"")), "statx", ACTION_ERRNO);
	_cleanup_(suggestion_freep) Suggestion *incomplete =
		ask(TEXT(ENOSYS_RULE("\"statx\"") "," ALLOW("\"read\"")), "statx", ACTION_ERRNO);
	_cleanup_(suggestion_freep) Suggestion *other =
		ask(TEXT("{\"names\":[\"statx\"],\"action\":\"SCMP_ACT_ERRNO\"}," ALLOW(
			    "\"newfstatat\"")),
		    "statx", ACTION_ERRNO);

	(void)state;
	assert_int_equal(kept->calls[0].advice, ADVICE_KEEP_DENIED);
	assert_non_null(strstr(kept->calls[0].reason, "newfstatat"));
	assert_null(kept->patched);
	/* to what nobody may do */
	assert_int_equal(incomplete->calls[0].advice, ADVICE_ERRNO);
	assert_string_equal(incomplete->patched, TEXT(ENOSYS_RULE("\"statx\"") "," ALLOW(
							 "\"fstat\", \"newfstatat\", \"read\"")));
	/* of low risk, and EPERM makes nobody fall back */
	assert_int_equal(other->calls[0].advice, ADVICE_ALLOW);
	assert_string_equal(other->patched, TEXT(ALLOW("\"newfstatat\", \"statx\"")));
}

/* Taken out of the rule that hides it, the permission behind it would come to life. */
static void test_a_permission_behind_is_not_woken(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s =
		ask(TEXT("{\"names\":[\"io_uring_setup\"],\"action\":\"SCMP_ACT_ERRNO\"}," ALLOW(
			    "\"read\",\"io_uring_setup\"")),
		    "io_uring_setup", ACTION_ERRNO);

	(void)state;
	assert_null(s->patched);
	assert_int_equal(s->calls[0].advice, ADVICE_KEEP_DENIED);
}

UNIT_MAIN(cmocka_unit_test(test_a_permission_behind_is_not_woken),
	  cmocka_unit_test(test_the_table_names_calls),
	  cmocka_unit_test(test_a_risky_call_gets_enosys_and_its_older_ones),
	  cmocka_unit_test(test_another_errno_becomes_enosys_in_the_group_that_is_there),
	  cmocka_unit_test(test_an_answer_that_makes_programs_fall_back_is_kept))
