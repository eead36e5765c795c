/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/systemd-convert: a profile as settings. That both answer alike is its own proof;
 * here, what is written, and what is refused. */
#include <errno.h>

#include "profile/systemd-convert.h"
#include "tests/unit/profile-help.h"
#include "tests/unit/systemd-help.h"

#define P(d, arches, rules)                                                                       \
	"{\"defaultAction\":\"SCMP_ACT_" d ",\"architectures\":[" arches "],\"syscalls\":[" rules \
	"]}"
#define NATIVE "\"SCMP_ARCH_X86_64\""
#define ALL NATIVE ",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\""
#define R(names, action) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "}"
#define ALWAYS "\"execve\",\"exit_group\",\"futex\",\"getpid\",\"rt_sigreturn\""
#define IO "\"read\",\"write\",\"close\""

static int convert(const char *text, Buffer *out, Diag *d)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	_cleanup_(profile_freep) Profile *p = NULL;
	ProfileContext context = help_x86_64;

	if (filter_native_arch() != ARCH_WORD_X86_64)
		skip();
	help_groups(&groups);
	context.groups = &groups;
	p = help_read_in(text, DIALECT_OCI, &context);
	return systemd_convert(p, &context, out, d);
}

static void test_each_stage(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ P("ERRNO\"", ALL, R(ALWAYS "," IO ",\"mincore\"", "ALLOW\"")),
		  "SystemCallFilter=@basic-io mincore\nSystemCallErrorNumber=EPERM\n"
		  "SystemCallArchitectures=native x86 x32\n" },
		{ P("KILL_PROCESS\"", NATIVE, R(ALWAYS "," IO, "ALLOW\"")),
		  "SystemCallFilter=@basic-io\nSystemCallArchitectures=native\n" },
		/* what systemd allows unasked */
		{ P("KILL_PROCESS\"", NATIVE, R("\"execve\",\"read\"", "ALLOW\"")),
		  "SystemCallFilter=read\nSystemCallFilter=~exit_group futex getpid rt_sigreturn\n"
		  "SystemCallArchitectures=native\n" },
		{ P("KILL_PROCESS\"", NATIVE, R(ALWAYS, "ALLOW\"")),
		  "SystemCallFilter=@default\nSystemCallArchitectures=native\n" },
		/* errnos of single calls */
		{ P("ERRNO\",\"defaultErrnoRet\":38", NATIVE,
		    R(ALWAYS ",\"read\"", "ALLOW\"") "," R(
			    "\"mount\"", "ERRNO\",\"errnoRet\":1") "," R("\"ptrace\"",
									 "KILL_PROCESS\"")),
		  "SystemCallFilter=read\nSystemCallFilter=~mount:EPERM ptrace:kill\n"
		  "SystemCallErrorNumber=ENOSYS\nSystemCallArchitectures=native\n" },
		/* logging */
		{ P("LOG\"", NATIVE, R(IO ",\"mincore\"", "ALLOW\"") "," R("\"mount\"", "ERRNO\"")),
		  "SystemCallFilter=~mount:EPERM\nSystemCallLog=~@basic-io mincore mount\n"
		  "SystemCallArchitectures=native\n" },
		{ P("ALLOW\"", NATIVE,
		    R("\"mount\"", "LOG\"") "," R("\"ptrace\"", "KILL_PROCESS\"")),
		  "SystemCallFilter=~ptrace:kill\nSystemCallLog=mount\nSystemCallArchitectures="
		  "native\n" },
		{ P("ERRNO\"", NATIVE,
		    R(ALWAYS ",\"read\"", "ALLOW\"") "," R("\"write\"", "LOG\"")),
		  "SystemCallFilter=read write\nSystemCallErrorNumber=EPERM\nSystemCallLog=write\n"
		  "SystemCallArchitectures=native\n" },
		/* the first rule holds; arguments that nothing comes of are no hindrance */
		{ P("ERRNO\"", NATIVE,
		    R("\"read\"", "ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_"
				  "EQ\"}]") "," R(ALWAYS ",\"read\",\"no_such_call\"",
						  "ALLOW\"") "," R("\"read\"", "KILL_PROCESS\"")),
		  "SystemCallFilter=read\nSystemCallErrorNumber=EPERM\nSystemCallArchitectures="
		  "native\n" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		Diag d = { 0 };

		if (convert(cases[i].text, &out, &d) < 0)
			fail_msg("%zu: %s", i, d.text);
		assert_true(span_starts(buffer_span(&out), SPAN_LIT("[Service]\n")));
		assert_string_equal(out.p + 10, cases[i].wanted);
	}
}

static void test_what_settings_cannot_say(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ P("ERRNO\"", NATIVE,
		    R("\"clone\"",
		      "ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]")),
		  "arguments of clone" },
		{ P("TRAP\"", NATIVE, R(ALWAYS, "ALLOW\"")), "SCMP_ACT_TRAP" },
		{ P("KILL\"", NATIVE, R(ALWAYS, "ALLOW\"")), "SCMP_ACT_KILL_THREAD" },
		{ P("ERRNO\"", NATIVE, R("\"read\"", "TRACE\"")), "SCMP_ACT_TRACE" },
		{ P("ERRNO\",\"defaultErrnoRet\":0", NATIVE, R("\"read\"", "ALLOW\"")),
		  "cannot be 0" },
		{ P("LOG\"", NATIVE, ""), "logs every call" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		Diag d = { 0 };

		assert_int_equal(convert(cases[i].text, &out, &d), -EBADMSG);
		if (!strstr(d.text, cases[i].why))
			fail_msg("%zu: %s", i, d.text);
		assert_int_equal(out.n, 0);
	}
}

static void test_an_allow_list_needs_the_groups(void **state)
{
	_cleanup_(profile_freep) Profile *p =
		help_read(P("ERRNO\"", NATIVE, R("\"read\"", "ALLOW\"")), DIALECT_OCI);
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(systemd_convert(p, &help_x86_64, &out, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "systemd-analyze"));
}

UNIT_MAIN(cmocka_unit_test(test_each_stage), cmocka_unit_test(test_what_settings_cannot_say),
	  cmocka_unit_test(test_an_allow_list_needs_the_groups))
