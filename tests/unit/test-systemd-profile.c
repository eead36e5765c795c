/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of a unit as a profile like any other: its filter answers as systemd's would. */
#include <errno.h>

#include "tests/unit/profile-help.h"
#include "tests/unit/systemd-help.h"

#define S "[Service]\n"

typedef struct Answer {
	uint32_t arch;
	int nr;
	uint32_t word;
} Answer;

#define ALLOW SECCOMP_RET_ALLOW
#define LOG SECCOMP_RET_LOG
#define KILL SECCOMP_RET_KILL_PROCESS
#define ERROR(e) (SECCOMP_RET_ERRNO | (e))
enum { READ = 0, WRITE = 1, MOUNT = 165, GETPID = 39, READ_I386 = 3 };

static const struct {
	const char *text;
	Answer answers[4];
} cases[] = {
	{ S, { { ARCH_WORD_X86_64, MOUNT, ALLOW }, { ARCH_WORD_I386, READ_I386, ALLOW } } },
	{ S "SystemCallFilter=read",
	  { { ARCH_WORD_X86_64, READ, ALLOW },
	    { ARCH_WORD_X86_64, MOUNT, KILL },
	    { ARCH_WORD_X86_64, GETPID, ALLOW },
	    { ARCH_WORD_I386, READ_I386, ALLOW } } },
	{ S "SystemCallFilter=read\nSystemCallArchitectures=native",
	  { { ARCH_WORD_X86_64, READ, ALLOW }, { ARCH_WORD_I386, READ_I386, SECCOMP_RET_KILL } } },
	{ S "SystemCallFilter=~@mount\nSystemCallErrorNumber=EACCES",
	  { { ARCH_WORD_X86_64, MOUNT, ERROR(EACCES) }, { ARCH_WORD_X86_64, READ, ALLOW } } },
	/* of two filters the stricter answer holds */
	{ S "SystemCallFilter=@basic-io\nSystemCallErrorNumber=EPERM\nSystemCallLog=~read",
	  { { ARCH_WORD_X86_64, READ, ALLOW },
	    { ARCH_WORD_X86_64, WRITE, LOG },
	    { ARCH_WORD_X86_64, MOUNT, ERROR(EPERM) } } },
	{ S "SystemCallFilter=~read:0 write:ENOSYS mount:kill",
	  { { ARCH_WORD_X86_64, READ, ERROR(0) },
	    { ARCH_WORD_X86_64, WRITE, ERROR(ENOSYS) },
	    { ARCH_WORD_X86_64, MOUNT, KILL },
	    { ARCH_WORD_X86_64, GETPID, ALLOW } } },
};

static void test_settings_answer_as_systemd_loads_them(void **state)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	ProfileContext context = help_x86_64;

	(void)state;
	if (filter_native_arch() != ARCH_WORD_X86_64)
		skip();
	help_groups(&groups);
	context.groups = &groups;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *p =
			help_read_in(cases[i].text, DIALECT_SYSTEMD, &context);
		_cleanup_filter_ Filter f = { 0 };

		assert_int_equal(p->dialect, DIALECT_SYSTEMD);
		assert_int_equal(p->runtime, RUNTIME_SYSTEMD);
		help_filter(p, &f);
		for (const Answer *a = cases[i].answers; a < cases[i].answers + 4 && a->arch; a++)
			assert_int_equal(help_ask(&f, a->arch, a->nr, 0), a->word);
	}
}

static void test_what_is_no_unit_file_is_named(void **state)
{
	Profile *p = NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(profile_read(SPAN_LIT(" \n{\"defaultAction\":\"SCMP_ACT_LOG\"}"),
				      DIALECT_SYSTEMD, &help_x86_64, &p, &d),
			 -EBADMSG);
	assert_non_null(strstr(d.text, "JSON"));
	assert_int_equal(profile_read(SPAN_LIT(S "SystemCallFilter=@service\n"), DIALECT_SYSTEMD,
				      &help_x86_64, &p, &d),
			 -EBADMSG);
	assert_non_null(strstr(d.text, "systemd-analyze"));
	assert_int_equal(d.line, 2);
	assert_null(p);
}

UNIT_MAIN(cmocka_unit_test(test_settings_answer_as_systemd_loads_them),
	  cmocka_unit_test(test_what_is_no_unit_file_is_named))
