/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger: readers, also without write permission, in every state of the file. */
#include <grp.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "tests/unit/ledger-fixture.h"

#define NOBODY 65534

/* What a reader in a process of its own (as nobody, of the file's group, if asked) finds: the sum
 * of records, or the error; its sentence goes to @text. */
static int64_t read_in_child(const char *path, bool as_nobody, char text[static DIAG_TEXT_MAX])
{
	struct {
		int64_t result;
		char text[DIAG_TEXT_MAX];
	} answer = { .result = -ENOTRECOVERABLE };
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		Ledger *l = NULL;
		Diag d = { 0 };

		if (as_nobody &&
		    (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
			_exit(1);
		answer.result = ledger_open_reader(path, &l, &d);
		if (answer.result == 0)
			answer.result = (int64_t)sum_of_records(l);
		memcpy(answer.text, d.text, sizeof(answer.text));
		ledger_free(l);
		_exit(write(fds[1], &answer, sizeof(answer)) == sizeof(answer) ? 0 : 1);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &answer, sizeof(answer)), sizeof(answer));
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	memcpy(text, answer.text, DIAG_TEXT_MAX);
	return answer.result;
}

static void expect(const Folder *f, bool as_nobody, int64_t result, const char *words)
{
	char text[DIAG_TEXT_MAX];
	int64_t r = read_in_child(f->path, as_nobody, text);

	if (r != result || (words && !strstr(text, words)))
		fail_msg("%lld %s", (long long)r, text);
}

/* The folder as systemd makes it: the group may look, only the owner may write. */
static void share_folder(const Folder *f)
{
	assert_int_equal(chown(f->dir, 0, NOBODY), 0);
	assert_int_equal(chmod(f->dir, 02750), 0);
}

static bool skip_unless_root(void)
{
	if (geteuid() == 0)
		return false;
	print_message("# skipped: only root can read as somebody else\n");
	skip();
	return true;
}

static void add_records_to(Ledger *l, int64_t nr, uint64_t count)
{
	int64_t workload, id;
	LedgerCall c;

	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	c = make_ledger_call(workload, put_subject(l, workload, 1), nr, count);
	assert_true(ledger_add(l, &c, &id) >= 0);
	assert_int_equal(ledger_commit(l), 0);
}

static void follow_writer(bool as_nobody)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	uint64_t sum = 0;

	folder_make(&f);
	if (as_nobody)
		share_folder(&f);
	l = must_write(&f);
	for (int i = 0; i < 20; i++) {
		add_records_to(l, i, 7);
		sum += 7;
		/* The latest commit, not the one before. */
		expect(&f, as_nobody, (int64_t)sum, NULL);
	}
	l = ledger_free(l);
	expect(&f, as_nobody, (int64_t)sum, NULL);
	l = must_write(&f);
	expect(&f, as_nobody, (int64_t)sum, NULL);
	add_records_to(l, 100, 1);
	expect(&f, as_nobody, (int64_t)sum + 1, NULL);
}

static void test_reader_sees_each_commit_and_the_closed_ledger(void **state)
{
	(void)state;
	follow_writer(false);
}

static void test_unprivileged_reader_sees_the_same(void **state)
{
	(void)state;
	if (skip_unless_root())
		return;
	follow_writer(true);
}

static void read_after_kill(bool as_nobody)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int status;
	pid_t pid;

	folder_make(&f);
	if (as_nobody)
		share_folder(&f);
	pid = fork();
	if (pid == 0) {
		l = must_write(&f);
		add_records_to(l, 1, 7);
		add_records_to(l, 2, 7);
		assert_int_equal(ledger_begin(l), 0);
		(void)put_workload(l, "never committed");
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	expect(&f, as_nobody, 14, NULL);
	expect(&f, as_nobody, 14, NULL);
	l = must_write(&f);
	add_records_to(l, 2, 1);
	expect(&f, as_nobody, 15, NULL);
}

static void test_reader_after_a_kill(void **state)
{
	(void)state;
	read_after_kill(false);
}

static void test_unprivileged_reader_after_a_kill(void **state)
{
	(void)state;
	if (skip_unless_root())
		return;
	read_after_kill(true);
}

static void test_reader_makes_no_files(void **state)
{
	_cleanup_folder_ Folder f;
	char name[128];
	unsigned n;

	(void)state;
	folder_make(&f);
	expect(&f, false, -ENOENT, "seccompd has not run yet");
	assert_int_equal(folder_count(&f, "", NULL, 0), 0);
	make_ledger(&f, 3);
	n = folder_count(&f, "", NULL, 0);
	expect(&f, false, 3, NULL);
	assert_int_equal(folder_count(&f, "", NULL, 0), n);
	snprintf(name, sizeof(name), "%s-shm", f.path);
	assert_int_equal(unlink(name), 0);
	expect(&f, false, -EACCES, "copy a ledger together with its -wal and -shm");
	assert_int_equal(folder_count(&f, "", NULL, 0), n - 1);
	ledger_free(must_write(&f));
	expect(&f, false, 3, NULL);
}

static void test_open_reader_does_not_hold_up_the_writer(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL, *reader = NULL;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 3);
	reader = must_read(&f);
	assert_int_equal(ledger_begin(reader), 0);
	assert_true(sum_of_records(reader) == 3);
	l = must_write(&f);
	add_records_to(l, 42, 4);
	/* One moment, until the reader lets go of it. */
	assert_true(sum_of_records(reader) == 3);
	ledger_rollback(reader);
	assert_true(sum_of_records(reader) == 7);
	l = ledger_free(l);
	assert_true(sum_of_records(reader) == 7);
}

static void test_reader_cannot_write(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerWorkload w = make_workload("docker:evil");
	int64_t id;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 3);
	l = must_read(&f);
	assert_int_equal(ledger_put_workload(l, &w, &id), -EROFS);
	assert_int_equal(ledger_set_meta(l, "schema", "9"), -EROFS);
	assert_true(strlen(ledger_error(l)) > 0);
}

static void test_every_refusal_names_the_remedy(void **state)
{
	_cleanup_folder_ Folder f;
	char name[128];
	sqlite3 *db;

	(void)state;
	folder_make(&f);
	assert_int_equal(close(open(f.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0640)), 0);
	expect(&f, false, -ENOENT, "seccompd has not run yet");
	assert_int_equal(truncate(f.path, 5000), 0);
	expect(&f, false, -EBADMSG, "damaged");
	assert_int_equal(unlink(f.path), 0);
	make_ledger(&f, 3);
	assert_int_equal(sqlite3_open(f.path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "UPDATE meta SET value='99' WHERE key='schema'", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	snprintf(name, sizeof(name), "%s-shm", f.path);
	assert_int_equal(close(open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0640)), 0);
	expect(&f, false, -EPROTONOSUPPORT, "newer seccompd");
	assert_int_equal(truncate(f.path, 4096), 0);
	expect(&f, false, -EBADMSG, "damaged");
	snprintf(f.path, sizeof(f.path), "%s", f.dir);
	expect(&f, false, -EBADMSG, "is no ledger");
}

static void test_without_permission_the_group_is_named(void **state)
{
	_cleanup_folder_ Folder f;

	(void)state;
	if (skip_unless_root())
		return;
	folder_make(&f);
	make_ledger(&f, 3);
	expect(&f, true, -EACCES, "join the group seccompd");
	share_folder(&f);
	expect(&f, true, -EACCES, "join the group seccompd");
	assert_int_equal(chown(f.path, 0, NOBODY), 0);
	expect(&f, true, -EACCES, "-shm");
}

static void test_any_file_name_will_do(void **state)
{
	static const char *const names[] = { "a?mode=memory", "a%41#x", "sp ace\xff", "-",
					     "a&b=c" };
	_cleanup_folder_ Folder f;
	char dir[80];

	(void)state;
	folder_make(&f);
	snprintf(dir, sizeof(dir), "/%s", f.dir);
	for (size_t i = 0; i < ELEMENTSOF(names); i++) {
		snprintf(f.path, sizeof(f.path), "%s/%s", dir, names[i]);
		make_ledger(&f, i + 1);
		expect(&f, false, (int64_t)i + 1, NULL);
	}
}

UNIT_MAIN(cmocka_unit_test(test_reader_sees_each_commit_and_the_closed_ledger),
	  cmocka_unit_test(test_unprivileged_reader_sees_the_same),
	  cmocka_unit_test(test_reader_after_a_kill),
	  cmocka_unit_test(test_unprivileged_reader_after_a_kill),
	  cmocka_unit_test(test_reader_makes_no_files),
	  cmocka_unit_test(test_open_reader_does_not_hold_up_the_writer),
	  cmocka_unit_test(test_reader_cannot_write),
	  cmocka_unit_test(test_every_refusal_names_the_remedy),
	  cmocka_unit_test(test_without_permission_the_group_is_named),
	  cmocka_unit_test(test_any_file_name_will_do))
