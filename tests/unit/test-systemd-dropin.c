/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/systemd-dropin: the text of drop-ins, and their place among a unit's files. */
#include <errno.h>

#include "profile/systemd-dropin.h"
#include "tests/unit/systemd-help.h"

#define S "[Service]\n"
#define HEAD "# /p\n# In force after \"systemctl daemon-reload\" and a restart of the unit.\n" S
#define NAMES(...)                            \
	(const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *)

static SystemdGroups groups;

static int set_up(void **state)
{
	(void)state;
	help_groups(&groups);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	systemd_groups_done(&groups);
	return 0;
}

static void check(const char *settings, const char *const *allow, size_t n, const char *enosys,
		  const char *before, const char *wanted)
{
	const SystemdReading in = { .text = span_of(settings), .groups = &groups };
	_cleanup_unit_filter_ UnitFilter f = { 0 };
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	const SystemdErrno enosys_of = { enosys, ENOSYS };
	SystemdChange change = { .allow = allow,
				 .n_allow = n,
				 .errnos = &enosys_of,
				 .n_errnos = enosys != NULL,
				 .path = "/p",
				 .section = "Service",
				 .groups = &groups };

	assert_int_equal(systemd_settings_read(&in, &f, NULL), 0);
	assert_int_equal(systemd_dropin_write(&f, &change, span_of(before), &out), 0);
	assert_string_equal(out.n > 0 ? out.p : "", wanted);
}

static void test_only_what_is_needed(void **state)
{
	(void)state;
	/* an allow list: what is missing */
	check(S "SystemCallFilter=read", NAMES("mount", "read"), NULL, "",
	      HEAD "SystemCallFilter=mount\n");
	/* a deny list: the other kind takes out */
	check(S "SystemCallFilter=~mount ptrace", NAMES("mount", "read"), NULL, "",
	      HEAD "SystemCallFilter=mount\n");
	/* both kinds of SystemCallLog= are taken from in the same way */
	check(S "SystemCallLog=~read", NAMES("mount", "read"), NULL, "",
	      HEAD "SystemCallLog=~mount\n");
	check(S "SystemCallLog=mount", NAMES("mount", "read"), NULL, "",
	      HEAD "SystemCallLog=~mount\n");
	check(S "SystemCallFilter=~read:EPERM\nSystemCallLog=~mount", NAMES("mount", "read"), NULL,
	      "", HEAD "SystemCallFilter=read\nSystemCallLog=~read\n");
	/* an allow list may deny by name, too */
	check(S "SystemCallFilter=read\nSystemCallFilter=~read:EPERM", NAMES("read"), NULL, "",
	      HEAD "SystemCallFilter=read\n");
	check(S "SystemCallFilter=read", NAMES("read"), NULL, "", "");
	check(S, NAMES("read"), NULL, "", "");
	check(S "SystemCallFilter=read", NAMES("mount"), "clone3", "",
	      HEAD "SystemCallFilter=mount\nSystemCallFilter=~clone3:ENOSYS\n");
}

static void test_a_group_only_where_it_is_exactly_that(void **state)
{
	(void)state;
	check(S "SystemCallFilter=mount", NAMES("close", "read", "write"), NULL, "",
	      HEAD "SystemCallFilter=@basic-io\n");
	/* no_such_call of @mount is known to nobody; two calls are better named */
	check(S "SystemCallFilter=read", NAMES("mount", "umount2"), NULL, "",
	      HEAD "SystemCallFilter=mount umount2\n");
	check(S "SystemCallFilter=mount", NAMES("close", "read"), NULL, "",
	      HEAD "SystemCallFilter=close read\n");
	check(S "SystemCallFilter=mount", NAMES("chdir", "close", "openat", "read", "write"), NULL,
	      "", HEAD "SystemCallFilter=@service chdir\n");
	/* what is there already lacks for nobody */
	check(S "SystemCallFilter=@basic-io", NAMES("chdir", "openat"), NULL, "",
	      HEAD "SystemCallFilter=chdir openat\n");
}

static void test_what_is_there_stays(void **state)
{
	(void)state;
	check(S "SystemCallFilter=read", NAMES("mount"), NULL, "# mine\n" S "SystemCallFilter=read",
	      "# mine\n" S "SystemCallFilter=read\nSystemCallFilter=mount\n");
	check(S "SystemCallFilter=read", NAMES("mount"), NULL, "[Unit]\nDescription=x\n",
	      "[Unit]\nDescription=x\n" S "SystemCallFilter=mount\n");
}

static void test_long_lines_go_on(void **state)
{
	static const char *const names[] = {
		"accept4",  "bind",   "chdir",      "chmod",       "connect",    "fchmod",
		"fchmodat", "getcwd", "getdents64", "getsockname", "listen",     "mkdir",
		"mkdirat",  "rename", "renameat2",  "rmdir",       "socketpair",
	};
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	_cleanup_unit_filter_ UnitFilter f = { 0 }, again = { 0 };
	SystemdReading in = { .text = SPAN_LIT(S "SystemCallFilter=read"), .groups = &groups };
	SystemdChange change = {
		.allow = names, .n_allow = ELEMENTSOF(names), .path = "/p", .section = "Service"
	};

	(void)state;
	assert_int_equal(systemd_settings_read(&in, &f, NULL), 0);
	assert_int_equal(systemd_dropin_write(&f, &change, SPAN_LIT(""), &out), 0);
	assert_non_null(strstr(out.p, " \\\n\t"));
	in.text = buffer_span(&out);
	assert_int_equal(systemd_settings_read(&in, &again, NULL), 0);
	assert_int_equal(again.filter.n, ELEMENTSOF(names) + 5);
}

#define MARK(path) "# /etc/systemd/system/" path "\n"

static void test_a_drop_in_stands_where_systemd_reads_it(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "A", "A\n\n# /systemd/50-seccompd.conf\nNEW" },
		{ "", "# /systemd/50-seccompd.conf\nNEW" },
		{ MARK("a.service") "A\n\n" MARK("a.service.d/10-x.conf") "B\n\n" MARK(
			  "a.service.d/override.conf") "C\n",
		  MARK("a.service") "A\n\n" MARK("a.service.d/10-x.conf") "B\n\n# "
									  "/systemd/"
									  "50-seccompd."
									  "conf\nNEW\n"
									  "\n" MARK("a."
										    "serv"
										    "ice."
										    "d/"
										    "over"
										    "ride"
										    ".con"
										    "f") "C\n" },
		{ MARK("a.service") "A\n\n" MARK("a.service.d/50-seccompd.conf") "OLD\n",
		  MARK("a.service") "A\n\n# /systemd/50-seccompd.conf\nNEW" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer out = BUFFER_NULL;

		assert_int_equal(
			systemd_dropin_place(span_of(cases[i].text), SPAN_LIT("NEW"), &out), 0);
		assert_string_equal(out.p, cases[i].wanted);
	}
	assert_true(span_is(systemd_dropin_find(span_of(cases[3].text)), "OLD\n"));
	assert_int_equal(systemd_dropin_find(span_of(cases[2].text)).n, 0);
}

static void test_kinds_of_units(void **state)
{
	(void)state;
	assert_string_equal(systemd_section_of(SPAN_LIT("a@.service")), "Service");
	assert_string_equal(systemd_section_of(SPAN_LIT("a.swap")), "Swap");
	assert_null(systemd_section_of(SPAN_LIT("a.scope")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_what_is_needed),
		cmocka_unit_test(test_a_group_only_where_it_is_exactly_that),
		cmocka_unit_test(test_what_is_there_stays),
		cmocka_unit_test(test_long_lines_go_on),
		cmocka_unit_test(test_a_drop_in_stands_where_systemd_reads_it),
		cmocka_unit_test(test_kinds_of_units),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
