/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/propose.c: the careful answer, or none; never to allow. */
#include <errno.h>

#include "suggest/propose.h"
#include "tests/unit/unit.h"

static const Decision decided = { .syscall = "bpf", .user = "", .time = "", .why = "" };

static const struct {
	SuggestCall call;
	bool any;
	DecisionAnswer answer;
	uint32_t errno_ret;
} cases[] = {
	{ { .name = "init_module", .risk = RISK_CRITICAL }, true, DECISION_DENY, 0 },
	{ { .name = "ptrace", .risk = RISK_HIGH, .advice = ADVICE_REVIEW },
	  true,
	  DECISION_DENY,
	  0 },
	{ { .name = "mount", .risk = RISK_HIGH, .advice = ADVICE_CAPABILITY },
	  true,
	  DECISION_ERRNO,
	  EPERM },
	{ { .name = "io_uring_setup", .risk = RISK_HIGH, .advice = ADVICE_REVIEW },
	  true,
	  DECISION_ERRNO,
	  ENOSYS },
	/* what must be found out first, whatever the risk */
	{ { .name = "personality", .risk = RISK_HIGH, .advice = ADVICE_ARGUMENTS_NEEDED },
	  false,
	  0,
	  0 },
	{ { .name = "ptrace", .risk = RISK_HIGH, .own_filter = 1 }, false, 0, 0 },
	{ { .name = "chmod", .suspicion = { .marks = 1 } }, false, 0, 0 },
	{ { .name = "bpf", .risk = RISK_CRITICAL, .decision = &decided }, false, 0, 0 },
	{ { .name = "chmod" }, false, 0, 0 },
	{ { .risk = RISK_LOW }, false, 0, 0 },
};

static void test_the_careful_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Proposal p = propose(&cases[i].call);

		if (p.any != cases[i].any || p.answer != cases[i].answer ||
		    p.errno_ret != cases[i].errno_ret)
			fail_msg("case %zu (%s): %s", i, cases[i].call.name, p.why);
		assert_true(p.why && p.why[0]);
	}
}

static void test_nothing_is_proposed_to_be_allowed(void **state)
{
	SuggestCall c = { .name = "chmod" };

	(void)state;
	for (int a = 0; a < _ADVICE_MAX; a++)
		for (int r = 0; r < _RISK_MAX; r++) {
			Proposal p;

			c.advice = (Advice)a;
			c.risk = (Risk)r;
			p = propose(&c);
			assert_false(p.any && p.answer == DECISION_ALLOW);
		}
}

UNIT_MAIN(cmocka_unit_test(test_the_careful_answer),
	  cmocka_unit_test(test_nothing_is_proposed_to_be_allowed))
