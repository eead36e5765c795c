/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger: kills, damage, foreign and newer files. */
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "tests/unit/ledger-fixture.h"
#include "util/file.h"
#include "tests/unit/tally-fixture.h"

/* ---- kills between tally and ledger ---- */

/* One step of the daemon's writer: everything that the ledger has not got yet, in a transaction. */
static void fold(Tally *t, Ledger *l)
{
	int64_t workload, id;
	uint64_t before;
	TallySlot s;

	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	for (uint32_t i = 0; i < tally_n_slots(t); i++) {
		LedgerCall c;

		if (tally_slot_copy(t, i, &s) < 0)
			continue;
		assert_int_equal(ledger_get_folded(l, tally_id(t), i, s.generation, &before), 0);
		assert_true(before <= s.total);
		if (before == s.total)
			continue;
		c = make_ledger_call(workload, put_subject(l, workload, s.subject), s.nr,
				     s.total - before);
		assert_true(ledger_add(l, &c, &id) >= 0);
		assert_int_equal(ledger_set_folded(l, tally_id(t), i, s.generation, s.total), 0);
	}
	assert_int_equal(ledger_commit(l), 0);
	(void)fold_all(t);
}

static void count_and_fold_for_ever(const Folder *f, int fd, uint64_t seed, uint64_t told[2])
{
	Ledger *l = must_write(f);
	uint32_t slot;
	Tally *t;

	if (tally_open(fd, seed, &t) < 0)
		_exit(1);
	for (usec_t now = 1;; now++) {
		for (unsigned i = 0; i < 50; i++) {
			TallyCall c =
				make_call(must_subject(t, (unsigned)(random_next(&seed) % 5), now),
					  (int64_t)(random_next(&seed) % 20), now);

			__atomic_fetch_add(&told[0], 1, __ATOMIC_SEQ_CST);
			if (tally_count(t, &c, &slot) >= 0)
				__atomic_fetch_add(&told[1], 1, __ATOMIC_SEQ_CST);
		}
		fold(t, l);
	}
}

/* What the ledger has and what the tally has beyond it. */
static uint64_t sum_of_both(Tally *t, Ledger *l)
{
	uint64_t sum, folded;
	TallySlot s;

	assert_int_equal(ledger_begin(l), 0);
	sum = sum_of_records(l);
	for (uint32_t i = 0; i < tally_n_slots(t); i++) {
		if (tally_slot_copy(t, i, &s) < 0)
			continue;
		assert_int_equal(ledger_get_folded(l, tally_id(t), i, s.generation, &folded), 0);
		assert_true(folded <= s.total && s.folded <= folded);
		sum += s.total - folded;
	}
	ledger_rollback(l);
	return sum;
}

static void test_killed_anywhere_every_record_is_counted_exactly_once(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_close_ int fd = tally_memory();
	uint64_t seed = 5, *told, sum = 0;

	(void)state;
	folder_make(&f);
	told = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(told != MAP_FAILED);
	for (int kills = 0; kills < 50 / (int)UNIT_SHARE; kills++) {
		_cleanup_close_ int own = -1;
		_cleanup_(tally_freep) Tally *t = NULL;
		_cleanup_(ledger_freep) Ledger *l = NULL;
		pid_t pid = fork();

		if (pid == 0)
			count_and_fold_for_ever(&f, tally_reopen(fd, O_RDWR), seed + 1, told);
		kill_after(pid, &told[1], kills % 5 ? random_next(&seed) % 400 : 0,
			   random_next(&seed) % 5000);
		own = tally_reopen(fd, O_RDWR);
		assert_int_equal(tally_open(own, seed, &t), 0);
		l = must_write(&f);
		sum = sum_of_both(t, l);
		/* The one that was being counted may be there or not. */
		assert_true(sum >= told[1] && sum <= told[0]);
		fold(t, l);
		assert_true(sum_of_records(l) == sum);
		told[0] = told[1] = sum;
	}
	assert_true(sum > 4000 / UNIT_SHARE);
	munmap(told, 4096);
}

/* ---- files that are not as they should be ---- */

static void overwrite(const char *path, off_t at, const void *bytes, size_t n)
{
	_cleanup_close_ int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
}

static int take_set_aside(const LedgerLoss *row, void *userdata)
{
	*(unsigned *)userdata += strcmp(row->kind, "set-aside") == 0 && row->to == NOW;
	return 0;
}

static void expect_set_aside(const Folder *f, unsigned aside)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	unsigned losses = 0;
	Diag d = { 0 };
	int r = ledger_open_writer(f->path, "host-a", NOW, NULL, &l, &d);

	if (r != LEDGER_SET_ASIDE)
		fail_msg("%d %s", r, d.text);
	assert_non_null(strstr(d.text, "ledger.db.corrupt-20231114T221320Z"));
	assert_int_equal(folder_count(f, "ledger.db.corrupt-", NULL, 0), aside);
	assert_int_equal(ledger_each_loss(l, take_set_aside, &losses), 0);
	assert_int_equal(losses, 1);
	assert_true(sum_of_records(l) == 0);
}

static void test_garbage_is_set_aside(void **state)
{
	_cleanup_folder_ Folder f;
	char junk[300];

	(void)state;
	memset(junk, 0x5a, sizeof(junk));
	folder_make(&f);
	make_ledger(&f, 5);
	overwrite(f.path, 0, junk, sizeof(junk));
	/* Three names: the file, its log, its index. */
	expect_set_aside(&f, 3);
	make_ledger(&f, 5);
	overwrite(f.path, 0, junk, sizeof(junk));
	expect_set_aside(&f, 6);
}

static void test_lost_pages_are_set_aside(void **state)
{
	_cleanup_folder_ Folder f;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	assert_int_equal(truncate(f.path, 3 * 4096), 0);
	expect_set_aside(&f, 3);
	make_ledger(&f, 5);
	assert_int_equal(truncate(f.path, 1), 0);
	expect_set_aside(&f, 6);
}

/* Damage that only a check of the whole file finds: it is made after a crash. */
static void test_hidden_damage_is_found_after_a_crash(void **state)
{
	_cleanup_folder_ Folder f;
	char junk[4096];
	struct stat st;
	pid_t pid;
	int status;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	pid = fork();
	if (pid == 0) {
		(void)must_write(&f); /* "clean" is 0 from here on */
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	ledger_free(must_write(&f));
	/* Closed cleanly: what is rotten deep inside is not looked for... */
	memset(junk, 0xa5, sizeof(junk));
	assert_int_equal(stat(f.path, &st), 0);
	overwrite(f.path, st.st_size - 3 * 4096, junk, sizeof(junk));
	pid = fork();
	if (pid == 0) {
		Ledger *l;

		_exit(ledger_open_writer(f.path, "host-a", NOW, NULL, &l, NULL) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* ... but after that crash it is. */
	expect_set_aside(&f, 3);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void expect_refusal(const char *path, int expected, const char *words)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	assert_int_equal(ledger_open_writer(path, "host-a", NOW, NULL, &l, &d), expected);
	assert_null(l);
	if (!strstr(d.text, words))
		fail_msg("%s", d.text);
}

static void test_newer_schema_is_refused_and_left_alone(void **state)
{
	_cleanup_folder_ Folder f;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	run_sql(f.path, "UPDATE meta SET value=value+1 WHERE key='schema'");
	expect_refusal(f.path, -EPROTONOSUPPORT, "newer seccompd");
	run_sql(f.path, "UPDATE meta SET value=value-1 WHERE key='schema'");
	ledger_free(must_write(&f));
	assert_int_equal(folder_count(&f, "ledger.db.corrupt-", NULL, 0), 0);
}

static void test_a_text_given_by_mistake_is_refused_and_left_alone(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_free_ char *text = NULL;
	size_t n;

	(void)state;
	folder_make(&f);
	assert_int_equal(file_replace(f.path, SPAN_LIT("dear diary, "), 0600), 0);
	expect_refusal(f.path, -EMEDIUMTYPE, "something else");
	assert_int_equal(file_read_at(AT_FDCWD, f.path, 100, false, &text, &n), 0);
	assert_string_equal(text, "dear diary, ");
	assert_int_equal(folder_count(&f, "ledger.db.corrupt-", NULL, 0), 0);
}

/* SQLite would take it for an empty file, and make a database of it. */
static void test_a_letter_is_a_text(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_free_ char *text = NULL;
	size_t n;

	(void)state;
	folder_make(&f);
	assert_int_equal(file_replace(f.path, SPAN_LIT("x"), 0600), 0);
	expect_refusal(f.path, -EMEDIUMTYPE, "something else");
	assert_int_equal(file_read_at(AT_FDCWD, f.path, 100, false, &text, &n), 0);
	assert_string_equal(text, "x");
	assert_int_equal(folder_count(&f, "", NULL, 0), 1);
}

static void test_another_database_is_refused_and_left_alone(void **state)
{
	_cleanup_folder_ Folder f;

	(void)state;
	folder_make(&f);
	run_sql(f.path, "CREATE TABLE accounts(x); INSERT INTO accounts VALUES(1)");
	expect_refusal(f.path, -EMEDIUMTYPE, "something else");
	run_sql(f.path, "SELECT * FROM accounts");
	expect_refusal(f.dir, -EMEDIUMTYPE, "something else");
	assert_int_equal(unlink(strcat(f.dir, ".lock")), -1); /* nothing was made beside it */
	f.dir[strlen(f.dir) - 5] = 0;
	expect_refusal("/nonexistent/ledger.db", -ENOENT, "folder must exist");
}

static void test_nothing_stays_beside_a_file_that_is_refused(void **state)
{
	_cleanup_folder_ Folder f;

	(void)state;
	folder_make(&f);
	assert_int_equal(file_replace(f.path, SPAN_LIT("dear diary, "), 0600), 0);
	expect_refusal(f.path, -EMEDIUMTYPE, "something else");
	assert_int_equal(folder_count(&f, "", NULL, 0), 1);
	assert_int_equal(unlink(f.path), 0);
	run_sql(f.path, "PRAGMA journal_mode=WAL; CREATE TABLE accounts(x)");
	expect_refusal(f.path, -EMEDIUMTYPE, "something else");
	assert_int_equal(folder_count(&f, "", NULL, 0), 1);
}

/* ---- opened anew, in place ---- */

static void add_call(Ledger *l, int64_t nr, uint64_t count)
{
	int64_t workload, id;
	LedgerCall c;

	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	c = make_ledger_call(workload, put_subject(l, workload, 1), nr, count);
	assert_true(ledger_add(l, &c, &id) >= 0);
	assert_int_equal(ledger_commit(l), 0);
}

static void must_reopen(Ledger *l, const Folder *f, bool distrust, int expected)
{
	Diag d = { 0 };
	int r = ledger_reopen(l, f->path, "host-a", NOW, distrust, &d);

	if (r != expected)
		fail_msg("%d %s", r, d.text);
}

static void remove_beside(const Folder *f, const char *end)
{
	char name[128];

	snprintf(name, sizeof(name), "%s%s", f->path, end);
	assert_int_equal(unlink(name), 0);
}

static void test_what_was_in_a_log_that_is_deleted_is_kept(void **state)
{
	static const char *const ends[] = { "-wal", "-shm" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(ends); i++) {
		_cleanup_folder_ Folder f;
		_cleanup_(ledger_freep) Ledger *l = NULL;

		folder_make(&f);
		l = must_write(&f);
		add_call(l, 1, 7);
		remove_beside(&f, ends[i]);
		assert_int_equal(ledger_begin(l), -ESTALE);
		assert_non_null(strstr(ledger_error(l), ends[i]));
		must_reopen(l, &f, false, 0);
		assert_true(sum_of_records(l) == 7);
		add_call(l, 2, 3);
		l = ledger_free(l);
		l = must_write(&f);
		assert_true(sum_of_records(l) == 10);
		assert_int_equal(folder_count(&f, "ledger.db.corrupt-", NULL, 0), 0);
	}
}

static void test_a_ledger_that_is_gone_is_begun_anew_and_the_old_one_is_whole(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL, *old = NULL;
	char aside[128];

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	add_call(l, 1, 7);
	snprintf(aside, sizeof(aside), "%s.old", f.path);
	assert_int_equal(rename(f.path, aside), 0);
	assert_int_equal(ledger_begin(l), -ESTALE);
	must_reopen(l, &f, false, 0);
	assert_true(sum_of_records(l) == 0);
	add_call(l, 1, 2);
	assert_true(sum_of_records(l) == 2);
	assert_int_equal(ledger_open_writer(aside, "host-a", NOW, NULL, &old, NULL), 0);
	assert_true(sum_of_records(old) == 7);
}

static void test_damage_while_it_is_open_is_set_aside(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	unsigned losses = 0;
	char junk[300];

	(void)state;
	memset(junk, 0x5a, sizeof(junk));
	folder_make(&f);
	l = must_write(&f);
	add_call(l, 1, 7);
	/* What is in the log mends what it covers. */
	overwrite(f.path, 0, junk, sizeof(junk));
	must_reopen(l, &f, false, 0);
	assert_true(sum_of_records(l) == 7);
	overwrite(f.path, 0, junk, sizeof(junk));
	must_reopen(l, &f, false, LEDGER_SET_ASIDE);
	assert_int_equal(ledger_each_loss(l, take_set_aside, &losses), 0);
	assert_int_equal(losses, 1);
	/* A check finds nothing, but it failed. */
	add_call(l, 1, 1);
	must_reopen(l, &f, true, LEDGER_SET_ASIDE);
	assert_true(sum_of_records(l) == 0);
	must_reopen(l, &f, false, 0);
}

static void test_between_a_failed_attempt_and_the_next_nothing_is_open(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char value[8], aside[128];

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	add_call(l, 1, 7);
	snprintf(aside, sizeof(aside), "%s.old", f.path);
	assert_int_equal(rename(f.path, aside), 0);
	assert_int_equal(mkdir(f.path, 0700), 0);
	must_reopen(l, &f, false, -EMEDIUMTYPE);
	assert_int_equal(ledger_begin(l), -ESTALE);
	assert_int_equal(ledger_get_meta(l, "schema", value, sizeof(value)), -ESTALE);
	must_reopen(l, &f, false, -EMEDIUMTYPE);
	assert_int_equal(rmdir(f.path), 0);
	must_reopen(l, &f, false, 0);
	add_call(l, 1, 2);
	assert_true(sum_of_records(l) == 2);
}

static void test_second_writer_is_refused_until_the_first_is_gone(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int status;
	pid_t pid;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	expect_refusal(f.path, -EBUSY, "another seccompd");
	l = ledger_free(l);
	pid = fork();
	if (pid == 0) {
		(void)must_write(&f);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	l = must_write(&f);
}

static void test_file_is_for_owner_and_group_whatever_the_umask(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	mode_t masks[] = { 0, 0077 };
	struct stat st;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(masks); i++) {
		mode_t old = umask(masks[i]);
		char name[128];

		folder_make(&f);
		l = must_write(&f);
		assert_int_equal(stat(f.path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
		snprintf(name, sizeof(name), "%s-wal", f.path);
		assert_int_equal(stat(name, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
		snprintf(name, sizeof(name), "%s-shm", f.path);
		assert_int_equal(stat(name, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
		umask(old);
		l = ledger_free(l);
		if (i == 0)
			folder_remove(&f);
	}
}

UNIT_MAIN(cmocka_unit_test(test_killed_anywhere_every_record_is_counted_exactly_once),
	  cmocka_unit_test(test_garbage_is_set_aside),
	  cmocka_unit_test(test_lost_pages_are_set_aside),
	  cmocka_unit_test(test_hidden_damage_is_found_after_a_crash),
	  cmocka_unit_test(test_newer_schema_is_refused_and_left_alone),
	  cmocka_unit_test(test_a_text_given_by_mistake_is_refused_and_left_alone),
	  cmocka_unit_test(test_a_letter_is_a_text),
	  cmocka_unit_test(test_another_database_is_refused_and_left_alone),
	  cmocka_unit_test(test_nothing_stays_beside_a_file_that_is_refused),
	  cmocka_unit_test(test_what_was_in_a_log_that_is_deleted_is_kept),
	  cmocka_unit_test(test_a_ledger_that_is_gone_is_begun_anew_and_the_old_one_is_whole),
	  cmocka_unit_test(test_damage_while_it_is_open_is_set_aside),
	  cmocka_unit_test(test_between_a_failed_attempt_and_the_next_nothing_is_open),
	  cmocka_unit_test(test_second_writer_is_refused_until_the_first_is_gone),
	  cmocka_unit_test(test_file_is_for_owner_and_group_whatever_the_umask))
