/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/plan.c: a plan becomes a text that says all of it. */
#include <errno.h>

#include "suggest/plan.h"
#include "tests/unit/profile-help.h"

static void test_all_parts_get_into_the_text(void **state)
{
	static const char text[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				   "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	const uint32_t arch = ARCH_WORD_X86_64;
	static const char *const wanted[] = { "chmod", "bind", "chmod" };
	_cleanup_plan_ Plan plan = { 0 };
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_buffer_ Buffer once = BUFFER_NULL;
	_cleanup_buffer_ Buffer twice = BUFFER_NULL;
	Diag d = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(wanted); i++)
		assert_int_equal(plan_names_add(&plan.allow, wanted[i]), 0);
	assert_int_equal(plan_names_add(&plan.enosys, "clone3"), 0);
	plan_sort(&plan);
	assert_int_equal(safe_rule_for("socket", &arch, 1, &plan.rules[plan.n_rules++]), 0);
	assert_int_equal(safe_rule_for("personality", &arch, 1, &plan.rules[plan.n_rules++]), 0);
	assert_int_equal(plan_keep(&plan, "epoll_pwait2"), 0);
	assert_int_equal(plan_keep(&plan, "epoll_pwait2"), 1);
	assert_int_equal(plan_apply(&plan, span_of(text), DIALECT_OCI, &help_x86_64, &once, &d), 0);
	p = help_read(once.p, DIALECT_OCI);
	assert_int_equal(p->n_rules, 8);
	assert_int_equal(p->rules[0].n_names, 3);
	assert_string_equal(p->rules[1].names[0].text, "socket");
	assert_int_equal(p->rules[1].n_args, 1);
	for (unsigned i = 2; i < 7; i++) {
		assert_string_equal(p->rules[i].names[0].text, "personality");
		assert_int_equal(p->rules[i].n_args, 1);
	}
	assert_int_equal(p->rules[7].n_names, 2);
	assert_int_equal(p->rules[7].data, ENOSYS);
	assert_int_equal(
		plan_apply(&plan, buffer_span(&once), DIALECT_OCI, &help_x86_64, &twice, &d), 0);
	assert_string_equal(once.p, twice.p);
}

static void test_what_a_plan_has(void **state)
{
	_cleanup_plan_ Plan plan = { 0 };

	(void)state;
	assert_true(plan_is_empty(&plan));
	assert_false(plan_names_have(&plan.allow, "read"));
	assert_null(plan_rule(&plan, "clone"));
	assert_int_equal(plan_keep(&plan, "openat2"), 0);
	assert_true(plan_keeps(&plan, "openat2"));
	assert_false(plan_is_empty(&plan));
}

static void test_a_text_that_is_no_profile_is_told(void **state)
{
	static const char *name = "clone3";
	const Plan plan = { .enosys = { &name, 1 } };
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(plan_apply(&plan, SPAN_LIT("{}"), DIALECT_OCI, &help_x86_64, &out, &d),
			 -EBADMSG);
	assert_true(d.text[0] && out.n == 0);
}

UNIT_MAIN(cmocka_unit_test(test_all_parts_get_into_the_text),
	  cmocka_unit_test(test_what_a_plan_has),
	  cmocka_unit_test(test_a_text_that_is_no_profile_is_told))
