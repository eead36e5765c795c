/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Real records of many systems, from ../shared/data/records.tsv beside the sources (columns: where
 * from, line). Each row below names a line by a part of it that no other has; the values were read
 * off by hand.
 */
#include <fcntl.h>

#include "audit/action.h"
#include "audit/arch.h"
#include "audit/line.h"
#include "audit/syscall.h"
#include "tests/unit/unit.h"
#include "util/file.h"

typedef struct Expected {
	const char *part;
	LineStatus status;
	uint32_t serial;
	int32_t pid;
	const char *comm, *exe, *subj, *arch, *syscall; /* NULL: absent */
	int64_t nr;
	int32_t sig, compat;
	const char *action;
} Expected;

#define LOG "SCMP_ACT_LOG"
#define KILL "SCMP_ACT_KILL_THREAD"
#define ERRNO "SCMP_ACT_ERRNO"
#define NONE LINE_SKIP

static const Expected expected[] = {
	{ "audit(1353351965.884:28)", NONE },
	{ "audit(1421087245.965:678)", NONE },
	{ "audit(1375490237.363:17)", LINE_RECORD, 17, 16529, "vsftpd", NULL, NULL, "unknown", NULL,
	  96, 31, 0, KILL },
	{ "audit(1410709271.385:68)", LINE_RECORD, 68, 17866, "vsftpd", NULL, NULL, "unknown", NULL,
	  37, 31, 0, KILL },
	{ "audit(1430766107.122:16)", LINE_RECORD, 16, 1491, "env", "/bin/bash", NULL, "arm",
	  "set_tls", 983045, 31, 0, KILL },
	{ "audit(1486238739.637:135)", LINE_RECORD, 135, 10020, "syz-executor1",
	  "/root/syz-executor1", NULL, "x86_64", "futex", 202, 31, 0, KILL },
	{ "audit(1546069676.863:33)", LINE_RECORD, 33, 8664, "syz-executor1", "/root/syz-executor1",
	  "=unconfined", "i386", "clock_gettime", 265, 31, 1, KILL },
	{ "audit(2000000012.020:46)", LINE_RECORD, 46, 21534, "syz-executor0",
	  "/root/syz-executor0", "=unconfined", "x86_64", "futex", 202, 31, 0, KILL },
	{ "audit(1573828479.772:49)", LINE_RECORD, 49, 15, "runc:[2:INIT]", "/", NULL, "x86_64",
	  "write", 1, 0, 0, LOG },
	{ "audit(1590490257.530:645)", LINE_RECORD, 645, 4998, "chrome",
	  "/snap/chromium/1165/usr/lib/chromium-browser/chrome", NULL, "x86_64",
	  "sched_setaffinity", 203, 0, 0, ERRNO },
	{ "audit(1595317960.526:2)", LINE_RECORD, 2, 1177, "sshd", "/usr/sbin/sshd", "kernel",
	  "x86_64", "clock_nanosleep", 230, 31, 0, KILL },
	{ "audit(1594067860.484:14536)", LINE_RECORD, 14536, 29064, "http-echo", "/http-echo", NULL,
	  "x86_64", "getsockname", 51, 0, 0, LOG },
	{ "audit(1604493273.364:106)", LINE_RECORD, 106, 2831, "snap-store",
	  "/snap/snap-store/481/usr/bin/snap-store", "=snap.snap-store.ubuntu-software (enforce)",
	  "x86_64", "sched_setattr", 314, 0, 0, ERRNO },
	{ "audit(1734766505.185:6623933)", LINE_RECORD, 6623933, 699016, "runc:[2:INIT]", "/",
	  "=unconfined", "x86_64", "fcntl", 72, 0, 0, LOG },
	{ "audit(1705307237.424:9332888)", LINE_RECORD, 9332888, 2684228, "runc:[2:INIT]", "/",
	  "=unconfined", "x86_64", "faccessat2", 439, 0, 0, LOG },
	{ "audit(1740668907.734:6970)", LINE_RECORD, 6970, 2045941, "chmod", "/usr/bin/chmod", "?",
	  "x86_64", "fchmodat", 268, 0, 0, LOG },
	{ "audit(1710616597.236:2)", LINE_RECORD, 2, 99, "dhcpcd", "/sbin/dhcpcd", NULL, "aarch64",
	  "dup3", 24, 31, 0, KILL },
	{ "audit(1641892308.345:601)", LINE_RECORD, 601, 14974, "sh", "/bin/busybox", NULL,
	  "aarch64", "openat", 56, 0, 0, LOG },
	{ "audit(1659528178.748:27)", LINE_RECORD, 27, 2704, "config_dialog_s",
	  "/system/bin/appspawn", "u:r:appspawn:s0", "arm", "setresuid32", 208, 31, 1,
	  "SCMP_ACT_KILL_PROCESS" },
	{ "audit(1750916964.825:3800)", LINE_RECORD, 3800, 66406, "AsyncLocalStore",
	  "/opt/google/drive-file-stream/drivefs", "u:r:cros_disks:s0", "aarch64", "msync", 227, 31,
	  0, "SCMP_ACT_KILL_PROCESS" },
	{ "ppid=4843 pid=4844", LINE_RECORD, 0, 4844, "nacl_helper",
	  "/opt/google/chrome/nacl_helper", "u:r:cros_browser:s0", "x86_64", "set_robust_list", 273,
	  0, 0, ERRNO },
	{ "audit(1716144132.339:4036728)", LINE_RECORD, 4036728, 19633, "bash", "/usr/bin/bash",
	  "unconfined", "x86_64", "rt_sigaction", 13, 0, 0, LOG },
	{ "audit(1744780616.598:836036)", LINE_RECORD, 836036, 72503, "sh", "/bin/dash",
	  "system_u:system_r:container_t:s0:c83,c152", "x86_64", "clone", 56, 0, 0, LOG },
	{ "audit(1613596317.899:6463)", LINE_RECORD, 6463, 2039888, "app32", "/app32", NULL, "i386",
	  "socketcall", 102, 0, 1, LOG },
	{ "audit(1613596317.899:6464)", LINE_REJECT, 6464 },
	{ "audit(1740535410.396:1727850)", LINE_RECORD, 1727850, 3315793, "chmod", "/bin/chmod",
	  "=cri-containerd.apparmor.d (enforce)", "x86_64", "fchmodat", 268, 0, 0, LOG },
	{ "pid=42348 comm=ncat", LINE_RECORD, 8, 42348, "ncat", "/usr/bin/ncat", "=unconfined",
	  "x86_64", "socket", 41, 31, 0, NULL },
	{ "pid=19268 comm=sed", LINE_RECORD, 0, 19268, "sed", "/usr/bin/sed",
	  "system_u:system_r:ipsec_mgmt_t:s0", "ppc64le", "statfs64", 252, 31, 0, NULL },
	{ "audit[25570]: SECCOMP", LINE_RECORD, 0, 25570, "runc:[2:INIT]", "/usr/bin/runc",
	  "=unconfined", "x86_64", "nanosleep", 35, 0, 0, LOG },
	{ "audit[10102]: SECCOMP", LINE_RECORD, 0, 10102, "nginx",
	  "/nix/store/rsivvngv306f1dfyl3yq3pffvlnhisaj-nginx-1.10.1/bin/nginx", NULL, "x86_64",
	  "brk", 12, 31, 0, KILL },
	{ "comm=\"rsyslogd\" sig=31", LINE_REJECT },
	{ "audit(1484586246.124:6): ...", LINE_REJECT, 6 },
	{ "audit(1795309685.237:220764)", LINE_RECORD, 220764, 20828, "gen", "/opt/t/gen", NULL,
	  "x86_64", "getpid", 39, 0, 0, "SCMP_ACT_TRACE" },
	{ "audit(1795309685.241:220767)", LINE_RECORD, 220767, 20832, "a b\"c", "/opt/t/gen", NULL,
	  "x86_64", "getpid", 39, 0, 0, LOG },
	{ "audit(1795309685.241:220768)", LINE_RECORD, 220768, 20833, "gen", "/opt/t/gen", NULL,
	  "x86_64", NULL, -1, 0, 0, LOG },
	{ "audit(1795309685.245:220769)", LINE_RECORD, 220769, 20834, "gen", "/opt/t/gen", NULL,
	  "x32", "getpid", 1073741863, 0, 0, LOG },
	{ "audit(1795309685.245:220771)", LINE_RECORD, 220771, 20836, "gen", "/opt/t/gen", NULL,
	  "x86_64", "getpid", 39, 9, 0, KILL },
	{ "audit(1795309685.249:220772)", LINE_RECORD, 220772, 20837, "gen", "/opt/t/gen", NULL,
	  "x86_64", "getpid", 39, 31, 0, "other" },
};

static void assert_text(const Line *l, Span raw, const char *wanted)
{
	char text[256];
	int n;

	if (l->interpreted) {
		assert_true(span_is(raw, wanted));
		return;
	}
	n = record_text(raw, text, sizeof(text));
	assert_int_equal(n >= 0, wanted != NULL);
	if (wanted)
		assert_string_equal(text, wanted);
}

static void assert_record(const Line *l, const Expected *e)
{
	const Record *r = &l->record;
	char name[SYSCALL_NAME_MAX];
	bool named = (r->has & RECORD_HAS_ARCH) && syscall_name(r->arch, r->nr, name) == 0;

	assert_int_equal(r->pid, e->pid);
	assert_text(l, r->comm, e->comm);
	assert_text(l, r->exe, e->exe);
	assert_int_equal(!!(r->has & RECORD_HAS_SUBJ), e->subj != NULL);
	if (e->subj)
		assert_true(span_is(r->subj, e->subj));
	assert_string_equal(arch_name(arch_of_call(r->arch, r->nr)), e->arch);
	assert_int_equal(named, e->syscall != NULL);
	if (e->syscall)
		assert_string_equal(name, e->syscall);
	assert_int_equal(r->nr, e->nr);
	assert_int_equal(r->sig, e->sig);
	assert_int_equal(r->compat, e->compat);
	assert_int_equal(!!(r->has & RECORD_HAS_CODE), e->action != NULL);
	if (e->action)
		assert_string_equal(action_name(action_of_code(r->code)), e->action);
}

static bool find_line(Span all, const char *part, Span *ret)
{
	Span text;

	while (span_split(&all, '\n', &text)) {
		const char *tab = text.n > 0 ? memchr(text.p, '\t', text.n) : NULL;

		if (!tab || span_find(text, span_of(part)) < 0)
			continue;
		*ret = span_from(text, (size_t)(tab - text.p) + 1);
		return true;
	}
	return false;
}

static void test_real_lines_decode_as_a_careful_reader_would(void **state)
{
	_cleanup_free_ char *path = unit_source_path("../shared/data/records.tsv"), *text = NULL;
	size_t n;

	(void)state;
	if (!path || file_read_at(AT_FDCWD, path, 1 << 20, true, &text, &n) < 0) {
		print_message("there is no %s\n", path ?: "file");
		freep(&path); /* skip() leaves by a jump */
		skip();
	}
	for (size_t i = 0; i < ELEMENTSOF(expected); i++) {
		Span line;
		Line l;

		if (!find_line(span_make(text, n), expected[i].part, &line))
			fail_msg("no line has %s", expected[i].part);
		line_decode(line, &l);
		if (l.status != expected[i].status)
			fail_msg("%s: %s", expected[i].part, line_status_name(l.status));
		if (l.status == LINE_SKIP)
			continue;
		assert_int_equal(l.record.serial, expected[i].serial);
		if (l.status == LINE_RECORD)
			assert_record(&l, &expected[i]);
	}
}

UNIT_MAIN(cmocka_unit_test(test_real_lines_decode_as_a_careful_reader_would))
