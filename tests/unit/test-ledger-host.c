/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-host: a daemon's rows stay those of its host, whatever that is called. */
#include "evidence/ledger-host.h"
#include "tests/unit/ledger-fixture.h"

#define MACHINE_1 "00000000000000000000000000000001"
#define MACHINE_2 "00000000000000000000000000000002"

static Ledger *must_open(const Folder *f, const char *host, const char *machine)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	if (ledger_open_writer(f->path, host, NOW, NULL, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_know_machine(l, machine), 0);
	return l;
}

static void watch(Ledger *l, usec_t from, usec_t to)
{
	int64_t run;

	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_begin_run(l, "b", from, &run), 0);
	assert_int_equal(ledger_extend_run(l, run, to), 0);
	(void)put_workload(l, "docker:web");
	assert_int_equal(ledger_commit(l), 0);
}

typedef struct Seen {
	char names[4][128], machines[4][LEDGER_MACHINE_SIZE];
	usec_t heard[4];
	size_t n;
} Seen;

static int see(const LedgerHost *row, void *userdata)
{
	Seen *s = userdata;

	assert_true(s->n < 4);
	assert_string_equal(row->hostname, row->name);
	assert_string_equal(row->ledger, "");
	snprintf(s->names[s->n], sizeof(s->names[0]), "%s", row->name);
	snprintf(s->machines[s->n], sizeof(s->machines[0]), "%s", row->machine);
	s->heard[s->n++] = row->heard;
	return 0;
}

static Seen look(const Folder *f)
{
	_cleanup_(ledger_freep) Ledger *l = must_read(f);
	Seen s = { .n = 0 };

	assert_int_equal(ledger_each_host(l, see, &s), 0);
	assert_int_equal(ledger_hosts(l), s.n);
	return s;
}

static void test_a_renamed_host_is_the_same(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l;
	Seen s;

	(void)state;
	folder_make(&f);
	l = must_open(&f, "old", MACHINE_1);
	watch(l, NOW, NOW + 5);
	ledger_free(l);
	l = must_open(&f, "new", MACHINE_1);
	watch(l, NOW + 7, NOW + 9);
	ledger_free(l);
	s = look(&f);
	assert_int_equal(s.n, 1);
	assert_string_equal(s.names[0], "new");
	assert_string_equal(s.machines[0], MACHINE_1);
	assert_true(s.heard[0] == NOW + 9);
}

static void test_another_machine_of_the_name_is_another(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l;
	Seen s;

	(void)state;
	folder_make(&f);
	l = must_open(&f, "web", MACHINE_1);
	watch(l, NOW, NOW + 5);
	ledger_free(l);
	for (unsigned i = 0; i < 2; i++) {
		l = must_open(&f, "web", MACHINE_2);
		watch(l, NOW + 7, NOW + 9);
		ledger_free(l);
	}
	s = look(&f);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.names[0], "web");
	assert_string_equal(s.names[1], "web (machine " MACHINE_2 ")");
	assert_true(s.heard[0] == NOW + 5 && s.heard[1] == NOW + 9);
}

/* As it was before machines were told apart. */
static void test_a_ledger_without_a_machine_learns_it(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l;
	Diag d = { 0 };
	Seen s;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	s = look(&f);
	assert_string_equal(s.machines[0], "");
	l = must_write(&f);
	assert_int_equal(ledger_know_machine(l, ""), 0);
	assert_int_equal(ledger_know_machine(l, MACHINE_1), 0);
	/* it stays known when the ledger is opened anew in place */
	assert_int_equal(ledger_reopen(l, f.path, "host-b", NOW, false, &d), 0);
	ledger_free(l);
	s = look(&f);
	assert_int_equal(s.n, 1);
	assert_string_equal(s.names[0], "host-b");
	assert_string_equal(s.machines[0], MACHINE_1);
}

UNIT_MAIN(cmocka_unit_test(test_a_renamed_host_is_the_same),
	  cmocka_unit_test(test_another_machine_of_the_name_is_another),
	  cmocka_unit_test(test_a_ledger_without_a_machine_learns_it))
