/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-entry.h"
#include "tests/unit/unit.h"

#define FIELDS                                                                                 \
	"auid=1 uid=2 gid=3 ses=4 pid=5 comm=\"a\" exe=\"/a\" sig=0 arch=c000003e syscall=59 " \
	"compat=0 ip=0x1 code=0x7ffc0000"
#define KERNEL "audit: type=1326 audit(1700000000.123:77): " FIELDS

static Line decode(const char *message, const char *transport, const char *type)
{
	JournalEntry e = { .fields = {
				   [JOURNAL_MESSAGE] = span_of(message),
				   [JOURNAL_TRANSPORT] = span_of(transport),
				   [JOURNAL_AUDIT_TYPE] = span_of(type),
				   [JOURNAL_AUDIT_ID] = SPAN_LIT("77"),
				   [JOURNAL_SOURCE_TIME] = SPAN_LIT("1700000000123000"),
			   } };
	Line l;

	journal_entry_decode(&e, &l);
	return l;
}

static void test_both_ways_of_a_record_are_the_same_record(void **state)
{
	Line a = decode("SECCOMP " FIELDS, "audit", "1326"), b = decode(KERNEL, "kernel", NULL);

	(void)state;
	assert_int_equal(a.status, LINE_RECORD);
	assert_int_equal(b.status, LINE_RECORD);
	assert_int_equal(line_time(&a), 1700000000123000);
	assert_int_equal(line_time(&b), 1700000000123000);
	assert_int_equal(a.record.serial, 77);
	assert_int_equal(b.record.serial, 77);
	assert_int_equal(a.record.has, b.record.has);
	assert_int_equal(a.record.pid, 5);
}

/* Serials are over all types, so that a gap among them is one of records. */
static void test_another_type_has_its_stamp(void **state)
{
	Line l = decode("SYSCALL arch=c000003e", "audit", "1300");

	(void)state;
	assert_int_equal(l.status, LINE_SKIP);
	assert_true(l.has_stamp);
	assert_int_equal(l.record.serial, 77);
	assert_int_equal(line_time(&l), 1700000000123000);
}

static void test_what_a_program_wrote_is_no_record(void **state)
{
	static const char *const transports[] = { "stdout", "syslog", "journal", "driver", NULL };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(transports); i++) {
		assert_int_equal(decode(KERNEL, transports[i], NULL).status, LINE_SKIP);
		assert_int_equal(decode("SECCOMP " FIELDS, transports[i], "1326").status,
				 LINE_SKIP);
	}
}

/* The kernel lets nobody else use its facility. */
static void test_what_came_through_dev_kmsg_is_no_record(void **state)
{
	JournalEntry e = { .fields = {
				   [JOURNAL_MESSAGE] = SPAN_LIT(KERNEL),
				   [JOURNAL_TRANSPORT] = SPAN_LIT("kernel"),
				   [JOURNAL_FACILITY] = SPAN_LIT("0"),
			   } };
	Line l;

	(void)state;
	journal_entry_decode(&e, &l);
	assert_int_equal(l.status, LINE_RECORD);
	e.fields[JOURNAL_FACILITY] = SPAN_LIT("1");
	journal_entry_decode(&e, &l);
	assert_int_equal(l.status, LINE_SKIP);
}

static void test_the_rest_is_skipped_or_refused_with_a_reason(void **state)
{
	JournalEntry damaged = { .damage = "broken" };
	Line l;

	(void)state;
	assert_int_equal(decode("USER_CMD SECCOMP " FIELDS, "audit", "1123").status, LINE_SKIP);
	assert_int_equal(decode("SECCOMP " FIELDS, "audit", NULL).status, LINE_SKIP);
	assert_int_equal(decode(NULL, "audit", "1326").status, LINE_SKIP);
	assert_int_equal(decode("SECCOMP auid=1 uid=", "audit", "1326").status, LINE_REJECT);
	journal_entry_decode(&damaged, &l);
	assert_int_equal(l.status, LINE_REJECT);
	assert_string_equal(l.reason, "broken");
}

/* The journal leaves out long texts; those of programs nobody misses. */
static void test_only_what_may_be_a_record_is_missed(void **state)
{
	static const struct {
		const char *transport, *type;
		LineStatus status;
	} cases[] = {
		{ "kernel", NULL, LINE_REJECT }, { "audit", "1326", LINE_REJECT },
		{ "audit", "1309", LINE_SKIP },  { "syslog", NULL, LINE_SKIP },
		{ "stdout", NULL, LINE_SKIP },   { NULL, NULL, LINE_REJECT },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		JournalEntry e = { .left_out = "too long" };
		Line l;

		e.fields[JOURNAL_TRANSPORT] = span_of(cases[i].transport);
		e.fields[JOURNAL_AUDIT_TYPE] = span_of(cases[i].type);
		journal_entry_decode(&e, &l);
		assert_int_equal(l.status, cases[i].status);
		if (l.status == LINE_REJECT)
			assert_string_equal(l.reason, "too long");
	}
}

UNIT_MAIN(cmocka_unit_test(test_both_ways_of_a_record_are_the_same_record),
	  cmocka_unit_test(test_another_type_has_its_stamp),
	  cmocka_unit_test(test_what_a_program_wrote_is_no_record),
	  cmocka_unit_test(test_what_came_through_dev_kmsg_is_no_record),
	  cmocka_unit_test(test_only_what_may_be_a_record_is_missed),
	  cmocka_unit_test(test_the_rest_is_skipped_or_refused_with_a_reason))
