/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/tellers: origins are told apart, and named as people call them. */
#include "evidence/tellers.h"
#include "evidence/ledger-host.h"
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

static int64_t find(Tellers *t, const char *ledger, const char *machine, const char *name, bool new)
{
	LedgerTeller *row;
	bool is = !new;

	assert_int_equal(tellers_find(t, ledger, machine, name, &row, &is), 0);
	assert_int_equal(is, new);
	(void)teller_rename(row, name, NOW);
	return row->host;
}

static int note_name(const LedgerHost *row, void *userdata)
{
	char(*names)[256] = userdata;

	snprintf(names[row->id], sizeof(names[0]), "%s", row->name);
	return 0;
}

static void test_an_origin_is_ledger_and_machine(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_tellers_ Tellers t = { 0 }, again = { 0 };
	LedgerUntold untold = { 0 };
	char names[16][256] = { 0 };
	int64_t a, b, c, d, e;
	Ledger *l;

	(void)state;
	folder_make(&f);
	l = must_open(&f);
	assert_int_equal(tellers_read(l, &t), 0);
	a = find(&t, LEDGER_A, MACHINE_A, "web", true);
	b = find(&t, LEDGER_A, MACHINE_B, "db", true);
	c = find(&t, LEDGER_B, MACHINE_A, "web", true);
	/* without a machine's id the name must do */
	d = find(&t, LEDGER_B, "", "x", true);
	e = find(&t, LEDGER_B, "", "y", true);
	assert_int_equal(find(&t, LEDGER_B, "", "x", false), d);
	assert_int_equal(find(&t, LEDGER_A, MACHINE_B, "another name", false), b);
	assert_true(teller_same_host(&t.rows[0], &t.rows[2]));
	assert_false(teller_same_host(&t.rows[0], &t.rows[1]));
	assert_int_equal(tellers_settle(&t, &untold), 0);
	assert_int_equal(tellers_read(l, &again), 0);
	assert_int_equal(again.n, 5);
	assert_int_equal(find(&again, LEDGER_B, MACHINE_A, "web", false), c);
	assert_int_equal(ledger_each_host(l, note_name, names), 0);
	assert_string_equal(names[a], "web (ledger " LEDGER_A ", machine " MACHINE_A ")");
	assert_string_equal(names[c], "web (ledger " LEDGER_B ", machine " MACHINE_A ")");
	assert_string_equal(names[b], "db");
	assert_string_equal(names[d], "x");
	assert_string_equal(names[e], "y");
	ledger_free(l);
}

static void test_the_newest_name_counts(void **state)
{
	LedgerTeller t = { 0 };

	(void)state;
	assert_true(teller_rename(&t, "b", NOW));
	assert_false(teller_rename(&t, "a", NOW - 1));
	assert_false(teller_rename(&t, "a", NOW));
	assert_false(teller_rename(&t, "", NOW + 1));
	assert_string_equal(t.hostname, "b");
	assert_true(teller_rename(&t, "a", NOW + 1));
	assert_string_equal(t.hostname, "a");
}

UNIT_MAIN(cmocka_unit_test(test_an_origin_is_ledger_and_machine),
	  cmocka_unit_test(test_the_newest_name_counts))
