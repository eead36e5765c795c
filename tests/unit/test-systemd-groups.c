/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/systemd-groups: the output of systemd-analyze syscall-filter. */
#include <errno.h>

#include "tests/unit/systemd-help.h"
#include "util/buffer.h"

static void check_group(const SystemdGroups *g, const char *name, const char *wanted)
{
	const SystemdGroup *group = systemd_groups_find(g, span_of(name));
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	assert_non_null(group);
	for (size_t i = 0; i < group->n; i++) {
		buffer_add_str(&b, i > 0 ? " " : "");
		buffer_add(&b, group->calls[i]);
		assert_true(systemd_group_has(group, group->calls[i]));
	}
	assert_string_equal(b.n > 0 ? b.p : "", wanted);
	assert_false(systemd_group_has(group, SPAN_LIT("mincore")));
}

static void test_groups_hold_what_their_groups_hold(void **state)
{
	_cleanup_systemd_groups_ SystemdGroups g = { 0 };

	(void)state;
	help_groups(&g);
	assert_int_equal(g.n, 4);
	check_group(&g, "@basic-io", "close read write");
	check_group(&g, "@service",
		    "close execve exit_group futex getpid openat read rt_sigreturn write");
	assert_null(systemd_groups_find(&g, SPAN_LIT("service")));
	assert_null(systemd_groups_find(&g, SPAN_LIT("@")));
}

static void parse(const char *text, SystemdGroups *ret)
{
	assert_int_equal(systemd_groups_parse(span_of(text), ret, NULL), 0);
}

static void test_a_circle_of_groups_ends(void **state)
{
	_cleanup_systemd_groups_ SystemdGroups g = { 0 };

	(void)state;
	parse("@default\n  @a\n  brk\n@a\n\t@b\n\tread\n\tread\r\n@b\n  @a\n  @none\n  write\n",
	      &g);
	check_group(&g, "@a", "read write");
	check_group(&g, "@b", "read write");
	check_group(&g, "@default", "brk read write");
}

static void test_what_is_no_such_output_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "read\n", "    read\n", "@other\n    read\n", "systemd-analyze: no such verb\n",
	};
	_cleanup_systemd_groups_ SystemdGroups g = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		Diag d = { 0 };

		assert_int_equal(systemd_groups_parse(span_of(texts[i]), &g, &d), -EBADMSG);
		assert_non_null(strstr(d.text, "systemd-analyze"));
	}
	assert_null(g.groups);
}

static void test_more_than_systemd_can_have_is_refused(void **state)
{
	_cleanup_buffer_ Buffer many = BUFFER_NULL, large = BUFFER_NULL, long_text = BUFFER_NULL;
	_cleanup_systemd_groups_ SystemdGroups g = { 0 };

	(void)state;
	buffer_add_str(&large, "@default\n");
	for (unsigned i = 0; i < SYSTEMD_GROUPS_MAX; i++)
		buffer_printf(&many, "@%u\n", i);
	buffer_add_str(&many, "@default\n");
	for (unsigned i = 0; i <= SYSTEMD_GROUP_CALLS_MAX; i++)
		buffer_printf(&large, " c%u\n", i);
	buffer_add_str(&long_text, "@default\n");
	while (long_text.n <= SYSTEMD_GROUPS_TEXT_MAX)
		buffer_add_str(&long_text, "  # only a comment, but too many of them\n");
	assert_int_equal(systemd_groups_parse(buffer_span(&many), &g, NULL), -E2BIG);
	assert_int_equal(systemd_groups_parse(buffer_span(&large), &g, NULL), -E2BIG);
	assert_int_equal(systemd_groups_parse(buffer_span(&long_text), &g, NULL), -E2BIG);
}

UNIT_MAIN(cmocka_unit_test(test_groups_hold_what_their_groups_hold),
	  cmocka_unit_test(test_a_circle_of_groups_ends),
	  cmocka_unit_test(test_what_is_no_such_output_is_refused),
	  cmocka_unit_test(test_more_than_systemd_can_have_is_refused))
