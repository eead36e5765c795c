/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-journal: what entries tell goes into a ledger of its own, and what was told by
 * entries that are gone is found there. */
#include "evidence/ledger-journal.h"
#include "tests/unit/journal-help.h"
#include "tests/unit/ledger-fixture.h"

static Ledger *must_open(const Folder *f)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	if (ledger_open_journal(f->path, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_begin(l), 0);
	return l;
}

static const JournalEvent *read_entry(const Entry *e)
{
	static JournalEvent v;
	JournalFault fault;

	assert_int_equal(journal_event_read(e->fields, &v, &fault), 0);
	return &v;
}

static int64_t add_host(Ledger *l, const char *ledger)
{
	LedgerTeller t = { .hostname = "web1", .machine = MACHINE_A, .named = NOW };

	snprintf(t.ledger, sizeof(t.ledger), "%s", ledger);
	assert_int_equal(ledger_add_teller(l, &t), 0);
	return t.host;
}

static int take_sighting(Ledger *l, int64_t host, uint64_t total, uint64_t count)
{
	Entry e;

	entry_sighting(&e, LEDGER_A, "podman:web", 39, total, count);
	return ledger_take_sighting(l, host, read_entry(&e), NOW);
}

static int count_tellers(const LedgerTeller *row, void *userdata)
{
	assert_string_equal(row->hostname, "web1");
	assert_string_equal(row->machine, MACHINE_A);
	assert_true(row->named == NOW && row->host > 0);
	++*(unsigned *)userdata;
	return 0;
}

static void test_who_told_is_remembered(void **state)
{
	_cleanup_folder_ Folder f;
	unsigned n = 0;
	Ledger *l;

	(void)state;
	folder_make(&f);
	l = must_open(&f);
	assert_true(add_host(l, LEDGER_A) != add_host(l, LEDGER_B));
	assert_int_equal(ledger_each_teller(l, count_tellers, &n), 0);
	assert_int_equal(n, 2);
	ledger_free(l);
}

static void test_the_greatest_count_stays_and_what_is_known_is_told(void **state)
{
	_cleanup_folder_ Folder f;
	LedgerJournalFigures figures;
	int64_t host;
	Ledger *l;

	(void)state;
	folder_make(&f);
	l = must_open(&f);
	host = add_host(l, LEDGER_A);
	assert_int_equal(take_sighting(l, host, 5, 5), 1);
	assert_int_equal(take_sighting(l, host, 30, 10), 1);
	assert_int_equal(take_sighting(l, host, 30, 10), 0);
	assert_int_equal(take_sighting(l, host, 5, 5), 0);
	assert_int_equal(take_sighting(l, host, 20, 15), 1);
	assert_int_equal(ledger_journal_figures(l, &figures), 0);
	assert_int_equal(figures.records, 30);
	assert_int_equal(figures.sightings, 1);
	assert_int_equal(figures.workloads, 1);
	ledger_free(l);
}

static void test_entries_that_are_gone_are_found(void **state)
{
	_cleanup_folder_ Folder f;
	LedgerUntold u;
	int64_t host;
	Ledger *l;
	Entry e;

	(void)state;
	folder_make(&f);
	l = must_open(&f);
	host = add_host(l, LEDGER_A);
	assert_int_equal(take_sighting(l, host, 5, 5), 1);
	assert_int_equal(ledger_find_untold(l, host, &u), 0);
	assert_true(u.records + u.sightings + u.losses + u.runs == 0);
	assert_int_equal(take_sighting(l, host, 30, 10), 1);
	entry_loss(&e, LEDGER_A, 3, 1, NOW, NOW + 1, "1");
	assert_int_equal(ledger_take_loss(l, host, read_entry(&e), NOW), 1);
	entry_run(&e, LEDGER_A, 2, NOW, NOW + 1);
	assert_int_equal(ledger_take_run(l, host, read_entry(&e)), 1);
	assert_int_equal(ledger_find_untold(l, host, &u), 0);
	assert_int_equal(u.records, 15);
	assert_int_equal(u.sightings, 1);
	assert_int_equal(u.losses, 2);
	assert_int_equal(u.runs, 1);
	/* asked again, the same: the loss that says so is none of those that were told */
	assert_int_equal(ledger_find_untold(l, host, &u), 0);
	assert_int_equal(u.losses, 2);
	assert_int_equal(take_sighting(l, host, 20, 15), 1);
	assert_int_equal(ledger_find_untold(l, host, &u), 0);
	assert_int_equal(u.records, 0);
	ledger_free(l);
}

static int see_gap(const LedgerLoss *row, void *userdata)
{
	if (strcmp(row->kind, LEDGER_LOSS_JOURNAL_GAP) == 0) {
		assert_true(row->count == LEDGER_COUNT_UNKNOWN && row->workload == 0);
		assert_true(row->from == 0 && row->to == NOW + 1);
		++*(unsigned *)userdata;
	}
	return 0;
}

static unsigned count_gaps(Ledger *l)
{
	unsigned n = 0;

	assert_int_equal(ledger_each_loss(l, see_gap, &n), 0);
	return n;
}

static void test_a_gap_is_a_loss_until_it_is_filled(void **state)
{
	_cleanup_folder_ Folder f;
	LedgerUntold u;
	int64_t host;
	Ledger *l;
	Entry e;

	(void)state;
	folder_make(&f);
	l = must_open(&f);
	host = add_host(l, LEDGER_A);
	entry_run(&e, LEDGER_A, 2, NOW, NOW + 1);
	assert_int_equal(ledger_take_run(l, host, read_entry(&e)), 1);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(ledger_find_untold(l, host, &u), 0);
		assert_int_equal(count_gaps(l), 1);
	}
	entry_run(&e, LEDGER_A, 1, NOW - 10, NOW - 5);
	assert_int_equal(ledger_take_run(l, host, read_entry(&e)), 1);
	assert_int_equal(ledger_find_untold(l, host, &u), 0);
	assert_int_equal(count_gaps(l), 0);
	ledger_free(l);
}

static void refuses(const Folder *f, int (*open)(const char *path, Ledger **ret, Diag *d),
		    const char *why)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	assert_int_equal(open(f->path, &l, &d), -EEXIST);
	assert_non_null(strstr(d.text, why));
}

static int open_daemon(const char *path, Ledger **ret, Diag *d)
{
	return ledger_open_writer(path, "host-a", NOW, NULL, ret, d);
}

static void make_one(const Folder *f, int (*open)(const char *path, Ledger **ret, Diag *d))
{
	Ledger *l = NULL;
	Diag d = { 0 };

	assert_int_equal(open(f->path, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_set_replayed(l), 0);
	assert_int_equal(ledger_commit(l), 0);
	ledger_free(l);
}

static void test_logs_journals_and_what_was_seen_do_not_mix(void **state)
{
	_cleanup_folder_ Folder journals, logs;

	(void)state;
	folder_make(&journals);
	folder_make(&logs);
	make_one(&journals, ledger_open_journal);
	make_one(&logs, ledger_open_replay);
	refuses(&journals, open_daemon, "made from journals");
	refuses(&journals, ledger_open_replay, "made from journals");
	refuses(&logs, open_daemon, "made from logs");
	refuses(&logs, ledger_open_journal, "made from logs");
	ledger_free(must_open(&journals));
}

UNIT_MAIN(cmocka_unit_test(test_who_told_is_remembered),
	  cmocka_unit_test(test_the_greatest_count_stays_and_what_is_known_is_told),
	  cmocka_unit_test(test_entries_that_are_gone_are_found),
	  cmocka_unit_test(test_a_gap_is_a_loss_until_it_is_filled),
	  cmocka_unit_test(test_logs_journals_and_what_was_seen_do_not_mix))
