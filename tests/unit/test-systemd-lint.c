/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each code of the findings about units, where it is said and where it is not. */
#include <errno.h>

#include "tests/unit/systemd-help.h"
#include "profile/lint.h"
#include "util/buffer.h"

#define S "[Service]\n"
#define UNIT "[Service]\nExecStart=/bin/true\n"
#define STARTS "read write close openat mmap mprotect"

static void check(const SystemdGroups *groups, const char *text, const char *wanted)
{
	const LintInput in = { .text = span_of(text),
			       .dialect = DIALECT_SYSTEMD,
			       .groups = groups };
	_cleanup_lint_ LintReport r = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	assert_int_equal(lint(&in, &r), 0);
	for (size_t i = 0; i < r.n; i++) {
		const LintFinding *f = &r.findings[i];

		assert_true(strlen(f->message) > 20);
		buffer_printf(&b, "%s%s:%u:%u:%c", i > 0 ? " " : "", f->code, f->line, f->column,
			      lint_severity_name(f->severity)[0]);
	}
	if (strcmp(b.n > 0 ? b.p : "", wanted) != 0)
		for (size_t i = 0; i < r.n; i++)
			print_message("# %s %s\n", r.findings[i].code, r.findings[i].message);
	assert_string_equal(b.n > 0 ? b.p : "", wanted);
}

static void test_each_code(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		/* nothing to say of what systemd recommends, but what it costs */
		{ UNIT "SystemCallFilter=@service mmap mprotect\nSystemCallArchitectures=native",
		  "" },
		{ UNIT "SystemCallFilter=~mount\nSystemCallArchitectures=native", "" },
		{ UNIT "SystemCallLog=~@service", "" },
		{ UNIT, "" },
		{ S "SystemCallFilter=read", "" },
		/* S01 */
		{ "", "S01:1:1:e" },
		{ "{}", "S01:1:1:e" },
		{ S "[Service\n", "S01:2:1:e" },
		{ S "SystemCallFilter=~@mount\nSystemCallFilter=read\nSystemCallFilter="
		    "\nSystemCallFilter=read\n"
		    "SystemCallFilter=~write:kill",
		  "S06:3:18:w S09:4:1:n S01:6:19:e" },
		/* S02 to S07 */
		{ S "SystemCallFilter=read bogus", "S02:2:23:w" },
		{ S "SystemCallFilter=@bogus \\\n  @mount @bogus2", "S03:2:18:w S03:3:10:w" },
		{ S "SystemCallFilter=~read:EFOO\nSystemCallErrorNumber=0",
		  "S04:2:19:w S04:3:23:w" },
		{ S "SystemCallFilter=read:EPERM", "S04:2:18:w" },
		{ S "SystemCallFilter=@basic-io read getpid", "S05:2:28:n S05:2:33:n" },
		{ S "SystemCallFilter=read\nSystemCallFilter=~mount", "S06:3:19:w" },
		{ "[Unit]\nSystemCallLog=read\n" S, "S07:2:1:w" },
		{ S "SystemCallFilter: read", "S08:2:1:w" },
		{ S "SystemCallFilter=read\nSystemCallFilter=", "S09:3:1:n" },
		{ S "SystemCallFilter=", "" },
		{ S "SystemCallFilter=read ~write", "S10:2:23:w" },
		{ S "SystemCallFilter=~", "S10:2:1:w" },
		{ S "SystemCallArchitectures=native pdp11", "S11:2:32:w" },
		{ S "SystemCallArchitectures=x86", "S11:2:1:n" },
		/* S12: of a drop-in alone nobody can say what the list is in the end */
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=read", "S12:4:1:w" },
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=~@default", "S12:4:1:e" },
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=" STARTS
		       "\nSystemCallFilter=~execve:EPERM",
		  "S12:5:1:e" },
		/* S13 */
		{ UNIT "SystemCallFilter=" STARTS, "S13:3:1:n" },
		/* S14, S15 */
		{ UNIT "SystemCallFilter=~mount\nSystemCallFilter=mount", "S14:4:1:w" },
		{ UNIT "SystemCallLog=~read\nSystemCallLog=read", "S14:4:1:w" },
		{ UNIT "SystemCallErrorNumber=EPERM", "S15:3:1:w" },
		{ S "SystemCallErrorNumber=EPERM", "" },
		/* S16 */
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=" STARTS
		       "\nSystemCallLog=mount",
		  "S16:5:1:w" },
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=" STARTS
		       "\nSystemCallLog=~@default " STARTS,
		  "S16:5:1:w" },
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=" STARTS
		       "\nSystemCallLog=mount read",
		  "" },
		{ UNIT
		  "SystemCallArchitectures=native\nSystemCallFilter=~mount\nSystemCallLog=mount",
		  "S16:5:1:w" },
		{ UNIT
		  "SystemCallArchitectures=native\nSystemCallFilter=~mount\nSystemCallLog=~read",
		  "" },
		/* S17 */
		{ UNIT "SystemCallArchitectures=native\nSystemCallFilter=" STARTS
		       "\nSystemCallErrorNumber=EPERM",
		  "S17:5:1:n" },
	};
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };

	(void)state;
	help_groups(&groups);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		check(&groups, cases[i].text, cases[i].wanted);
	check(NULL, S "SystemCallFilter=read", "S01:2:1:e");
}

static void test_places_and_words(void **state)
{
	static const char text[] = "[Socket]\nSystemCallLog=re\x1b"
				   "ad\n";
	const LintInput in = { .text = SPAN_LIT(text), .dialect = DIALECT_SYSTEMD };
	_cleanup_lint_ LintReport r = { 0 };

	(void)state;
	assert_int_equal(lint(&in, &r), 0);
	assert_int_equal(r.n, 1);
	assert_string_equal(r.findings[0].where, "/Socket/SystemCallLog");
	assert_non_null(strstr(r.findings[0].message, "\"re\x1b"
						      "ad\""));
	assert_int_equal(r.counts[LINT_WARNING], 1);
}

static void test_too_many_are_counted(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_lint_ LintReport r = { 0 };
	LintInput in = { .dialect = DIALECT_SYSTEMD };

	(void)state;
	buffer_add_str(&b, S "SystemCallLog=");
	for (unsigned i = 0; i < LINT_EACH_MAX + 7; i++)
		buffer_printf(&b, "bogus%u ", i);
	in.text = buffer_span(&b);
	assert_int_equal(lint(&in, &r), 0);
	assert_int_equal(r.n, LINT_EACH_MAX + 1);
	assert_non_null(strstr(r.findings[0].message, "7 more"));
	assert_string_equal(r.findings[0].code, "S02");
}

UNIT_MAIN(cmocka_unit_test(test_each_code), cmocka_unit_test(test_places_and_words),
	  cmocka_unit_test(test_too_many_are_counted))
