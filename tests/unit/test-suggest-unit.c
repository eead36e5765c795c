/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/suggest-unit: from recorded calls and a unit's files to its drop-in, proved. */
#include <errno.h>

#include "audit/syscall.h"
#include "suggest/suggest-unit.h"
#include "tests/unit/profile-help.h"
#include "tests/unit/systemd-help.h"

#define S "[Service]\n"
#define MARK(path) "# /etc/systemd/system/" path "\n"

typedef struct Asked {
	SystemdGroups groups;
	Observed rows[4];
	SuggestInput in;
	Suggestion *s;
	Span old;
} Asked;

static void asked_done(Asked *a)
{
	suggestion_free(a->s);
	systemd_groups_done(&a->groups);
}

static int ask(Asked *a, const char *text, const char *unit, const char *const *names, Diag *d)
{
	help_groups(&a->groups);
	a->in = (SuggestInput){ .observed = a->rows,
				.profile = span_of(text),
				.dialect = DIALECT_SYSTEMD,
				.context = { .host_arch = ARCH_WORD_X86_64,
					     .groups = &a->groups } };
	for (; *names; names++) {
		Observed *row = &a->rows[a->in.n_observed++];

		*row = (Observed){ .arch = ARCH_WORD_X86_64,
				   .name = *names,
				   .action = ACTION_LOG,
				   .origin = ORIGIN_WORKLOAD,
				   .count = 1 };
		assert_int_equal(syscall_number(row->arch, row->name, &row->nr), 0);
	}
	return suggest_unit(&a->in, span_of(unit), "/p", &a->s, &a->old, d);
}

static void check(const char *text, const char *const *names, const char *lines)
{
	_cleanup_(asked_done) Asked a = { 0 };
	Diag d = { 0 };

	if (filter_native_arch() != ARCH_WORD_X86_64)
		skip();
	if (ask(&a, text, "web.service", names, &d) < 0)
		fail_msg("%s", d.text);
	for (size_t i = 0; !a.s->patched && i < a.s->n_other_changes; i++)
		print_message("# %s\n", a.s->other_changes[i]);
	if (!lines) {
		assert_null(a.s->patched);
		assert_int_equal(a.s->n_newly_allowed, 0);
		return;
	}
	assert_non_null(a.s->patched);
	if (!strstr(a.s->patched, lines))
		fail_msg("%s", a.s->patched);
	assert_true(a.s->proof.n_changes > 0);
}

#define CALLS(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static void test_each_kind_of_list(void **state)
{
	(void)state;
	check(S "SystemCallFilter=@basic-io\n", CALLS("mincore", "chdir"),
	      S "SystemCallFilter=chdir mincore\n");
	check(S
	      "SystemCallFilter=@basic-io\nSystemCallLog=~@basic-io\nSystemCallErrorNumber=EPERM\n",
	      CALLS("mincore", "getpid"),
	      S "SystemCallFilter=mincore\nSystemCallLog=~getpid mincore\n");
	check(S "SystemCallLog=~@basic-io\n", CALLS("mincore"), S "SystemCallLog=~mincore\n");
	/* nothing to do */
	check(S "SystemCallFilter=@basic-io\n", CALLS("read"), NULL);
	check(S, CALLS("mincore"), NULL);
}

static const SuggestCall *call_of(const Asked *a, const char *name)
{
	for (size_t i = 0; i < a->s->n_calls; i++)
		if (strcmp(a->s->calls[i].name, name) == 0)
			return &a->s->calls[i];
	fail_msg("no %s", name);
	return NULL;
}

static void test_what_settings_cannot_say_is_told(void **state)
{
	_cleanup_(asked_done) Asked a = { 0 };
	const SuggestCall *c;

	(void)state;
	if (filter_native_arch() != ARCH_WORD_X86_64)
		skip();
	assert_int_equal(ask(&a, S "SystemCallFilter=@basic-io\n", "web.service",
			     CALLS("clone", "clone3", "personality", "mincore"), NULL),
			 0);
	c = call_of(&a, "clone");
	assert_int_equal(c->advice, ADVICE_ARGUMENTS_NEEDED);
	assert_non_null(strstr(c->reason, "RestrictNamespaces=yes"));
	assert_non_null(strstr(call_of(&a, "personality")->reason, "LockPersonality=yes"));
	c = call_of(&a, "clone3");
	assert_int_equal(c->advice, ADVICE_REVIEW);
	assert_false(c->offered);
	assert_non_null(strstr(a.s->patched, "SystemCallFilter=mincore\n"));
	assert_null(strstr(a.s->patched, "clone"));
	assert_int_equal(a.s->n_newly_allowed, 1);
	assert_int_equal(a.s->n_still_denied, 3);
}

static void test_clone3_falls_back_where_clone_works(void **state)
{
	(void)state;
	check(S "SystemCallFilter=@basic-io clone\n", CALLS("clone3"),
	      S "SystemCallFilter=~clone3:ENOSYS\n");
	check(S "SystemCallFilter=~clone3\n", CALLS("mincore"), NULL);
}

static void test_a_denial_by_name_is_the_owners(void **state)
{
	_cleanup_(asked_done) Asked a = { 0 };
	const SuggestCall *c;

	(void)state;
	assert_int_equal(ask(&a, S "SystemCallFilter=~init_module\n", "web.service",
			     CALLS("init_module"), NULL),
			 0);
	c = call_of(&a, "init_module");
	assert_int_equal(c->advice, ADVICE_KEEP_DENIED);
	assert_non_null(strstr(c->reason, "SystemCallFilter=init_module"));
	assert_null(a.s->patched);
}

static void test_a_later_drop_in_takes_it_back(void **state)
{
	_cleanup_(asked_done) Asked a = { 0 };

	(void)state;
	assert_int_equal(ask(&a,
			     MARK("web.service") S
			     "SystemCallFilter=@basic-io\n\n" MARK("web.service.d/override.conf") S
			     "SystemCallFilter=\nSystemCallFilter=@basic-io\n",
			     "web.service", CALLS("mincore"), NULL),
			 0);
	assert_null(a.s->patched);
	assert_int_equal(a.s->n_other_changes, 1);
	assert_non_null(strstr(a.s->other_changes[0], "read after 50-seccompd.conf"));
	assert_false(call_of(&a, "mincore")->offered);
}

static void test_the_drop_in_grows(void **state)
{
	_cleanup_(asked_done) Asked a = { 0 };

	(void)state;
	assert_int_equal(ask(&a,
			     MARK("web.service") S "SystemCallFilter=@basic-io\n\n" MARK(
				     "web.service.d/50-seccompd.conf") "# mine\n" S
								       "SystemCallFilter=chdir\n",
			     "web.service", CALLS("mincore"), NULL),
			 0);
	assert_string_equal(a.s->patched,
			    "# mine\n" S "SystemCallFilter=chdir\nSystemCallFilter=mincore\n");
	assert_true(span_is(a.old, "# mine\n" S "SystemCallFilter=chdir\n"));
}

static void test_bad_input_is_one_sentence(void **state)
{
	_cleanup_(asked_done) Asked scope = { 0 }, bad = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(ask(&scope, S, "session-1.scope", CALLS("mincore"), &d), -EBADMSG);
	assert_non_null(strstr(d.text, "session-1.scope"));
	assert_int_equal(ask(&bad, S "[Unit\n", "web.service", CALLS("mincore"), &d), -EBADMSG);
	assert_int_equal(d.line, 2);
}

UNIT_MAIN(cmocka_unit_test(test_each_kind_of_list),
	  cmocka_unit_test(test_what_settings_cannot_say_is_told),
	  cmocka_unit_test(test_clone3_falls_back_where_clone_works),
	  cmocka_unit_test(test_a_denial_by_name_is_the_owners),
	  cmocka_unit_test(test_a_later_drop_in_takes_it_back),
	  cmocka_unit_test(test_the_drop_in_grows),
	  cmocka_unit_test(test_bad_input_is_one_sentence))
