/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/risk.c: the table answers, and is in order (it is searched by halves). */
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

UNIT_MAIN(cmocka_unit_test(test_both_tables_are_in_order_and_apart),
	  cmocka_unit_test(test_calls_have_their_risk))
