/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/strace-line.c */
#include "audit/strace-line.h"
#include "tests/unit/unit.h"

static StraceLine parse(const char *text, bool cut)
{
	StraceLine l;

	strace_line_parse(span_of(text), cut, &l);
	return l;
}

static void is_call(const char *text, const char *name, uint32_t pid, usec_t time)
{
	StraceLine l = parse(text, false);

	if (l.kind != STRACE_CALL || !span_is(l.name, name) || l.pid != pid || l.time != time)
		fail_msg("%s: kind %d, name %.*s, pid %u, time %llu", text, (int)l.kind,
			 (int)l.name.n, l.name.p, l.pid, (unsigned long long)l.time);
}

static void is_kind(const char *text, StraceKind kind)
{
	StraceLine l = parse(text, false);

	if (l.kind != kind)
		fail_msg("%s: kind %d, not %d", text, (int)l.kind, (int)kind);
}

/* Each as strace 6.1 writes it. */
static void test_what_stands_before_a_call(void **state)
{
	const usec_t t = 1795380511720288ULL;

	(void)state;
	is_call("brk(NULL)                         = 0x55d13242c000", "brk", 0, 0);
	is_call("18374 brk(NULL) = 0", "brk", 18374, 0);
	is_call("7     brk(NULL) = 0", "brk", 7, 0);
	is_call("[pid 18388] brk(NULL) = 0", "brk", 18388, 0);
	is_call("[pid     8] brk(NULL) = 0", "brk", 8, 0);
	is_call("[pid     8<a b>] brk(NULL) = 0", "brk", 8, 0);
	is_call("18415<strace> brk(NULL) = 0", "brk", 18415, 0);
	is_call("1795380511.720288 getpid()              = 18387 <0.000008>", "getpid", 0, t);
	is_call("[pid 18388] 1795380511.720288 getpid() = 1", "getpid", 18388, t);
	is_call("18436 1795380511.720288617 getpid() = 1", "getpid", 18436, t);
	is_call("1795380511 getpid() = 1", "getpid", 0, 1795380511000000ULL);
	is_call("18404      0.000311 brk(NULL)           = 0", "brk", 18404, 0);
	is_call("     0.000311 brk(NULL)           = 0", "brk", 0, 0);
	is_call("20:48:31 brk(NULL) = 0", "brk", 0, 0);
	is_call("20:48:31 (+     0.000316) brk(NULL)     = 0", "brk", 0, 0);
	is_call("18410 20:48:31.869479 [  12] [00007fe19bf99c47] brk(NULL) = 0", "brk", 18410, 0);
	is_call("[00007fe19bf99c47] brk(NULL) = 0\r", "brk", 0, 0);
	is_call("7 [unconfined_t] brk(NULL) = 0", "brk", 7, 0);
}

static void test_what_a_call_may_say(void **state)
{
	(void)state;
	is_call("write(1, \") = 3\\n+++ exited with 0 +++\", 24) = 24", "write", 0, 0);
	is_call("openat(AT_FDCWD</tmp>, \"a (b\", O_RDONLY) = -1 ENOENT (No such file or "
		"directory)",
		"openat", 0, 0);
	is_call("exit_group(0)                     = ?", "exit_group", 0, 0);
	is_call("rt_sigsuspend([], 8) = ? ERESTARTNOHAND (To be restarted if no handler)",
		"rt_sigsuspend", 0, 0);
	is_call("restart_syscall(<... resuming interrupted read ...> <detached ...>",
		"restart_syscall", 0, 0);
	is_call("8 execve(\"/bin/b\", [\"b\"], 0x1 /* 3 vars */ <pid changed to 7 ...>", "execve",
		8, 0);
	is_call("exit_group(0 <unfinished ...>)    = ?", "exit_group", 0, 0);
	is_call("syscall_0x1b5(0x1, 0) = -1 ENOSYS (Function not implemented)", "syscall_0x1b5", 0,
		0);
	is_call("?\?\?\?(0x1) = 3", "????", 0, 0);
}

static void test_calls_in_two_halves(void **state)
{
	StraceLine l = parse("18374 vfork( <unfinished ...>", false);

	(void)state;
	assert_true(l.kind == STRACE_CALL && l.unfinished);
	l = parse("1.5 vfork(strace: Process 18388 attached", false);
	assert_true(l.kind == STRACE_CALL && l.interrupted && !l.unfinished);
	is_kind(" <unfinished ...>", STRACE_UNFINISHED);
	l = parse("[pid 18387] 1795380511.721866 <... vfork resumed>) = 18388 <0.000235>", false);
	assert_true(l.kind == STRACE_RESUMED && span_is(l.name, "vfork") && l.pid == 18387);
	l = parse("7 <... wait4 resumed> 0x7ffc, WNOHANG, NULL) = 0", false);
	assert_true(l.kind == STRACE_RESUMED && span_is(l.name, "wait4"));
}

static void test_what_is_no_call(void **state)
{
	static const char *const skipped[] = {
		"",
		"18374 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1} ---",
		"--- stopped by SIGSTOP ---",
		"strace: Process 18388 attached",
		"Process 18388 detached",
		" > /usr/lib/ld-linux-x86-64.so.2(_dl_catch_error+0x26f0) [0x1ab70]",
		" | 00000  68 65 6c 6c 6f 0a                                 hello.  |",
	};
	static const char *const foreign[] = {
		"hello",
		"Process started",
		"12 monkeys",
		"3.14159",
		"[notice] ready",
		"/bin/sh: 1: x: not found",
		"1(2) = 3",
		"[ Process PID=x runs in 32 bit mode. ]",
		"System call usage summary for ever",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(skipped); i++)
		is_kind(skipped[i], STRACE_SKIP);
	for (size_t i = 0; i < ELEMENTSOF(foreign); i++)
		is_kind(foreign[i], STRACE_NOT_OURS);
	is_kind("[pid 18388] +++ exited with 0 +++", STRACE_EXIT);
	is_kind("7 +++ killed by SIGSEGV (core dumped) +++", STRACE_EXIT);
	is_kind("8 +++ superseded by execve in pid 7 +++", STRACE_EXIT);
}

static void test_modes(void **state)
{
	StraceLine l = parse("[pid 9] [ Process PID=18708 runs in 32 bit mode. ]", false);

	(void)state;
	assert_true(l.kind == STRACE_MODE && l.pid == 18708 && span_is(l.mode, "32 bit"));
	l = parse("System call usage summary for x32 mode:", false);
	assert_true(l.kind == STRACE_TABLE && span_is(l.mode, "x32"));
}

static void test_a_cut_line_needs_no_result(void **state)
{
	(void)state;
	is_kind("openat(AT_FDCWD, \"/etc/ld.so", STRACE_NO_RESULT);
	is_kind("write(2, \"hello\\n\", 6hello", STRACE_NO_RESULT);
	assert_int_equal(parse("openat(AT_FDCWD, \"/etc/ld.so", true).kind, STRACE_CALL);
	assert_int_equal(parse("7 <... wait4 resu", true).kind, STRACE_RESUMED);
	assert_int_equal(parse("opena", true).kind, STRACE_NOT_OURS);
}

UNIT_MAIN(cmocka_unit_test(test_what_stands_before_a_call),
	  cmocka_unit_test(test_what_a_call_may_say), cmocka_unit_test(test_calls_in_two_halves),
	  cmocka_unit_test(test_what_is_no_call), cmocka_unit_test(test_modes),
	  cmocka_unit_test(test_a_cut_line_needs_no_result))
