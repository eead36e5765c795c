/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-merge: ledgers of many hosts, copies of them and what journals told of them, in
 * any order, over any steps and any number of times, make one and the same ledger. */
#include "tests/unit/merge-world.h"

static void make_told(Ledgers *all, uint64_t count)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char path[128];
	int64_t id, workload = 0;
	LedgerWorkload w = make_workload("podman:web");
	LedgerCall c;
	Diag d = { 0 };

	if (ledger_open_writer(new_path(all, path), "web1", NOW, NULL, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_know_machine(l, MACHINE_A), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_set_meta(l, "ledger_id", LEDGER_A), 0);
	assert_int_equal(ledger_put_workload(l, &w, &workload), 0);
	c = make_ledger_call(workload, 0, 39, count);
	c.profile_hash = "";
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	assert_int_equal(ledger_commit(l), 0);
	l = ledger_free(l);
	copy_ledger(path, all->paths[all->n]);
}

static void make_journal(const char *path, uint64_t total, uint64_t count)
{
	_cleanup_(journal_replay_freep) JournalReplay *r = NULL;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	JournalReplayReport report;
	Diag d = { 0 };
	Entry e;

	assert_int_equal(ledger_open_journal(path, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(journal_replay_new(l, UINT32_MAX, NULL, &r), 0);
	entry_sighting(&e, LEDGER_A, "podman:web", 39, total, count);
	e.fields[JOURNAL_NAME_PROFILE] = SPAN_NULL;
	assert_int_equal(journal_replay_entry(r, e.fields, false, NOW), 0);
	assert_int_equal(journal_replay_finish(r, &report), 0);
	assert_int_equal(report.counts.rejected, 0);
	assert_int_equal(ledger_commit(l), 0);
}

static LedgerUntold meet(uint64_t seen, uint64_t total, uint64_t count, uint64_t *ret_records)
{
	_cleanup_folder_ Folder f;
	LedgerMergeReport report;
	char journal[128], out[128];
	Ledgers all;

	ledgers_make(&all, &f);
	snprintf(all.paths[0], sizeof(all.paths[0]), "%s/seen.db", f.dir);
	make_told(&all, seen);
	make_journal(new_path(&all, journal), total, count);
	merge(new_path(&all, out), (const char *[]){ journal, all.paths[0], journal }, 3, &report);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name<>''"), 1);
	assert_int_equal(report.figures.sightings, 1);
	*ret_records = report.figures.records;
	return report.untold;
}

static void test_a_journal_and_its_ledger_count_once(void **state)
{
	uint64_t records;

	(void)state;
	assert_int_equal(meet(30, 50, 20, &records).records, 0);
	assert_int_equal(records, 50);
	assert_int_equal(meet(80, 50, 20, &records).records, 0);
	assert_int_equal(records, 80);
	/* of 31 to 40 nobody tells when they were */
	assert_int_equal(meet(30, 50, 10, &records).records, 10);
	assert_int_equal(records, 50);
}

static void test_a_ledger_that_two_hosts_went_on_with_is_doubled(void **state)
{
	_cleanup_folder_ Folder f;
	char out[128];
	Ledgers all;
	usec_t now = NOW;

	(void)state;
	srandom(3);
	ledgers_make(&all, &f);
	for (unsigned i = 0; i < 2; i++) {
		_cleanup_(ledger_freep) Ledger *l = NULL;
		char path[128];
		Diag d = { 0 };

		if (ledger_open_writer(new_path(&all, path), "web", NOW, NULL, &l, &d) != 0)
			fail_msg("%s", d.text);
		assert_int_equal(ledger_know_machine(l, MACHINE_A), 0);
		assert_int_equal(ledger_set_meta(l, "ledger_id", LEDGER_A), 0);
		live(l, &now);
		l = ledger_free(l);
		snprintf(all.paths[i], sizeof(all.paths[i]), "%s/copy%u.db", f.dir, i);
		copy_ledger(path, all.paths[i]);
	}
	merge(new_path(&all, out), (const char *[]){ all.paths[0], all.paths[0] }, 2, NULL);
	assert_int_equal(ask(out, "SELECT sum(doubled) FROM host"), 0);
	merge(out, (const char *[]){ all.paths[1] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT sum(doubled) FROM host"), 1);
}

static void test_two_hosts_of_one_name_are_told_apart(void **state)
{
	_cleanup_folder_ Folder f;
	char out[128];
	Ledgers all;

	(void)state;
	srandom(5);
	ledgers_make(&all, &f);
	make_host(&all, 0);
	make_host(&all, 1);
	merge(new_path(&all, out), (const char *[]){ all.paths[0] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name='web'"), 1);
	merge(out, (const char *[]){ all.paths[COPIES] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name='web'"), 0);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name LIKE 'web (ledger %'"), 2);
}

static void test_what_is_damaged_is_the_sources_fault(void **state)
{
	_cleanup_(ledger_freep) Ledger *l = NULL, *from = NULL;
	_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
	_cleanup_folder_ Folder f;
	bool source = false;
	char out[128];
	Diag d = { 0 };
	Ledgers all;

	(void)state;
	srandom(9);
	ledgers_make(&all, &f);
	make_host(&all, 0);
	ledger_query(all.paths[0], NULL, "UPDATE sighting SET action=99", NULL);
	assert_int_equal(ledger_open_merge(new_path(&all, out), &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	assert_int_equal(ledger_open_reader(all.paths[0], &from, &d), 0);
	assert_int_equal(ledger_merge_from(m, from, &source), -EBADMSG);
	assert_true(source);
	m = ledger_merge_free(m);
	ledger_rollback(l);
}

static void test_who_is_retired_stays_so_until_it_speaks_again(void **state)
{
	_cleanup_folder_ Folder f;
	char out[128];
	Ledgers all;

	(void)state;
	srandom(11);
	ledgers_make(&all, &f);
	make_host(&all, 2);
	new_path(&all, out);
	merge(out, (const char *[]){ all.paths[0] }, 1, NULL);
	for (unsigned i = 0; i < 2; i++) {
		_cleanup_(ledger_freep) Ledger *l = NULL;
		_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
		LedgerMergeReport report;
		Diag d = { 0 };

		assert_int_equal(ledger_open_merge(out, &l, &d), 0);
		assert_int_equal(ledger_begin(l), 0);
		assert_int_equal(ledger_merge_new(l, &m), 0);
		assert_int_equal(ledger_merge_retire(m, "no such"), 0);
		assert_int_equal(ledger_merge_retire(m, "db"), 1);
		assert_int_equal(ledger_merge_finish(m, &report), 0);
		assert_int_equal(ledger_commit(l), 0);
	}
	assert_int_equal(ask(out, "SELECT retired>=heard FROM host WHERE name='db'"), 1);
	merge(out, (const char *[]){ all.paths[1] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT retired>=heard FROM host WHERE name='db'"), 0);
}

/* Descriptors of ours on files whose name begins so. */
static unsigned open_files(const char *prefix)
{
	char name[64], target[512];
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++) {
		ssize_t length;

		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		length = readlink(name, target, sizeof(target));
		n += length > 0 && span_starts(span_make(target, (size_t)length), span_of(prefix));
	}
	return n;
}

/* The client does so: its figures are the merge's. */
static void test_a_ledger_may_end_before_its_merge(void **state)
{
	_cleanup_folder_ Folder f;
	Ledgers all = { 0 };
	char out[128];
	LedgerMerge *m = NULL;
	Ledger *l = NULL;
	Diag d = { 0 };

	(void)state;
	ledgers_make(&all, &f);
	assert_int_equal(ledger_open_merge(new_path(&all, out), &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_true(open_files(out) > 0);
	ledger_free(l);
	ledger_merge_free(m);
	assert_int_equal(open_files(out), 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_journal_and_its_ledger_count_once),
	  cmocka_unit_test(test_a_ledger_that_two_hosts_went_on_with_is_doubled),
	  cmocka_unit_test(test_two_hosts_of_one_name_are_told_apart),
	  cmocka_unit_test(test_what_is_damaged_is_the_sources_fault),
	  cmocka_unit_test(test_who_is_retired_stays_so_until_it_speaks_again),
	  cmocka_unit_test(test_a_ledger_may_end_before_its_merge))
