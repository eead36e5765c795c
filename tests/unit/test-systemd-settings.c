/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/systemd-settings: what assignments come to, one after the other. tests/e2e/systemd.sh
 * compares the same with systemd itself. */
#include <errno.h>

#include "tests/unit/systemd-help.h"
#include "util/buffer.h"

#define S "[Service]\n"
#define ALWAYS "execve exit_group futex getpid "

static void add_list(Buffer *b, const char *name, const UnitNames *l)
{
	if (l->n == 0 && !l->inclusive)
		return;
	buffer_printf(b, "%s%s%s", b->n > 0 ? "; " : "", name, l->inclusive ? "=" : "=~");
	for (size_t i = 0; i < l->n; i++)
		buffer_printf(b, "%s%s", i > 0 ? " " : "", l->names[i]);
}

static void describe(const UnitFilter *f, Buffer *b)
{
	add_list(b, "filter", &f->filter);
	add_list(b, "log", &f->log);
	if (f->error_number != UNIT_ERROR_KILL)
		buffer_printf(b, "%serror=%d", b->n > 0 ? "; " : "", f->error_number);
	if (f->arches.n > 0)
		add_list(b, "arches",
			 &(UnitNames){ f->arches.names, f->arches.n, .inclusive = true });
}

static void check(const SystemdGroups *groups, const char *text, const char *wanted)
{
	const SystemdReading in = { .text = span_of(text), .groups = groups };
	_cleanup_unit_filter_ UnitFilter f = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Diag d = { 0 };

	if (systemd_settings_read(&in, &f, &d) < 0)
		fail_msg("%s: %s", text, d.text);
	describe(&f, &b);
	assert_string_equal(b.n > 0 ? b.p : "", wanted);
}

static void test_assignments_in_their_order(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ S, "" },
		{ S "SystemCallFilter=read", "filter=" ALWAYS "read rt_sigreturn" },
		{ S "SystemCallFilter=~read @basic-io", "filter=~close read write" },
		{ S "SystemCallFilter=@mount",
		  "filter=execve exit_group futex getpid mount rt_sigreturn umount2" },
		/* the first kind holds, the other takes out */
		{ S "SystemCallFilter=read write\nSystemCallFilter=~write getpid",
		  "filter=execve exit_group futex read rt_sigreturn" },
		{ S "SystemCallFilter=~@basic-io\nSystemCallFilter=read", "filter=~close write" },
		{ S "SystemCallFilter=~read\nSystemCallFilter=read write", "" },
		{ S "SystemCallFilter=~\nSystemCallFilter=read", "" },
		/* a reset forgets the kind, too */
		{ S "SystemCallFilter=read\nSystemCallFilter=\nSystemCallFilter=~write",
		  "filter=~write" },
		/* errno of one call */
		{ S "SystemCallFilter=~read:EPERM write:kill close:0 openat:99999",
		  "filter=~close:0 read:1 write:kill" },
		{ S "SystemCallFilter=~read:EPERM\nSystemCallFilter=~read", "filter=~read" },
		{ S "SystemCallFilter=write\nSystemCallFilter=~write:ENOSYS read:13",
		  "filter=" ALWAYS "read:13 rt_sigreturn write:38" },
		{ S "SystemCallFilter=write:EPERM read", "filter=" ALWAYS "read rt_sigreturn" },
		/* logging adds nothing of its own */
		{ S "SystemCallLog=read", "log=read" },
		{ S "SystemCallLog=~@service\nSystemCallLog=read",
		  "log=~close execve exit_group futex getpid openat rt_sigreturn write" },
		{ S "SystemCallLog=read:EPERM", "log=" },
		{ S "SystemCallFilter=read\nSystemCallLog=~read",
		  "filter=" ALWAYS "read rt_sigreturn; log=~read" },
		/* what all denied calls get */
		{ S "SystemCallErrorNumber=EPERM", "error=1" },
		{ S "SystemCallErrorNumber=38\nSystemCallErrorNumber=EFOO\nSystemCallErrorNumber=0",
		  "error=38" },
		{ S "SystemCallErrorNumber=38\nSystemCallErrorNumber=", "" },
		{ S "SystemCallErrorNumber=38\nSystemCallErrorNumber=kill", "" },
		{ S "SystemCallArchitectures=native x86 native pdp11\n", "arches=native x86" },
		{ S "SystemCallArchitectures=native\nSystemCallArchitectures=", "" },
		/* where systemd does not look */
		{ "SystemCallFilter=read\n[Unit]\nSystemCallFilter=read\n" S, "" },
		{ "[Socket]\nSystemCallErrorNumber=EPERM\n[Install]\nSystemCallErrorNumber=EBADF\n",
		  "error=1" },
		{ S "Systemcallfilter=read\nsystemCallFilter=write", "" },
	};
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };

	(void)state;
	help_groups(&groups);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		check(&groups, cases[i].text, cases[i].wanted);
}

static void refuse(const SystemdGroups *groups, const char *text, unsigned line, const char *why)
{
	const SystemdReading in = { .text = span_of(text), .groups = groups };
	UnitFilter f = { 0 };
	Diag d = { 0 };

	assert_int_equal(systemd_settings_read(&in, &f, &d), -EBADMSG);
	assert_int_equal(d.line, line);
	if (!strstr(d.text, why))
		fail_msg("%s", d.text);
}

static void test_what_systemd_cannot_start_is_refused(void **state)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };

	(void)state;
	help_groups(&groups);
	refuse(&groups, "", 0, "no section");
	refuse(&groups, "SystemCallFilter=read\n", 0, "no section");
	refuse(&groups, S "[Unit\n", 2, "\"]\"");
	/* libseccomp takes no rule that gives the default answer */
	refuse(&groups, S "SystemCallFilter=read\nSystemCallFilter=~write:kill", 3, "228");
	refuse(&groups,
	       S "SystemCallErrorNumber=1\nSystemCallFilter=read\nSystemCallFilter=~close\\\n "
		 "write:EPERM",
	       5, "228");
	/* in a deny list the default is to allow */
	check(&groups, S "SystemCallErrorNumber=1\nSystemCallFilter=~write:EPERM",
	      "filter=~write:1; error=1");
}

static void test_groups_need_the_installed_systemd(void **state)
{
	(void)state;
	refuse(NULL, S "SystemCallFilter=read", 2, "systemd-analyze");
	refuse(NULL, S "SystemCallLog=~@service", 2, "systemd-analyze");
	check(NULL, S "SystemCallFilter=~ptrace\nSystemCallLog=read", "filter=~ptrace; log=read");
}

typedef struct Notes {
	unsigned counts[_SYSTEMD_NOTE_MAX];
	char word[SYSTEMD_WORD_MAX];
} Notes;

static void count(SystemdNote note, SystemdKey key, const char *at, const char *word,
		  void *userdata)
{
	Notes *n = userdata;

	assert_non_null(at);
	assert_in_range(key, 0, _SYSTEMD_KEY_MAX - 1);
	n->counts[note]++;
	snprintf(n->word, sizeof(n->word), "%s", word);
}

static void test_each_surprise_is_noted(void **state)
{
	static const struct {
		const char *text;
		SystemdNote note;
		const char *word;
	} cases[] = {
		{ "[Unit]\nSystemCallFilter=read\n" S, SYSTEMD_OUTSIDE, "SystemCallFilter" },
		{ S "SystemCallFilter read", SYSTEMD_NO_ASSIGNMENT, "" },
		{ S "SystemCallLog=read\nSystemCallLog=", SYSTEMD_RESET, "SystemCallLog" },
		{ S "SystemCallArchitectures=", SYSTEMD_RESET_NOTHING, "SystemCallArchitectures" },
		{ S "SystemCallFilter=bogus", SYSTEMD_UNKNOWN_NAME, "bogus" },
		{ S "SystemCallFilter=@bogus", SYSTEMD_UNKNOWN_GROUP, "@bogus" },
		{ S "SystemCallFilter=~read:EFOO", SYSTEMD_BAD_ERROR, "read:EFOO" },
		{ S "SystemCallFilter=~:EPERM", SYSTEMD_BAD_ERROR, ":EPERM" },
		{ S "SystemCallErrorNumber=EFOO", SYSTEMD_BAD_ERROR, "EFOO" },
		{ S "SystemCallErrorNumber=EPERM EACCES", SYSTEMD_BAD_ERROR, "EPERM" },
		{ S "SystemCallFilter=read:EPERM", SYSTEMD_ERROR_IN_ALLOW, "read:EPERM" },
		{ S "SystemCallArchitectures=pdp11", SYSTEMD_UNKNOWN_ARCH, "pdp11" },
		{ S "SystemCallFilter=getpid", SYSTEMD_AGAIN, "getpid" },
		{ S "SystemCallFilter=@service read", SYSTEMD_AGAIN, "read" },
		{ S "SystemCallFilter=@service @basic-io", SYSTEMD_AGAIN, "@basic-io" },
		{ S "SystemCallFilter=~mount\nSystemCallFilter=read", SYSTEMD_NOT_THERE, "read" },
		{ S "SystemCallFilter=read ~write", SYSTEMD_LOST_TILDE, "~write" },
		{ S "SystemCallFilter=~", SYSTEMD_EMPTY_LIST, "SystemCallFilter" },
	};
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };

	(void)state;
	help_groups(&groups);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_unit_filter_ UnitFilter f = { 0 };
		Notes notes = { 0 };
		const SystemdReading in = { span_of(cases[i].text), &groups, count, &notes };

		assert_int_equal(systemd_settings_read(&in, &f, NULL), 0);
		for (int k = 0; k < _SYSTEMD_NOTE_MAX; k++)
			assert_int_equal(notes.counts[k], k == (int)cases[i].note);
		assert_string_equal(notes.word, cases[i].word);
	}
}

UNIT_MAIN(cmocka_unit_test(test_assignments_in_their_order),
	  cmocka_unit_test(test_what_systemd_cannot_start_is_refused),
	  cmocka_unit_test(test_groups_need_the_installed_systemd),
	  cmocka_unit_test(test_each_surprise_is_noted))
