/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/audit/exclude-rule.c */
#include <errno.h>
#include <linux/audit.h>
#include <string.h>

#include "audit/exclude-rule.h"
#include "tests/unit/unit.h"

typedef struct Bytes {
	struct audit_rule_data head;
	char strings[256];
} Bytes;

/* A rule of the exclude list, to which add() gives its fields. */
static Bytes rule(void)
{
	return (Bytes){ .head = { .flags = AUDIT_FILTER_EXCLUDE, .action = AUDIT_ALWAYS } };
}

static void add(Bytes *b, uint32_t field, uint32_t op, uint32_t value, const char *text)
{
	uint32_t i = b->head.field_count++;

	b->head.fields[i] = field;
	b->head.fieldflags[i] = op;
	b->head.values[i] = value;
	if (!text)
		return;
	b->head.values[i] = (uint32_t)strlen(text);
	memcpy(b->strings + b->head.buflen, text, strlen(text));
	b->head.buflen += (uint32_t)strlen(text);
}

static Span bytes_of(const Bytes *b)
{
	return span_make((const char *)b, sizeof(b->head) + b->head.buflen);
}

static ExcludeReach judge(const Bytes *b)
{
	ExcludeReach reach;

	assert_int_equal(exclude_rule_judge(bytes_of(b), &reach), 0);
	return reach;
}

static void deletes(const Bytes *b, const char *wanted)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;

	assert_int_equal(exclude_rule_deletion(bytes_of(b), &out), 0);
	assert_string_equal(out.p, wanted);
}

static void test_all_records(void **state)
{
	Bytes b = rule();

	(void)state;
	add(&b, AUDIT_MSGTYPE, AUDIT_EQUAL, 1326, NULL);
	assert_int_equal(judge(&b), EXCLUDE_ALL);
	deletes(&b, "auditctl -d always,exclude -F msgtype=1326");
	b.head.flags |= AUDIT_FILTER_PREPEND;
	b.head.action = AUDIT_NEVER;
	assert_int_equal(judge(&b), EXCLUDE_ALL);
	deletes(&b, "auditctl -d never,exclude -F msgtype=1326");
}

static void test_types_by_comparison(void **state)
{
	static const struct {
		uint32_t op, value;
		ExcludeReach reach;
	} rows[] = {
		{ AUDIT_EQUAL, 1327, EXCLUDE_NONE },
		{ AUDIT_NOT_EQUAL, 1327, EXCLUDE_ALL },
		{ AUDIT_NOT_EQUAL, 1326, EXCLUDE_NONE },
		{ AUDIT_LESS_THAN, 1327, EXCLUDE_ALL },
		{ AUDIT_LESS_THAN, 1326, EXCLUDE_NONE },
		{ AUDIT_LESS_THAN_OR_EQUAL, 1326, EXCLUDE_ALL },
		{ AUDIT_GREATER_THAN, 1325, EXCLUDE_ALL },
		{ AUDIT_GREATER_THAN, 1326, EXCLUDE_NONE },
		{ AUDIT_GREATER_THAN_OR_EQUAL, 1326, EXCLUDE_ALL },
		{ AUDIT_GREATER_THAN_OR_EQUAL, 1400, EXCLUDE_NONE },
		{ AUDIT_BIT_MASK, 1, EXCLUDE_NONE },
		{ AUDIT_BIT_TEST, 1326, EXCLUDE_ALL },
		{ 0, 1326, EXCLUDE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		Bytes b = rule();

		add(&b, AUDIT_MSGTYPE, rows[i].op, rows[i].value, NULL);
		if (judge(&b) != rows[i].reach)
			fail_msg("row %zu", i);
	}
}

static void test_some_records(void **state)
{
	Bytes b = rule();

	(void)state;
	add(&b, AUDIT_EXE, AUDIT_EQUAL, 0, "/opt/my app");
	add(&b, AUDIT_FILTERKEY, AUDIT_EQUAL, 0, "quiet");
	add(&b, AUDIT_UID, AUDIT_GREATER_THAN_OR_EQUAL, 1000, NULL);
	assert_int_equal(judge(&b), EXCLUDE_SOME); /* of every type */
	deletes(&b, "auditctl -d always,exclude -F 'exe=/opt/my app' -F key=quiet -F 'uid>=1000'");
	add(&b, AUDIT_MSGTYPE, AUDIT_EQUAL, 1300, NULL);
	assert_int_equal(judge(&b), EXCLUDE_NONE);
}

static void test_other_lists_take_nothing(void **state)
{
	Bytes b = rule();

	(void)state;
	assert_int_equal(judge(&b), EXCLUDE_NONE); /* without a field */
	add(&b, AUDIT_MSGTYPE, AUDIT_EQUAL, 1326, NULL);
	b.head.flags = AUDIT_FILTER_USER;
	assert_int_equal(judge(&b), EXCLUDE_NONE);
}

static void test_what_cannot_be_written(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	Bytes b = rule();

	(void)state;
	add(&b, AUDIT_OBJ_USER, AUDIT_EQUAL, 7, NULL);
	assert_int_equal(judge(&b), EXCLUDE_SOME);
	assert_int_equal(exclude_rule_deletion(bytes_of(&b), &out), -EOPNOTSUPP);
}

static void test_what_is_no_rule(void **state)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	ExcludeReach reach;
	Bytes b = rule();

	(void)state;
	add(&b, AUDIT_EXE, AUDIT_EQUAL, 0, "/bin/true");
	assert_int_equal(exclude_rule_judge(span_first(bytes_of(&b), sizeof(b.head) + 3), &reach),
			 -EBADMSG);
	assert_int_equal(exclude_rule_judge(span_first(bytes_of(&b), 100), &reach), -EBADMSG);
	b.head.values[0] = 500; /* longer than all strings */
	assert_int_equal(exclude_rule_deletion(bytes_of(&b), &out), -EBADMSG);
	b.head.field_count = AUDIT_MAX_FIELDS + 1;
	assert_int_equal(exclude_rule_judge(bytes_of(&b), &reach), -EBADMSG);
}

UNIT_MAIN(cmocka_unit_test(test_all_records), cmocka_unit_test(test_types_by_comparison),
	  cmocka_unit_test(test_some_records), cmocka_unit_test(test_other_lists_take_nothing),
	  cmocka_unit_test(test_what_cannot_be_written), cmocka_unit_test(test_what_is_no_rule))
