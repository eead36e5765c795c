/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/risk.c and risk-settings.c: the table answers, and is in order (it is searched by
 * halves); what the administrator says comes first. */
#include <errno.h>

#include "suggest/risk-settings.h"
#include "suggest/risk-table.h"
#include "tests/unit/unit.h"

static void test_both_tables_are_in_order_and_apart(void **state)
{
	(void)state;
	for (size_t i = 1; i < ELEMENTSOF(risky_calls); i++)
		assert_true(strcmp(risky_calls[i - 1].name, risky_calls[i].name) < 0);
	for (size_t i = 1; i < ELEMENTSOF(harmless_calls); i++)
		assert_true(strcmp(harmless_calls[i - 1], harmless_calls[i]) < 0);
	for (size_t i = 0; i < ELEMENTSOF(harmless_calls); i++)
		assert_int_equal(risk_of(harmless_calls[i]).risk, RISK_LOW);
	for (size_t i = 0; i < ELEMENTSOF(risky_calls); i++)
		assert_true(risk_of(risky_calls[i].name).risk > RISK_LOW &&
			    risk_of(risky_calls[i].name).reason);
}

static void test_calls_have_their_risk(void **state)
{
	static const struct {
		const char *name;
		Risk risk;
		bool known;
	} cases[] = {
		{ "read", RISK_LOW, true },
		{ "restart_syscall", RISK_LOW, true },
		{ "kcmp", RISK_MEDIUM, true },
		{ "ptrace", RISK_HIGH, true },
		{ "clone3", RISK_HIGH, true },
		{ "io_uring_setup", RISK_HIGH, true },
		{ "init_module", RISK_CRITICAL, true },
		{ "kexec_load", RISK_CRITICAL, true },
		{ "no_such_call", RISK_HIGH, false },
		{ "", RISK_HIGH, false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		RiskFact f = risk_of(cases[i].name);

		assert_int_equal(f.risk, cases[i].risk);
		assert_int_equal(f.known, cases[i].known);
		assert_string_equal(f.syscall, cases[i].name);
	}
}

static void test_settings_come_first(void **state)
{
	RiskSettings s = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(risk_settings_add(&s, "write", "critical", &d), 0);
	assert_int_equal(risk_settings_add(&s, "keyctl", "low", &d), 0);
	assert_int_equal(risk_settings_add(&s, "afs_syscall", "medium", &d), 0);
	assert_int_equal(risk_settings_add(&s, "keyctl", "medium", &d), 0);
	assert_int_equal(s.n, 3);
	assert_int_equal(risk_settings_ask(&s, "write").risk, RISK_CRITICAL);
	assert_true(risk_settings_ask(&s, "write").by_setting);
	assert_int_equal(risk_settings_ask(&s, "keyctl").risk, RISK_MEDIUM);
	assert_non_null(risk_settings_ask(&s, "keyctl").reason);
	/* what nothing was known of is known now, and without a reason of ours */
	assert_int_equal(risk_settings_ask(&s, "afs_syscall").risk, RISK_MEDIUM);
	assert_true(risk_settings_ask(&s, "afs_syscall").known);
	assert_null(risk_settings_ask(&s, "afs_syscall").reason);
	/* others are as they were */
	assert_false(risk_settings_ask(&s, "read").by_setting);
	assert_int_equal(risk_settings_ask(&s, "ptrace").risk, RISK_HIGH);
	assert_int_equal(risk_settings_ask(NULL, "write").risk, RISK_LOW);
	/* taken back */
	assert_int_equal(risk_settings_add(&s, "write", "", &d), 0);
	assert_int_equal(risk_settings_add(&s, "read", "", &d), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(risk_settings_ask(&s, "write").risk, RISK_LOW);
	risk_settings_done(&s);
}

static void test_settings_that_mean_nothing_are_refused(void **state)
{
	RiskSettings s = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(risk_settings_add(&s, "keyctrl", "high", &d), -EINVAL);
	assert_non_null(strstr(d.text, "keyctrl"));
	assert_int_equal(risk_settings_add(&s, "keyctl", "High", &d), -EINVAL);
	assert_non_null(strstr(d.text, "low, medium, high or critical"));
	assert_int_equal(risk_settings_add(&s, "keyctl", "1", &d), -EINVAL);
	/* newer than libseccomp's table, and only on other architectures */
	assert_int_equal(risk_settings_add(&s, "fchroot", "low", &d), 0);
	assert_int_equal(risk_settings_add(&s, "s390_pci_mmio_read", "high", &d), 0);
	assert_int_equal(s.n, 2);
	risk_settings_done(&s);
}

/* Whoever fills the file by a program is stopped before memory is. */
static void test_settings_are_bounded(void **state)
{
	RiskSettings s = { 0 };
	Diag d = { 0 };
	int r = 0;

	(void)state;
	for (size_t i = 0; i < RISK_SETTINGS_MAX; i++) {
		char name[16];

		snprintf(name, sizeof(name), "call%zu", i);
		s.items = reallocarray(s.items, s.n + 1, sizeof(*s.items));
		assert_non_null(s.items);
		s.items[s.n++] = (RiskSetting){ strdup(name), RISK_LOW };
	}
	r = risk_settings_add(&s, "read", "low", &d);
	assert_int_equal(r, -E2BIG);
	risk_settings_done(&s);
	assert_int_equal(s.n, 0);
}

UNIT_MAIN(cmocka_unit_test(test_settings_come_first),
	  cmocka_unit_test(test_settings_that_mean_nothing_are_refused),
	  cmocka_unit_test(test_settings_are_bounded),
	  cmocka_unit_test(test_both_tables_are_in_order_and_apart),
	  cmocka_unit_test(test_calls_have_their_risk))
