/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/import.c */
#include "audit/arch.h"
#include "evidence/import.h"
#include "evidence/ledger-replay.h"
#include "tests/unit/ledger-fixture.h"

static const StraceCall calls[] = {
	{ ARCH_WORD_X86_64, 0, 7, 0, 0 },
	{ ARCH_WORD_X86_64, 1, 5, NOW, NOW + 9 },
};

static ImportFile file_of(const char *workload, const char *digest)
{
	return (ImportFile){ .workload = workload,
			     .runtime = "docker",
			     .dialect = "docker",
			     .digest = digest,
			     .calls = calls,
			     .n = ELEMENTSOF(calls) };
}

static Ledger *must_open(const Folder *f)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	assert_int_equal(import_open(f->path, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	return l;
}

static int check_workload(const LedgerWorkloadRow *row, void *userdata)
{
	const uint64_t *records = userdata;

	assert_string_equal(row->name, "docker:web");
	assert_string_equal(row->dialect, "docker");
	assert_true(row->asserted && row->imported);
	assert_int_equal(row->sightings, 2);
	assert_int_equal(row->records, *records);
	return 0;
}

static int check_sighting(const LedgerSightingRow *row, void *userdata)
{
	(void)userdata;
	assert_int_equal(row->action, ACTION_ALLOW);
	assert_int_equal(row->means, MEANS_IMPORTED);
	assert_int_equal(row->first, row->nr == 1 ? NOW : 0);
	return 0;
}

static void test_a_file_counts_once(void **state)
{
	_cleanup_folder_ Folder folder;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	ImportFile first = file_of("docker:web", "aa"), second = file_of("docker:web", "bb");
	ImportResult result;
	uint64_t records = 24;

	(void)state;
	folder_make(&folder);
	l = must_open(&folder);
	assert_int_equal(import_add(l, &first, &result), 0);
	assert_int_equal(result.counted, 12);
	assert_int_equal(result.found, 2);
	assert_int_equal(import_add(l, &first, &result), IMPORT_AGAIN);
	assert_int_equal(result.counted, 0);
	assert_int_equal(import_add(l, &second, &result), 0);
	assert_int_equal(result.counted, 12);
	assert_int_equal(result.found, 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_is_replayed(l), LEDGER_OF_STRACE);
	assert_int_equal(ledger_each_workload(l, check_workload, &records), 0);
	assert_int_equal(ledger_each_sighting(l, 1, check_sighting, NULL), 0);
	l = ledger_free(l);
	/* It is known also to who comes later. */
	l = must_open(&folder);
	assert_int_equal(import_add(l, &first, &result), IMPORT_AGAIN);
	first = file_of("docker:db", "aa");
	assert_int_equal(import_add(l, &first, &result), 0);
	ledger_rollback(l);
}

static void test_nothing_else_mixes(void **state)
{
	_cleanup_folder_ Folder folder;
	ImportFile f = file_of("docker:web", "aa");
	ImportResult result;
	Ledger *l, *other = NULL;
	Diag d = { 0 };

	(void)state;
	folder_make(&folder);
	l = must_open(&folder);
	assert_int_equal(import_add(l, &f, &result), 0);
	assert_int_equal(ledger_commit(l), 0);
	ledger_free(l);
	assert_int_equal(ledger_open_writer(folder.path, "h", NOW, NULL, &other, &d), -EEXIST);
	assert_non_null(strstr(d.text, "seccompctl import"));
	assert_int_equal(ledger_open_replay(folder.path, &other, &d), -EEXIST);
	assert_null(other);
}

static void test_a_daemons_ledger_is_refused(void **state)
{
	_cleanup_folder_ Folder folder;
	const LedgerWorkload w = { .name = "docker:web", .now = NOW };
	Ledger *l, *other = NULL;
	Diag d = { 0 };
	int64_t id;

	(void)state;
	folder_make(&folder);
	l = must_write(&folder);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(ledger_commit(l), 0);
	ledger_free(l);
	assert_int_equal(import_open(folder.path, &other, &d), -EEXIST);
	assert_non_null(strstr(d.text, "what seccompd has seen"));
}

UNIT_MAIN(cmocka_unit_test(test_a_file_counts_once), cmocka_unit_test(test_nothing_else_mixes),
	  cmocka_unit_test(test_a_daemons_ledger_is_refused))
