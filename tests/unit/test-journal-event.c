/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/journal-event: whose an entry is, and what it says. */
#include <errno.h>

#include "tests/unit/journal-help.h"

#define T0 (1700000000 * USEC_PER_SEC)

static void test_an_entry_is_ours_by_what_journald_adds(void **state)
{
	static const struct {
		const char *transport, *unit, *uid;
		uint32_t own;
		bool genuine;
	} cases[] = {
		{ "journal", "seccompd.service", "990", UINT32_MAX, true },
		{ "journal", "seccompd.service", "0", UINT32_MAX, true },
		{ "journal", "seccompd.service", "999", UINT32_MAX, true },
		{ "journal", "seccompd.service", "1000", UINT32_MAX, false },
		{ "journal", "seccompd.service", "1000", 1000, true },
		{ "journal", "seccompd.service", "1001", 1000, false },
		{ "journal", "seccompd.service", "4294967295", UINT32_MAX, false },
		{ "journal", "seccompd.service", "-1", UINT32_MAX, false },
		{ "journal", "seccompd.service", "990x", UINT32_MAX, false },
		{ "journal", "seccompd.service", NULL, UINT32_MAX, false },
		{ "journal", "seccompd.service.evil", "0", UINT32_MAX, false },
		{ "journal", "user@0.service", "0", UINT32_MAX, false },
		{ "journal", NULL, "0", UINT32_MAX, false },
		{ "stdout", "seccompd.service", "0", UINT32_MAX, false },
		{ "syslog", "seccompd.service", "0", UINT32_MAX, false },
		{ NULL, "seccompd.service", "0", UINT32_MAX, false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Entry e = { .n = 0 };

		if (cases[i].transport)
			entry_set(&e, JOURNAL_NAME_TRANSPORT, cases[i].transport);
		if (cases[i].unit)
			entry_set(&e, JOURNAL_NAME_UNIT, cases[i].unit);
		if (cases[i].uid)
			entry_set(&e, JOURNAL_NAME_UID, cases[i].uid);
		assert_int_equal(journal_is_genuine(e.fields, cases[i].own), cases[i].genuine);
	}
}

static void must_read(const Entry *e, JournalEvent *ret)
{
	JournalFault fault = { NULL, NULL };

	if (journal_event_read(e->fields, ret, &fault) < 0)
		fail_msg("%s %s", fault.field, fault.what);
}

static void test_a_sighting_comes_back_as_it_was(void **state)
{
	JournalEvent v;
	Entry e;

	(void)state;
	entry_sighting(&e, LEDGER_A, "podman:web", 39, 25, 10);
	entry_time(&e, JOURNAL_NAME_FIRST, T0);
	entry_time(&e, JOURNAL_NAME_LAST, T0 + 5);
	must_read(&e, &v);
	assert_int_equal(v.kind, JOURNAL_SIGHTING);
	assert_string_equal(v.ledger, LEDGER_A);
	assert_string_equal(v.machine, MACHINE_A);
	assert_string_equal(v.hostname, "web1");
	assert_string_equal(v.workload, "podman:web");
	assert_string_equal(v.profile, "abc0");
	assert_string_equal(v.stage, "log");
	assert_int_equal(v.arch, 0xc000003e);
	assert_int_equal(v.nr, 39);
	assert_int_equal(v.action, ACTION_LOG);
	assert_int_equal(v.origin, ORIGIN_WORKLOAD);
	assert_int_equal(v.means, MEANS_PROC);
	assert_true(v.total == 25 && v.count == 10 && v.own_filter == 12 && v.serial == 7);
	assert_true(v.first == T0 && v.last == T0 + 5);
	entry_set(&e, JOURNAL_NAME_NR, "-1");
	must_read(&e, &v);
	assert_int_equal(v.nr, -1);
}

static void test_the_other_kinds_come_back(void **state)
{
	JournalEvent v;
	Entry e;

	(void)state;
	entry_stage(&e, LEDGER_A, "podman:web", 3, "errno");
	must_read(&e, &v);
	assert_int_equal(v.kind, JOURNAL_STAGE);
	assert_int_equal(v.revision, 3);
	assert_string_equal(v.stage, "errno");
	assert_string_equal(v.profile_source, "/etc/p.json");
	entry_loss(&e, LEDGER_A, 12, 2, 0, T0, "unknown");
	must_read(&e, &v);
	assert_int_equal(v.kind, JOURNAL_LOSS);
	assert_true(v.row == 12 && v.from == 0 && v.to == T0 && v.total == JOURNAL_COUNT_UNKNOWN);
	assert_string_equal(v.loss, "serial-gap");
	assert_string_equal(v.workload, "");
	entry_loss(&e, LEDGER_A, 12, 2, T0, T0, "0");
	must_read(&e, &v);
	assert_true(v.total == 0 && v.from == T0);
	entry_run(&e, LEDGER_A, 1, T0, T0 + 1);
	must_read(&e, &v);
	assert_int_equal(v.kind, JOURNAL_WATCHED);
	assert_string_equal(v.boot, "01234567-89ab-cdef-0123-456789abcdef");
	assert_int_equal(v.sequence, 0);
	entry_number(&e, JOURNAL_NAME_SEQUENCE, 41);
	must_read(&e, &v);
	assert_int_equal(v.sequence, 41);
	entry_begin(&e, SECCOMPD_MESSAGE_GATE_CHANGED, LEDGER_A);
	must_read(&e, &v);
	assert_int_equal(v.kind, JOURNAL_OTHER);
}

#define RUNS "12 2023-11-14T22:13:20.000000Z seen - - - 0 - 0123456789ab"

static void test_lifetimes_come_back(void **state)
{
	JournalEvent v;
	Entry e;

	(void)state;
	entry_lifetimes(&e, LEDGER_A, "podman:web", 7, RUNS);
	entry_set(&e, JOURNAL_NAME_PROFILE_JSON, "{\"a\":\n1}");
	must_read(&e, &v);
	assert_int_equal(v.kind, JOURNAL_LIFETIMES);
	assert_int_equal(v.sequence, 7);
	assert_int_equal(v.subject_kind, SUBJECT_CONTAINER);
	assert_true(span_is(v.lifetimes, RUNS));
	assert_true(span_is(v.profile_json, "{\"a\":\n1}"));
	assert_string_equal(v.workload, "podman:web");
	assert_string_equal(v.runtime, "podman");
	assert_string_equal(v.profile, "abc0");
	assert_string_equal(v.image_digest, "sha256:0");
	assert_string_equal(v.runtime_version, "crun:1:2");
	assert_string_equal(v.libseccomp, "2.5.4");
	assert_string_equal(v.kernel, "6.1.0");
	assert_string_equal(v.architecture, "x86_64");
	assert_string_equal(v.capabilities, "00000000a80425fb nnp");
	entry_set(&e, JOURNAL_NAME_KIND, "unit");
	must_read(&e, &v);
	assert_int_equal(v.subject_kind, SUBJECT_UNIT);
}

static void test_who_made_a_call_comes_back(void **state)
{
	JournalEvent v;
	Entry e;

	(void)state;
	entry_sighting(&e, LEDGER_A, "podman:web", 39, 25, 10);
	must_read(&e, &v);
	assert_true(v.made_by == 0 && v.made_in_count == 0 && v.made_in.n == 0);
	entry_set(&e, JOURNAL_NAME_MADE_BY, "4");
	entry_set(&e, JOURNAL_NAME_MADE_IN_COUNT, "3");
	entry_set(&e, JOURNAL_NAME_MADE_IN, "12=2023-11-14T22:13:20.000000Z 13=-");
	must_read(&e, &v);
	assert_true(v.made_by == 4 && v.made_in_count == 3);
	assert_true(span_is(v.made_in, "12=2023-11-14T22:13:20.000000Z 13=-"));
}

/* Each field that must be there, and each value that none of ours would be. */
static void test_what_seccompd_does_not_write_is_refused_with_the_field(void **state)
{
	static const struct {
		JournalName name;
		const char *value; /* NULL: it is not there */
	} cases[] = {
		{ JOURNAL_NAME_LEDGER, NULL },
		{ JOURNAL_NAME_LEDGER, "" },
		{ JOURNAL_NAME_LEDGER, "0123456789abcdef0123456789abcdex" },
		{ JOURNAL_NAME_LEDGER, "0123456789abcdef" },
		{ JOURNAL_NAME_MACHINE, NULL },
		{ JOURNAL_NAME_MACHINE, "0123456789abcdef0123456789abcdef0" },
		{ JOURNAL_NAME_WORKLOAD, NULL },
		{ JOURNAL_NAME_WORKLOAD, "" },
		{ JOURNAL_NAME_PROFILE, "x" },
		{ JOURNAL_NAME_STAGE, NULL },
		{ JOURNAL_NAME_STAGE, "safe" },
		{ JOURNAL_NAME_ARCH_WORD, NULL },
		{ JOURNAL_NAME_ARCH_WORD, "x86_64" },
		{ JOURNAL_NAME_ARCH_WORD, "3e" },
		{ JOURNAL_NAME_NR, NULL },
		{ JOURNAL_NAME_NR, "one" },
		{ JOURNAL_NAME_NR, "99999999999999999999" },
		{ JOURNAL_NAME_ACTION, NULL },
		{ JOURNAL_NAME_ACTION, "SCMP_ACT_NOTHING" },
		{ JOURNAL_NAME_ORIGIN, NULL },
		{ JOURNAL_NAME_ORIGIN, "elsewhere" },
		{ JOURNAL_NAME_ATTRIBUTION, NULL },
		{ JOURNAL_NAME_ATTRIBUTION, "asserted" },
		{ JOURNAL_NAME_TOTAL, NULL },
		{ JOURNAL_NAME_TOTAL, "0" },
		{ JOURNAL_NAME_TOTAL, "unknown" },
		{ JOURNAL_NAME_TOTAL, "18446744073709551615" },
		{ JOURNAL_NAME_TOTAL, "2" },
		{ JOURNAL_NAME_COUNT, NULL },
		{ JOURNAL_NAME_COUNT, "0" },
		{ JOURNAL_NAME_COUNT, "26" },
		{ JOURNAL_NAME_OWN_FILTER, NULL },
		{ JOURNAL_NAME_OWN_FILTER, "-1" },
		{ JOURNAL_NAME_FIRST, "yesterday" },
		{ JOURNAL_NAME_FIRST, "9999-01-01T00:00:00Z" },
		{ JOURNAL_NAME_SERIAL, "4294967296" },
		{ JOURNAL_NAME_MADE_BY, "-1" },
		{ JOURNAL_NAME_MADE_IN_COUNT, "4" },
		{ JOURNAL_NAME_MADE_IN, "0=-" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		JournalFault fault = { NULL, NULL };
		JournalEvent v;
		Entry e;

		entry_sighting(&e, LEDGER_A, "podman:web", 39, 25, 10);
		entry_time(&e, JOURNAL_NAME_FIRST, T0);
		entry_time(&e, JOURNAL_NAME_LAST, T0 + 5);
		e.fields[cases[i].name] = SPAN_NULL;
		if (cases[i].value)
			entry_set(&e, cases[i].name, cases[i].value);
		assert_int_equal(journal_event_read(e.fields, &v, &fault), -EBADMSG);
		assert_non_null(fault.field);
		assert_non_null(fault.what);
		if (!cases[i].value)
			assert_string_equal(fault.field, journal_names[cases[i].name].p);
	}
}

static void refuses(Entry *e, JournalName name, const char *value)
{
	JournalFault fault = { NULL, NULL };
	JournalEvent v;

	e->fields[name] = SPAN_NULL;
	if (value)
		entry_set(e, name, value);
	assert_int_equal(journal_event_read(e->fields, &v, &fault), -EBADMSG);
}

static void test_so_it_is_with_the_other_kinds(void **state)
{
	static const JournalName loss[] = { JOURNAL_NAME_LOSS, JOURNAL_NAME_LOSS_ID,
					    JOURNAL_NAME_REVISION, JOURNAL_NAME_TOTAL,
					    JOURNAL_NAME_TO };
	static const JournalName run[] = { JOURNAL_NAME_RUN_ID, JOURNAL_NAME_FROM,
					   JOURNAL_NAME_TO };
	static const JournalName stage[] = { JOURNAL_NAME_WORKLOAD, JOURNAL_NAME_REVISION,
					     JOURNAL_NAME_STAGE, JOURNAL_NAME_VISIBILITY,
					     JOURNAL_NAME_HEURISTIC };
	static const JournalName lifetimes[] = { JOURNAL_NAME_LIFETIMES, JOURNAL_NAME_SEQUENCE,
						 JOURNAL_NAME_KIND };
	Entry e;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(lifetimes); i++) {
		entry_lifetimes(&e, LEDGER_A, "podman:web", 7, RUNS);
		refuses(&e, lifetimes[i], NULL);
		refuses(&e, lifetimes[i], "0");
	}
	entry_lifetimes(&e, LEDGER_A, "podman:web", 7, RUNS);
	e.fields[JOURNAL_NAME_PROFILE_JSON] = span_make("{}\0", 3);
	assert_int_equal(journal_event_read(e.fields, &(JournalEvent){ 0 }, &(JournalFault){ 0 }),
			 -EBADMSG);
	for (size_t i = 0; i < ELEMENTSOF(loss); i++) {
		entry_loss(&e, LEDGER_A, 1, 1, T0, T0 + 1, "3");
		refuses(&e, loss[i], NULL);
		refuses(&e, loss[i], "?");
	}
	for (size_t i = 0; i < ELEMENTSOF(run); i++) {
		entry_run(&e, LEDGER_A, 1, T0, T0 + 1);
		refuses(&e, run[i], NULL);
		refuses(&e, run[i], "0");
	}
	for (size_t i = 0; i < ELEMENTSOF(stage); i++) {
		entry_stage(&e, LEDGER_A, "w", 1, "log");
		refuses(&e, stage[i], NULL);
	}
	entry_loss(&e, LEDGER_A, 1, 1, T0, T0 + 1, "3");
	refuses(&e, JOURNAL_NAME_LOSS_ID, "1099511627776");
	entry_run(&e, LEDGER_A, 1, T0 + 2, T0 + 1);
	refuses(&e, JOURNAL_NAME_RUN_ID, "1");
}

static void test_a_text_with_a_nul_or_too_long_is_refused(void **state)
{
	char name[WORKLOAD_NAME_MAX + 1];
	JournalFault fault;
	JournalEvent v;
	Entry e;

	(void)state;
	entry_sighting(&e, LEDGER_A, "podman:web", 39, 25, 10);
	e.fields[JOURNAL_NAME_WORKLOAD] = span_make("a\0b", 3);
	assert_int_equal(journal_event_read(e.fields, &v, &fault), -EBADMSG);
	memset(name, 'a', sizeof(name));
	e.fields[JOURNAL_NAME_WORKLOAD] = span_make(name, WORKLOAD_NAME_MAX);
	assert_int_equal(journal_event_read(e.fields, &v, &fault), -EBADMSG);
	e.fields[JOURNAL_NAME_WORKLOAD] = span_make(name, WORKLOAD_NAME_MAX - 1);
	assert_int_equal(journal_event_read(e.fields, &v, &fault), 0);
	/* any other byte may be in a name */
	e.fields[JOURNAL_NAME_WORKLOAD] = span_make("a\nb\xff", 4);
	assert_int_equal(journal_event_read(e.fields, &v, &fault), 0);
}

UNIT_MAIN(cmocka_unit_test(test_an_entry_is_ours_by_what_journald_adds),
	  cmocka_unit_test(test_a_sighting_comes_back_as_it_was),
	  cmocka_unit_test(test_the_other_kinds_come_back),
	  cmocka_unit_test(test_lifetimes_come_back),
	  cmocka_unit_test(test_who_made_a_call_comes_back),
	  cmocka_unit_test(test_what_seccompd_does_not_write_is_refused_with_the_field),
	  cmocka_unit_test(test_so_it_is_with_the_other_kinds),
	  cmocka_unit_test(test_a_text_with_a_nul_or_too_long_is_refused))
