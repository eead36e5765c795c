/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/tell.c: what changes along is said in sentences. */
#include "suggest/tell.h"
#include "tests/unit/suggest-help.h"

static void test_sentences_are_kept_in_order(void **state)
{
	_cleanup_(suggestion_freep) Suggestion *s = calloc(1, sizeof(*s));

	(void)state;
	assert_non_null(s);
	for (unsigned i = 0; i < 3; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		buffer_printf(&b, "sentence %u", i);
		assert_int_equal(tell(s, &b), 0);
	}
	assert_int_equal(s->n_other_changes, 3);
	assert_string_equal(s->other_changes[2], "sentence 2");
}

/* A rule for socket looks tighter than it is for programs that have socketcall. */
static void test_a_rule_that_does_not_bind_everywhere_is_told(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86_64\"%s],"
		"\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	const Observed rows[] = { help_row(ARCH_WORD_X86_64, "socket") };
	_cleanup_(suggestion_freep) Suggestion *one = NULL, *two = NULL;
	char with[256], without[256];

	(void)state;
	snprintf(with, sizeof(with), text, ",\"SCMP_ARCH_X86\"");
	snprintf(without, sizeof(without), text, "");
	two = help_suggest(with, rows, 1);
	one = help_suggest(without, rows, 1);
	assert_int_equal(one->n_other_changes, 0);
	assert_int_equal(two->n_other_changes, 1);
	assert_non_null(strstr(two->other_changes[0], "on i386 the rule for socket does not bind"));
}

UNIT_MAIN(cmocka_unit_test(test_sentences_are_kept_in_order),
	  cmocka_unit_test(test_a_rule_that_does_not_bind_everywhere_is_told))
