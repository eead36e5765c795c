/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger-migrate: an older ledger keeps all that it holds, or stays as it was. */
#include <sqlite3.h>

#include "evidence/ledger-journal.h"
#include "evidence/ledger-tell.h"
#include "seccompd/ledger-schema.h"
#include "tests/unit/ledger-fixture.h"

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	int on = 1;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	/* as the daemon leaves it */
	assert_int_equal(sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* What each schema had not got yet, and what it had. */
#define UNDO_SCHEMA_8                                                     \
	"DROP INDEX lifetime_due; ALTER TABLE lifetime DROP COLUMN told;" \
	"ALTER TABLE lifetime DROP COLUMN revision;"                      \
	"DELETE FROM meta WHERE key='told_sequence';"                     \
	"UPDATE meta SET value='7' WHERE key='schema';"

#define UNDO_SCHEMA_7                                                                \
	UNDO_SCHEMA_8                                                                \
	"DROP INDEX workload_name;"                                                  \
	"ALTER TABLE host DROP COLUMN ledger; ALTER TABLE host DROP COLUMN machine;" \
	"ALTER TABLE host DROP COLUMN hostname; ALTER TABLE host DROP COLUMN named;" \
	"ALTER TABLE host DROP COLUMN heard; ALTER TABLE host DROP COLUMN retired;"  \
	"ALTER TABLE host DROP COLUMN doubled; UPDATE meta SET value='6' WHERE key='schema';"

#define UNDO_SCHEMA_6                                                                          \
	UNDO_SCHEMA_7                                                                          \
	"DROP INDEX sighting_new; DROP INDEX sighting_due; DROP INDEX sighting_telling; DROP " \
	"INDEX workload_due;"                                                                  \
	"DROP INDEX loss_due; DROP INDEX run_due;"                                             \
	"ALTER TABLE sighting DROP COLUMN told; ALTER TABLE sighting DROP COLUMN telling;"     \
	"ALTER TABLE sighting DROP COLUMN told_at;"                                            \
	"ALTER TABLE workload DROP COLUMN revision; ALTER TABLE workload DROP COLUMN told;"    \
	"ALTER TABLE workload DROP COLUMN told_at; ALTER TABLE workload DROP COLUMN gate;"     \
	"ALTER TABLE workload DROP COLUMN told_stage;"                                         \
	"ALTER TABLE workload DROP COLUMN told_visibility;"                                    \
	"ALTER TABLE loss DROP COLUMN revision; ALTER TABLE loss DROP COLUMN told;"            \
	"ALTER TABLE loss DROP COLUMN told_at; ALTER TABLE loss DROP COLUMN told_count;"       \
	"ALTER TABLE run DROP COLUMN told;"                                                    \
	"ALTER TABLE sighting ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;"                \
	"CREATE INDEX sighting_unannounced ON sighting(id) WHERE announced=0;"                 \
	"DELETE FROM meta WHERE key='ledger_id'; UPDATE meta SET value='5' WHERE key='schema';"

#define UNDO_SCHEMA_5                              \
	"DROP TABLE making; DROP TABLE replayed;"  \
	"ALTER TABLE sighting DROP COLUMN maker;"  \
	"ALTER TABLE lifetime DROP COLUMN joins;"  \
	"ALTER TABLE lifetime DROP COLUMN joined;" \
	"UPDATE meta SET value='4' WHERE key='schema';"

#define UNDO_SCHEMA_4                                                                           \
	"DROP TABLE run; DROP TABLE lifetime; DROP TABLE rollup; DROP TABLE loss;"              \
	"ALTER TABLE sighting DROP COLUMN lifetime1;"                                           \
	"ALTER TABLE sighting DROP COLUMN lifetime2;"                                           \
	"ALTER TABLE sighting DROP COLUMN lifetimes;"                                           \
	"CREATE TABLE loss(id INTEGER PRIMARY KEY, host INTEGER NOT NULL REFERENCES host(id),"  \
	" kind TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,"                   \
	" count INTEGER NOT NULL);"                                                             \
	"CREATE INDEX loss_kind ON loss(kind, start);"                                          \
	"INSERT INTO loss VALUES(1, 1, 'enobufs', 10, 20, 0), (2, 1, 'serial-gap', 30, 40, 7);" \
	"UPDATE meta SET value='3' WHERE key='schema';"

#define UNDO_SCHEMA_3                                  \
	"ALTER TABLE sighting DROP COLUMN own_filter;" \
	"ALTER TABLE workload DROP COLUMN heuristic;"  \
	"UPDATE meta SET value='1' WHERE key='schema';"

static void make_schema_1(const Folder *f)
{
	make_ledger(f, 5);
	run_sql(f->path, UNDO_SCHEMA_6 UNDO_SCHEMA_5 UNDO_SCHEMA_4 UNDO_SCHEMA_3);
}

static int note_loss(const LedgerLoss *row, void *userdata)
{
	LedgerLoss *rows = userdata;

	rows[row->from == 30] = *row;
	return 0;
}

/* Before, 0 meant that the size was not known, and each loss was one of all workloads. */
static void test_losses_of_schema_3_keep_what_they_say(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerLoss rows[2] = { 0 };
	int64_t id;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	run_sql(f.path, UNDO_SCHEMA_6 UNDO_SCHEMA_5 UNDO_SCHEMA_4);
	l = must_write(&f);
	assert_int_equal(ledger_each_loss(l, note_loss, rows), 0);
	assert_true(rows[0].from == 10 && rows[0].to == 20);
	assert_true(rows[0].count == LEDGER_COUNT_UNKNOWN && rows[0].workload == 0);
	assert_true(rows[1].from == 30 && rows[1].to == 40 && rows[1].count == 7);
	/* and what is new is there */
	assert_int_equal(ledger_begin_run(l, "b", NOW, &id), 0);
	assert_int_equal(ledger_add_hour(l, 1, &(LedgerHour){ .from = NOW, .records = 1 }), 0);
	assert_int_equal(sum_of_records(l), 5);
}

static int note_making(const LedgerMaking *row, void *userdata)
{
	*(LedgerMaking *)userdata = *row;
	return 0;
}

/* Of a sighting it was only known which lifetime made it first. */
static void test_makings_of_schema_4_are_the_first_ones(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerMaking making = { 0 };

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	run_sql(f.path, UNDO_SCHEMA_6 UNDO_SCHEMA_5
		"UPDATE sighting SET lifetime1=3, lifetime2=4, lifetimes=2;");
	l = must_write(&f);
	assert_int_equal(ledger_each_making(l, 1, note_making, &making), 0);
	assert_true(making.lifetime == 3 && making.first == NOW);
}

static int note_telling(const LedgerTelling *t, void *userdata)
{
	LedgerTelling *got = userdata;

	got[t->new] = *t;
	return 0;
}

/* The journal knew some of it under no ledger's name: it is told all of it, but not as new. */
static void test_what_schema_5_announced_is_told_once_more(void **state)
{
	char id[LEDGER_ID_SIZE], again[LEDGER_ID_SIZE];
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerTelling got[2] = { 0 };
	int64_t sighting;
	LedgerCall c;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	run_sql(f.path, UNDO_SCHEMA_6 "UPDATE sighting SET announced=1");
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	c = make_ledger_call(1, 1, 43, 7);
	assert_int_equal(ledger_add(l, &c, &sighting), LEDGER_NEW);
	assert_int_equal(ledger_mark_new(l, false, 9, 9), 1);
	assert_int_equal(ledger_mark_grown(l, NOW, 9), 1);
	assert_int_equal(ledger_each_telling(l, note_telling, got), 0);
	assert_true(got[0].nr == 42 && got[0].total == 5 && got[0].delta == 5);
	assert_true(got[1].nr == 43 && got[1].total == 7 && got[1].delta == 7);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_get_id(l, id), 0);
	assert_int_equal(strspn(id, "0123456789abcdef"), 32);
	ledger_free(l);
	l = must_write(&f);
	assert_int_equal(ledger_get_id(l, again), 0);
	assert_string_equal(id, again);
}

static int note_teller(const LedgerTeller *row, void *userdata)
{
	*(LedgerTeller *)userdata = *row;
	return 0;
}

/* Who had told stood among the meta values. */
static void test_tellers_of_schema_6_are_known(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerTeller t = { 0 };
	Diag d = { 0 };

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	run_sql(f.path, UNDO_SCHEMA_7 "INSERT INTO meta VALUES('journal_teller/"
				      "0123456789abcdef0123456789abcdef/"
				      "00000000000000000000000000000001', '1 1700 a host');"
				      "INSERT INTO meta VALUES('replayed', 'journal');");
	assert_int_equal(ledger_open_journal(f.path, &l, &d), 0);
	assert_int_equal(ledger_each_teller(l, note_teller, &t), 0);
	assert_true(t.host == 1 && t.named == 1700);
	assert_string_equal(t.ledger, "0123456789abcdef0123456789abcdef");
	assert_string_equal(t.machine, "00000000000000000000000000000001");
	assert_string_equal(t.hostname, "a host");
}

static int count_lifetime(const LedgerUntoldLifetime *row, void *userdata)
{
	assert_true(row->revision == 1 && row->f.from == NOW);
	++*(unsigned *)userdata;
	return 0;
}

/* No journal has heard of what ran. */
static void test_lifetimes_of_schema_7_are_told(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	unsigned n = 0;
	int64_t id;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(ledger_begin_lifetime(l,
						       &(LedgerLifetime){ .workload = put_workload(
										  l, "docker:web"),
									  .profile_hash = "",
									  .kind = SUBJECT_CONTAINER,
									  .runtime = "docker",
									  .name = "a",
									  .incarnation = "",
									  .image_digest = "",
									  .runtime_version = "",
									  .libseccomp = "",
									  .kernel = "",
									  .machine = "",
									  .capabilities = "",
									  .from = NOW },
						       &id),
				 0);
	assert_int_equal(ledger_commit(l), 0);
	l = ledger_free(l);
	run_sql(f.path, "UPDATE lifetime SET told=7;" UNDO_SCHEMA_8);
	l = must_write(&f);
	assert_int_equal(ledger_each_untold_lifetime(l, 0, 9, count_lifetime, &n), 0);
	assert_int_equal(n, 3);
}

static int note_heuristic(const LedgerWorkloadRow *row, void *userdata)
{
	*(int *)userdata = row->heuristic;
	return 0;
}

static int heuristic_of_the_one(Ledger *l)
{
	int is = -1;

	assert_int_equal(ledger_each_workload(l, note_heuristic, &is), 0);
	return is;
}

static void test_schema_1_is_brought_up_to_date(void **state)
{
	_cleanup_folder_ Folder f;
	char schema[16];

	(void)state;
	folder_make(&f);
	make_schema_1(&f);
	for (int i = 0; i < 2; i++) {
		_cleanup_(ledger_freep) Ledger *l = must_write(&f);

		assert_int_equal(ledger_get_meta(l, "schema", schema, sizeof(schema)), 0);
		assert_int_equal(atoi(schema), SECCOMPD_LEDGER_SCHEMA);
		assert_int_equal(sum_of_records(l), 5);
		assert_int_equal(heuristic_of_the_one(l), 0);
	}
	assert_int_equal(folder_count(&f, "ledger.db.corrupt-", NULL, 0), 0);
}

static void test_a_reader_says_who_can_do_it(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l = NULL;
	Diag d = { 0 };

	(void)state;
	folder_make(&f);
	make_schema_1(&f);
	assert_int_equal(ledger_open_reader(f.path, &l, &d), -ESTALE);
	assert_null(l);
	assert_non_null(strstr(d.text, "older seccompd"));
}

/* A step that fails leaves neither half of the columns nor the new number. */
static void test_a_failed_step_leaves_the_old_ledger(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l = NULL;
	Diag d = { 0 };

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	/* the column is there already, so adding it fails */
	run_sql(f.path, UNDO_SCHEMA_6 UNDO_SCHEMA_5 UNDO_SCHEMA_4
		"UPDATE meta SET value='1' WHERE key='schema'");
	assert_true(ledger_open_writer(f.path, "host-a", NOW, NULL, &l, &d) < 0);
	assert_null(l);
	run_sql(f.path, "INSERT INTO meta SELECT 'must be one', value FROM meta"
			" WHERE key='schema' AND value='1'");
	run_sql(f.path, "ALTER TABLE workload DROP COLUMN heuristic;"
			"ALTER TABLE sighting DROP COLUMN own_filter");
	l = must_write(&f);
	assert_int_equal(sum_of_records(l), 5);
	ledger_free(l);
}

static void test_a_guess_stays_a_guess(void **state)
{
	_cleanup_folder_ Folder f;
	LedgerWorkload w = make_workload("k8s:a/b/c");
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t id;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(heuristic_of_the_one(l), 0);
	w.heuristic = true;
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(heuristic_of_the_one(l), 1);
	w.heuristic = false;
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(heuristic_of_the_one(l), 1);
	w = make_workload("k8s:a/d/c");
	w.heuristic = true;
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(heuristic_of_the_one(l), 1);
	assert_int_equal(ledger_commit(l), 0);
}

UNIT_MAIN(cmocka_unit_test(test_makings_of_schema_4_are_the_first_ones),
	  cmocka_unit_test(test_what_schema_5_announced_is_told_once_more),
	  cmocka_unit_test(test_tellers_of_schema_6_are_known),
	  cmocka_unit_test(test_lifetimes_of_schema_7_are_told),
	  cmocka_unit_test(test_schema_1_is_brought_up_to_date),
	  cmocka_unit_test(test_losses_of_schema_3_keep_what_they_say),
	  cmocka_unit_test(test_a_reader_says_who_can_do_it),
	  cmocka_unit_test(test_a_failed_step_leaves_the_old_ledger),
	  cmocka_unit_test(test_a_guess_stays_a_guess))
