/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/prove.c: what test-suggest does not see: no patch, and the advice all the same. */
#include "suggest/suggest.h"
#include "tests/unit/profile-help.h"

/* The patched text would be larger than a profile may be. */
static void test_one_refusal_does_not_stop_the_table(void **state)
{
	static const char head[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				   "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	const Observed rows[] = { { .arch = ARCH_WORD_X86_64,
				    .nr = 90,
				    .name = "chmod",
				    .action = ACTION_LOG,
				    .origin = ORIGIN_WORKLOAD },
				  { .arch = ARCH_WORD_X86_64,
				    .nr = 101,
				    .name = "ptrace",
				    .action = ACTION_LOG,
				    .origin = ORIGIN_WORKLOAD } };
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	_cleanup_free_ char *text = malloc(SCAN_SIZE_MAX);
	SuggestInput in = {
		.observed = rows, .n_observed = 2, .dialect = DIALECT_OCI, .context = help_x86_64
	};
	Diag d = { 0 };

	(void)state;
	assert_non_null(text);
	memset(text, ' ', SCAN_SIZE_MAX);
	memcpy(text, head, sizeof(head) - 1);
	in.profile = span_make(text, SCAN_SIZE_MAX);
	if (suggest(&in, &s, &d) < 0)
		fail_msg("%s", d.text);
	assert_int_equal(s->n_calls, 2);
	assert_null(s->patched);
	assert_int_equal(s->n_newly_allowed, 0);
	assert_int_equal(s->n_other_changes, 1);
	assert_memory_equal(s->other_changes[0], "no patch: ", 10);
	assert_false(s->calls[0].offered);
	assert_int_equal(s->calls[0].advice, ADVICE_REVIEW);
	assert_int_equal(s->n_still_denied, 2);
}

UNIT_MAIN(cmocka_unit_test(test_one_refusal_does_not_stop_the_table))
