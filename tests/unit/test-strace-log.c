/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/strace-log.c */
#include "audit/arch.h"
#include "audit/strace-log.h"
#include "tests/unit/unit.h"

/* Lines as strace writes them; the last is cut when it has no end. */
static StraceLog *read_log(const char *text)
{
	Span rest = span_of(text), line;
	StraceLog *log;

	assert_int_equal(strace_log_new(ARCH_WORD_X86_64, &log), 0);
	while (rest.n > 0) {
		bool ended = memchr(rest.p, '\n', rest.n);

		span_split(&rest, '\n', &line);
		assert_int_equal(strace_log_take(log, line, !ended), 0);
	}
	return log;
}

static uint64_t count_of(StraceLog *log, uint32_t arch, int64_t nr)
{
	size_t n;
	const StraceCall *calls = strace_log_calls(log, &n);

	for (size_t i = 0; i < n; i++)
		if (calls[i].arch == arch && calls[i].nr == nr)
			return calls[i].count;
	return 0;
}

static size_t calls_of(StraceLog *log)
{
	size_t n;

	assert_non_null(strace_log_calls(log, &n));
	return n;
}

static void test_halves_count_once(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log = read_log("7 <... poll resumed>) = 1\n"
							      "7 vfork( <unfinished ...>\n"
							      "8 close(3 <unfinished ...>\n"
							      "7 <... vfork resumed>) = 8\n"
							      "8 <... close resumed>) = 0\n"
							      "8 <... close resumed>) = 0\n");

	(void)state;
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 58), 1);
	/* one whose first half was before the log */
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 7), 1);
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 3), 2);
	assert_int_equal(strace_log_counts(log)->records, 4);
	assert_int_equal(strace_log_counts(log)->skipped, 2);
}

/* A terminal's lines name the process only while there are others. */
static void test_halves_on_a_terminal(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("vfork(strace: Process 8 attached\n <unfinished ...>\n"
			 "[pid 7] <... vfork resumed>) = 8\n[pid 7] wait4(-1,  <unfinished ...>\n"
			 "[pid 8] +++ exited with 0 +++\n<... wait4 resumed>[], 0, NULL) = 8\n");

	(void)state;
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 58), 1);
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 61), 1);
	assert_int_equal(strace_log_counts(log)->rejected, 0);
}

static void test_a_call_that_a_message_interrupts(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("clone(flags=SIGCHLDstrace: Process 8 attached\n"
			 ", child_tidptr=0x7fca1aa85a10) = 8\n[pid 7] wait4(-1,  <unfinished ...>\n"
			 "[pid 8] clone(strace: Process 9 attached\nhello\nhello\n");

	(void)state;
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 56), 2);
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 61), 1);
	assert_int_equal(strace_log_counts(log)->by_reason[STRACE_REJECT_FOREIGN], 1);
}

static void test_modes_are_of_a_process(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("[ Process PID=7 runs in 32 bit mode. ]\n"
			 "getpid() = 7\n[pid 8] getpid() = 8\n[pid 7] getpid() = 7\n"
			 "[pid 8] [ Process PID=8 runs in x32 mode. ]\n[pid 8] getpid() = 8\n"
			 "[pid 8] [ Process PID=8 runs in 64 bit mode. ]\n[pid 8] getpid() = 8\n"
			 "[pid 7] +++ exited with 0 +++\ngetpid() = 8\n");

	(void)state;
	assert_int_equal(count_of(log, ARCH_WORD_I386, 20), 2);
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 39), 3);
	assert_int_equal(count_of(log, ARCH_WORD_X32, ARCH_X32_BIT + 39), 1);
}

static void test_an_unknown_mode_is_no_other(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("System call usage summary for 31 bit mode:\n"
			 "% time     seconds  usecs/call     calls    errors syscall\n"
			 "  0.00    0.000000           0         7           read\n");

	(void)state;
	assert_int_equal(calls_of(log), 0);
	assert_int_equal(strace_log_counts(log)->by_reason[STRACE_REJECT_MODE], 1);
	assert_true(strace_log_counts(log)->cut);
}

static void test_a_summary_repeats_its_log(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("read(0, \"\", 1) = 0\nread(0, \"\", 1) = 0\n"
			 "% time     seconds  usecs/call     calls    errors syscall\n"
			 "------ ----------- ----------- --------- --------- ----------------\n"
			 "  0.00    0.000000           0         2           read\n"
			 "  0.00    0.000000           0         5         1 poll\n"
			 "------ ----------- ----------- --------- --------- ----------------\n"
			 "100.00    0.000042           1         7         1 total\n"
			 "System call usage summary for 32 bit mode:\n"
			 "% time     seconds  usecs/call     calls    errors syscall\n"
			 "------ ----------- ----------- --------- --------- ----------------\n"
			 "  0.00    0.000000           0         3           getpid\n"
			 "100.00    0.000042           1         3           total\n"
			 "getpid() = 1\n");

	(void)state;
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 0), 2);
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 7), 5);
	assert_int_equal(count_of(log, ARCH_WORD_I386, 20), 3);
	assert_int_equal(count_of(log, ARCH_WORD_X86_64, 39), 1);
	assert_int_equal(strace_log_counts(log)->rejected, 0);
	assert_false(strace_log_counts(log)->cut);
}

static void test_times_are_those_of_ttt(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("1795380511.5 getpid() = 7\n1795380510.250000 getpid() = 7\n"
			 "1795380512 getpid() = 7\n7 20:48:31 getppid() = 8\n");
	size_t n;
	const StraceCall *calls = strace_log_calls(log, &n);

	(void)state;
	assert_int_equal(n, 2);
	assert_int_equal(calls[0].first, 1795380510250000ULL);
	assert_int_equal(calls[0].last, 1795380512000000ULL);
	assert_int_equal(calls[1].first + calls[1].last, 0);
}

static void test_each_line_is_accounted_for(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log =
		read_log("hello\nfrobnicate(1) = 0\nwrite(2, \"a\", 1a\n)  = 1\n"
			 "% time     seconds  usecs/call     calls    errors syscall\n"
			 "  0.00    0.000000           0         x           read\nopenat(AT_FD");
	const StraceCounts *c = strace_log_counts(log);

	(void)state;
	assert_int_equal(calls_of(log), 1);
	assert_int_equal(c->lines, 7);
	assert_int_equal(c->records, 1);
	assert_int_equal(c->skipped, 1);
	assert_int_equal(c->by_reason[STRACE_REJECT_FOREIGN], 2);
	assert_int_equal(c->by_reason[STRACE_REJECT_NAME], 1);
	assert_int_equal(c->by_reason[STRACE_REJECT_NO_RESULT], 1);
	assert_int_equal(c->by_reason[STRACE_REJECT_ROW], 1);
	assert_string_equal(c->unknown, "frobnicate");
	assert_true(c->cut);
}

static void test_bounds(void **state)
{
	_cleanup_(strace_log_freep) StraceLog *log = NULL;
	char line[64];

	(void)state;
	assert_int_equal(strace_log_new(ARCH_WORD_X86_64, &log), 0);
	for (unsigned i = 0; i <= STRACE_CALLS_MAX; i++) {
		snprintf(line, sizeof(line), "syscall_0x%x() = -1", i + 0x1000);
		assert_int_equal(strace_log_take(log, span_of(line), false), 0);
	}
	assert_int_equal(strace_log_counts(log)->by_reason[STRACE_REJECT_MANY], 1);
	for (unsigned i = 0; i <= STRACE_PROCESSES_MAX; i++) {
		snprintf(line, sizeof(line), "[ Process PID=%u runs in 32 bit mode. ]", i + 1);
		assert_int_equal(strace_log_take(log, span_of(line), false), 0);
	}
	/* Whose mode found no room cannot be told from the others. */
	assert_int_equal(strace_log_take(log, SPAN_LIT("9999 getpid() = 1"), false), 0);
	assert_int_equal(strace_log_counts(log)->by_reason[STRACE_REJECT_MODE], 1);
	assert_int_equal(calls_of(log), STRACE_CALLS_MAX);
}

UNIT_MAIN(cmocka_unit_test(test_halves_count_once), cmocka_unit_test(test_halves_on_a_terminal),
	  cmocka_unit_test(test_a_call_that_a_message_interrupts),
	  cmocka_unit_test(test_modes_are_of_a_process),
	  cmocka_unit_test(test_an_unknown_mode_is_no_other),
	  cmocka_unit_test(test_a_summary_repeats_its_log),
	  cmocka_unit_test(test_times_are_those_of_ttt),
	  cmocka_unit_test(test_each_line_is_accounted_for), cmocka_unit_test(test_bounds))
