/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/arch.h"
#include "ctl/decode-summary.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

static void add(DecodeSummary *s, const char *exe, int64_t nr, uint32_t code)
{
	Line line = { .record = { .has = RECORD_HAS_ARCH | RECORD_HAS_NR | RECORD_HAS_CODE,
				  .exe = span_of(exe),
				  .arch = ARCH_WORD_X86_64,
				  .nr = nr,
				  .code = code } };

	decode_summary_add(s, &line);
}

/* What is printed, without the stream that the test framework writes to. */
static char *printed(const DecodeSummary *s, bool json)
{
	FILE *before = stdout;
	char *text = NULL;
	size_t n = 0;

	stdout = open_memstream(&text, &n);
	assert_non_null(stdout);
	assert_int_equal(decode_summary_print(s, json, false), 0);
	fclose(stdout);
	stdout = before;
	return text;
}

static void test_records_of_a_kind_are_one_row(void **state)
{
	_cleanup_(decode_summary_freep) DecodeSummary *s = decode_summary_new(7);
	_cleanup_free_ char *text = NULL;

	(void)state;
	add(s, "\"/bin/a\"", 59, 0x7ffc0000);
	add(s, "\"/bin/a\"", 59, 0x50001);
	add(s, "2F62696E2F61", 59, 0x50000);
	add(s, "\"/bin/a\"", 59, 0x50000);
	add(s, "\"/bin/b\"", 59, 0x50000);
	add(s, "\"/bin/b\"", ARCH_X32_BIT | 39, 0x50000);
	add(s, "(null)", -1, 0);
	text = printed(s, true);
	assert_string_equal(text,
			    "{\"count\":3,\"exe\":\"/bin/a\",\"arch\":\"x86_64\",\"nr\":59,"
			    "\"syscall\":\"execve\",\"action\":\"SCMP_ACT_ERRNO\"}\n"
			    "{\"count\":1,\"exe\":\"/bin/a\",\"arch\":\"x86_64\",\"nr\":59,"
			    "\"syscall\":\"execve\",\"action\":\"SCMP_ACT_LOG\"}\n"
			    "{\"count\":1,\"exe\":\"/bin/b\",\"arch\":\"x86_64\",\"nr\":59,"
			    "\"syscall\":\"execve\",\"action\":\"SCMP_ACT_ERRNO\"}\n"
			    "{\"count\":1,\"exe\":\"/bin/b\",\"arch\":\"x32\",\"nr\":1073741863,"
			    "\"syscall\":\"getpid\",\"action\":\"SCMP_ACT_ERRNO\"}\n"
			    "{\"count\":1,\"exe\":null,\"arch\":\"x86_64\",\"nr\":-1,"
			    "\"syscall\":null,\"action\":\"SCMP_ACT_KILL_THREAD\"}\n");
}

static void test_a_path_cannot_move_the_cursor(void **state)
{
	_cleanup_(decode_summary_freep) DecodeSummary *s = decode_summary_new(7);
	_cleanup_free_ char *text = NULL, *json = NULL;

	(void)state;
	add(s, "2F1B5B324A0A61", 59, 0);
	text = printed(s, false);
	assert_null(strchr(text, '\033'));
	json = printed(s, true);
	assert_null(strchr(json, '\033'));
	assert_ptr_equal(strchr(json, '\n'), json + strlen(json) - 1);
}

static void test_the_table_is_bounded(void **state)
{
	_cleanup_(decode_summary_freep) DecodeSummary *s = decode_summary_new(7);
	_cleanup_free_ char *text = NULL;
	size_t rows = 0;

	(void)state;
	for (int64_t i = 0; i < DECODE_SUMMARY_MAX + 10; i++)
		add(s, "\"/a\"", 100000 + i, 0);
	add(s, "\"/a\"", 100000, 0);
	text = printed(s, true);
	assert_true(strncmp(text, "{\"count\":2,", 11) == 0);
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		rows++;
	assert_int_equal(rows, DECODE_SUMMARY_MAX);
}

static void test_long_paths_are_bounded_together(void **state)
{
	_cleanup_(decode_summary_freep) DecodeSummary *s = decode_summary_new(7);
	_cleanup_free_ char *text = NULL;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		buffer_printf(&b, "\"/%04u%04000u\"", i, i);
		add(s, b.p, 1, 0);
	}
	text = printed(s, true);
	assert_true(strlen(text) > (size_t)3 << 20 && strlen(text) < (size_t)6 << 20);
}

UNIT_MAIN(cmocka_unit_test(test_records_of_a_kind_are_one_row),
	  cmocka_unit_test(test_a_path_cannot_move_the_cursor),
	  cmocka_unit_test(test_the_table_is_bounded),
	  cmocka_unit_test(test_long_paths_are_bounded_together))
