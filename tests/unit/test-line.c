/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/line.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

#define FIELDS                                                                               \
	"auid=4294967295 uid=0 gid=0 ses=4294967295 subj==a (enforce) pid=4709 comm=\"sh\" " \
	"exe=\"/bin/sh\" sig=0 arch=c000003e syscall=13 compat=0 ip=0x7f3c012e467b "         \
	"code=0x7ffc0000"
#define STAMP "audit(1625740283.502:574): "

static void assert_fields(const Line *l)
{
	assert_int_equal(l->status, LINE_RECORD);
	assert_null(l->reason);
	assert_int_equal(l->record.pid, 4709);
	assert_int_equal(l->record.nr, 13);
	assert_true(span_is(l->record.subj, "=a (enforce)"));
}

static void test_every_envelope_holds_the_same_record(void **state)
{
	static const struct {
		const char *head;
		bool stamp;
	} rows[] = {
		{ "", true },
		{ "type=SECCOMP msg=", true },
		{ "type=1326 msg=", true },
		{ "type=UNKNOWN[1326] msg=", true },
		{ "node=host type=SECCOMP msg=", true },
		{ "Jan 29 07:58:12 host audispd[568]: node=h type=SECCOMP msg=", true },
		{ "audit: type=1326 ", true },
		{ "type=1326 ", true },
		{ "[  270.853767] audit: type=1326 ", true },
		{ "[  +1,261094] audit: type=1326 ", true },
		{ "[mer. 22 oct. 16:59:18 2025] audit: type=1326 ", true },
		{ "[28922.398944] 000: audit: type=1326 ", true },
		{ "[26083697.716609][   T55] audit: type=1326 ", true },
		{ "<5>[  198.963101] audit: type=1326 ", true },
		{ "<5>Jan 15 16:27:18 host kernel: [1.2][   T55] audit: type=1326 ", true },
		{ "Jan 11 09:11:48 h kern.notice kernel: [ 1033.124371] audit: type=1326 ", true },
		{ "NOTICE kernel: [  586.706239] audit: type=1326 ", true },
		{ "2025-01-15T16:27:18.1+01:00 host kernel: audit: type=1326 ", true },
		{ "general protection fault: 0000 [#1] [ 387.811073] audit: type=1326 ", true },
		{ "Oct 26 18:47:40 host audit[53400]: SECCOMP ", false },
		{ "Oct 26 18:47:40 host audit[53400]: UNKNOWN[1326] ", false },
		{ "2020-06-21T23:17:27.098000+00:00 INFO test[4844]: SECCOMP ", false },
		{ "SECCOMP ", false },
	};
	static const char *const ends[] = { "", "\r", " ", "\035AUID=\"unset\" UID=\"root\"" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows) * ELEMENTSOF(ends); i++) {
		const char *head = rows[i / ELEMENTSOF(ends)].head;
		bool stamp = rows[i / ELEMENTSOF(ends)].stamp;
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Line l;

		buffer_printf(&b, "%s%s" FIELDS "%s", head, stamp ? STAMP : "",
			      ends[i % ELEMENTSOF(ends)]);
		line_decode(buffer_span(&b), &l);
		assert_fields(&l);
		assert_int_equal(l.has_stamp, stamp);
		assert_int_equal(line_time(&l), stamp ? 1625740283502000 : 0);
		assert_int_equal(l.record.serial, stamp ? 574 : 0);
		assert_false(l.interpreted);
	}
}

static void test_other_lines_are_skipped_with_a_reason(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{ "", "not an audit record" },
		{ "----", "not an audit record" },
		{ "time->Wed Apr 16 05:16:56 2025", "not an audit record" },
		{ "type=SYSCALL msg=" STAMP "arch=c000003e syscall=59", "another record type" },
		{ "type=USER_CMD msg=" STAMP "cmd=\"type=SECCOMP msg=" STAMP FIELDS "\"",
		  "another record type" },
		{ "h audit[1]: USER_CMD pid=1 msg='type=SECCOMP msg=" STAMP FIELDS "'",
		  "another record type" },
		{ "audit: type=1400 " STAMP "x audit: type=1326 " STAMP FIELDS,
		  "another record type" },
		{ STAMP "pid=1 uid=0 auid=0 ses=1 msg='" FIELDS " '", "another record type" },
		{ STAMP "auid=1 uid=1 gid=1 ses=1 pid=1 comm=\"a\" exe=\"/a\" sig=11 res=1",
		  "another record type" },
		{ "type=1701 " STAMP "auid=1 pid=1 comm=\"c\" reason=\"seccomp\" sig=0 syscall=20 "
		  "compat=0 ip=0x1 code=0x0",
		  "type 1701: from a kernel before 3.8" },
		{ "type=ANOM_ABEND msg=" STAMP "auid=1 pid=1 comm=\"c\" exe=\"/c\" sig=11 res=1",
		  "another record type" },
		{ "audit: kauditd_printk_skb: 21 callbacks suppressed", "loss-notice" },
		{ "audit: audit_lost=3 audit_rate_limit=0 audit_backlog_limit=64", "loss-notice" },
		{ "audit: backlog limit exceeded", "loss-notice" },
		{ "type=CONFIG_CHANGE msg=" STAMP "op=set audit_lost=3", "another record type" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		Line l;

		line_decode(span_of(rows[i].text), &l);
		assert_int_equal(l.status, LINE_SKIP);
		assert_string_equal(l.reason, rows[i].reason);
	}
}

static void test_damaged_records_are_rejected(void **state)
{
	static const char *const texts[] = {
		"type=SECCOMP",
		"type=SECCOMP msg=aud",
		"type=SECCOMP msg=audit(1625740283.5",
		"type=SECCOMP msg=audit(1625740283.502:4294967296): " FIELDS,
		"type=SECCOMP msg=" STAMP,
		"audit: type=1326 ... comm=\"a\" sig=31 arch=c00000b7 syscall=439",
		"audit: type=1326 " STAMP "... comm=\"a\" exe=\"/a\" sig=31 syscall=130 compat=0 "
		"ip=0x1 code=0x0",
		"type=SECCOMP msg=" STAMP
		"pid=7 comm=\"a\" exe=\"/a\" arch=16 syscall=102 compat=0",
		"h audit[1]: SECCOMP auid=1 uid=1",
		STAMP "auid=1 uid=1 gid=1 ses=1 pid=1 comm=\"a\" sig=0 syscall=1",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		Line l;

		line_decode(span_of(texts[i]), &l);
		assert_int_equal(l.status, LINE_REJECT);
		assert_non_null(l.reason);
	}
}

static void test_no_cut_of_a_line_is_a_record(void **state)
{
	static const char *const texts[] = {
		"type=SECCOMP msg=" STAMP FIELDS,
		"[  270.853767] audit: type=1326 " STAMP FIELDS,
		"Oct 26 18:47:40 host audit[53400]: SECCOMP " FIELDS,
		STAMP FIELDS,
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		for (size_t n = 0; n < strlen(texts[i]); n++) {
			Line l;

			line_decode(span_make(texts[i], n), &l);
			assert_int_not_equal(l.status, LINE_RECORD);
			assert_non_null(l.reason);
			line_decode_payload(1326, span_make(texts[i], n), &l);
			assert_int_equal(l.status, LINE_REJECT);
		}
}

static void test_nul_is_rejected_in_any_line(void **state)
{
	Line l;

	(void)state;
	line_decode(SPAN_LIT("type=SECCOMP msg=" STAMP FIELDS "\0"), &l);
	assert_int_equal(l.status, LINE_REJECT);
	line_decode(SPAN_LIT("a\0b"), &l);
	assert_int_equal(l.status, LINE_REJECT);
}

static void test_payloads_may_end_in_one_more_byte(void **state)
{
	Line l;

	(void)state;
	line_decode_payload(1326, SPAN_LIT(STAMP FIELDS), &l);
	assert_fields(&l);
	line_decode_payload(1326, SPAN_LIT(STAMP FIELDS "\0"), &l);
	assert_fields(&l);
	line_decode_payload(1326, SPAN_LIT(STAMP FIELDS "\n"), &l);
	assert_fields(&l);
	line_decode_payload(1326, SPAN_LIT(STAMP FIELDS "\0\0"), &l);
	assert_int_equal(l.status, LINE_REJECT);
	line_decode_payload(1326, SPAN_NULL, &l);
	assert_int_equal(l.status, LINE_REJECT);
	assert_false(l.has_stamp);
}

static void test_the_stamp_of_every_type_is_read(void **state)
{
	Line l;

	(void)state;
	line_decode_payload(1300, SPAN_LIT("audit(1625740283.502:575): arch=c000003e"), &l);
	assert_int_equal(l.status, LINE_SKIP);
	assert_true(l.has_stamp);
	assert_int_equal(l.record.serial, 575);
	line_decode_payload(1320, SPAN_LIT("audit(1625740283.502:576): "), &l);
	assert_true(l.has_stamp);
	assert_int_equal(l.record.serial, 576);
	line_decode_payload(1100, SPAN_LIT("no stamp"), &l);
	assert_int_equal(l.status, LINE_SKIP);
	assert_false(l.has_stamp);
	line_decode_payload(1326, SPAN_LIT(STAMP "auid=1"), &l);
	assert_int_equal(l.status, LINE_REJECT);
	assert_int_equal(l.record.serial, 574);
}

static void test_interpreted_lines_are_marked(void **state)
{
	Line l;

	(void)state;
	line_decode(SPAN_LIT("type=SECCOMP msg=audit(03/04/2025 07:39:37.599:201) : auid=unset "
			     "uid=root gid=root ses=unset pid=5 comm=a b exe=/x sig=SIGSYS "
			     "arch=aarch64 syscall=faccessat compat=0 ip=0x7f code=kill-thread "),
		    &l);
	assert_int_equal(l.status, LINE_RECORD);
	assert_true(l.interpreted);
	assert_false(l.has_stamp);
	assert_int_equal(l.record.serial, 201);
	assert_int_equal(l.record.nr, 48);
	/* A number that was damaged does not make a line an interpreted one. */
	line_decode(SPAN_LIT("type=SECCOMP msg=audit(16257x0283.502:574): " FIELDS), &l);
	assert_int_equal(l.status, LINE_REJECT);
}

/* The sanitizers look at the whole haystack in each memmem() and memchr(), which is quadratic here.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LONG_LINE ((size_t)128 << 10)
#else
#define LONG_LINE ((size_t)4 << 20)
#endif

/* The long lines take a second each when a step is not linear. */
static void test_long_lines_are_linear(void **state)
{
	static const char *const parts[] = {
		"type=",         " type=1326 ", "audit: ", " pid=", " code=0x0",
		"SECCOMP auid=", "audit[1",     " a",      "6"
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(parts); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Line l;

		buffer_add_str(&b, "type=SECCOMP msg=" STAMP);
		while (b.n < LONG_LINE)
			buffer_add_str(&b, parts[i]);
		line_decode(buffer_span(&b), &l);
		assert_int_equal(l.status, LINE_REJECT);
		line_decode(span_from(buffer_span(&b), 2), &l);
		assert_int_not_equal(l.status, LINE_RECORD);
	}
}

UNIT_MAIN(cmocka_unit_test(test_every_envelope_holds_the_same_record),
	  cmocka_unit_test(test_other_lines_are_skipped_with_a_reason),
	  cmocka_unit_test(test_damaged_records_are_rejected),
	  cmocka_unit_test(test_no_cut_of_a_line_is_a_record),
	  cmocka_unit_test(test_nul_is_rejected_in_any_line),
	  cmocka_unit_test(test_payloads_may_end_in_one_more_byte),
	  cmocka_unit_test(test_the_stamp_of_every_type_is_read),
	  cmocka_unit_test(test_interpreted_lines_are_marked),
	  cmocka_unit_test(test_long_lines_are_linear))
