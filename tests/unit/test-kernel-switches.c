/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/kernel-switches.c */
#include "audit/kernel-switches.h"
#include "tests/unit/unit.h"

static void test_audit_off(void **state)
{
	static const struct {
		const char *cmdline;
		bool off;
	} rows[] = {
		{ "quiet audit=0 panic=1\n", true },
		{ "audit=off", true },
		{ "audit=OFF\n", true },
		{ "audit=1 audit=0", true },
		{ "audit=0 audit=1", true }, /* nothing switches it on again */
		{ "audit=1\n", false },
		{ "audit=on", false },
		{ "audit=00", false },
		{ "noaudit=0 xaudit=0 audit=", false },
		{ "quiet -- audit=0\n", false }, /* the first process' */
		{ "audit_backlog_limit=0", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		if (kernel_audit_is_off(span_of(rows[i].cmdline)) != rows[i].off)
			fail_msg("wrong: %s", rows[i].cmdline);
}

static void test_actions(void **state)
{
	const Span actions = SPAN_LIT("kill_process kill_thread trap log\n");

	(void)state;
	assert_true(kernel_logs_action(actions, "log"));
	assert_true(kernel_logs_action(actions, "kill_process"));
	assert_false(kernel_logs_action(actions, "errno"));
	assert_false(kernel_logs_action(actions, "kill"));
	assert_false(kernel_logs_action(SPAN_NULL, "log"));
}

static void test_what_is_to_be_set(void **state)
{
	static const struct {
		const char *has, *wanted;
	} rows[] = {
		{ "trap log\n", "trap log kill_process kill_thread errno" },
		{ "kill_process kill_thread errno log", "kill_process kill_thread errno log" },
		{ "\n", "log kill_process kill_thread errno" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		kernel_complete_actions(span_of(rows[i].has), &b);
		assert_int_equal(buffer_error(&b), 0);
		assert_string_equal(b.p, rows[i].wanted);
	}
}

UNIT_MAIN(cmocka_unit_test(test_audit_off), cmocka_unit_test(test_actions),
	  cmocka_unit_test(test_what_is_to_be_set))
