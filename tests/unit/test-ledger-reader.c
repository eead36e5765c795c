/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger: readers, also without write permission, in every state of the file. */
#include <grp.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "tests/unit/ledger-fixture.h"

#define NOBODY 65534

/*
 * Readers and writers are processes of their own, by exec: a forked one would share SQLite's view
 * of the file with its parent, and with it the write access to the index that it is not to have.
 */
typedef struct Answer {
	int64_t result; /* sum of records, or the error */
	char text[DIAG_TEXT_MAX];
} Answer;

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

static void act_as_reader(const char *path, Answer *ret)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Diag d = { 0 };

	ret->result = ledger_open_reader(path, &l, &d);
	if (ret->result == 0)
		ret->result = (int64_t)sum_of_records(l);
	memcpy(ret->text, d.text, sizeof(ret->text));
}

static void act_as_writer(const char *path, bool die, Answer *ret)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Diag d = { 0 };

	ret->result = ledger_open_writer(path, "host-a", NOW, NULL, &l, &d);
	memcpy(ret->text, d.text, sizeof(ret->text));
	if (ret->result < 0)
		return;
	add_records_to(l, 1, 3);
	add_records_to(l, 2, 4);
	if (die) {
		(void)ledger_begin(l);
		(void)put_workload(l, "never committed");
		raise(SIGKILL);
	}
}

/* The other life of this program: ROLE PATH, the answer on standard output. */
static int act(const char *role, const char *path)
{
	Answer answer = { 0 };

	if (strcmp(role, "nobody") == 0 &&
	    (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		return 1;
	if (strncmp(role, "write", 5) == 0)
		act_as_writer(path, strcmp(role, "write-and-die") == 0, &answer);
	else
		act_as_reader(path, &answer);
	return write(STDOUT_FILENO, &answer, sizeof(answer)) == sizeof(answer) ? 0 : 1;
}

static int64_t run(const char *role, const char *path, char text[static DIAG_TEXT_MAX])
{
	Answer answer = { .result = -ENOTRECOVERABLE };
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		execl("/proc/self/exe", "test-ledger-reader", role, path, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	if (read(fds[0], &answer, sizeof(answer)) != sizeof(answer))
		answer.result = -ENOTRECOVERABLE;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || status == 0);
	memcpy(text, answer.text, DIAG_TEXT_MAX);
	return answer.result;
}

static void expect(const Folder *f, bool as_nobody, int64_t result, const char *words)
{
	char text[DIAG_TEXT_MAX];
	int64_t r = run(as_nobody ? "nobody" : "read", f->path, text);

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
	char text[DIAG_TEXT_MAX];

	folder_make(&f);
	if (as_nobody)
		share_folder(&f);
	assert_int_equal(run("write-and-die", f.path, text), -ENOTRECOVERABLE);
	expect(&f, as_nobody, 7, NULL);
	expect(&f, as_nobody, 7, NULL);
	l = must_write(&f);
	add_records_to(l, 2, 1);
	expect(&f, as_nobody, 8, NULL);
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
	/* A copy alone: SQLite would make it a log. */
	snprintf(name, sizeof(name), "%s-wal", f.path);
	assert_int_equal(unlink(name), 0);
	expect(&f, false, -EACCES, "copy a ledger together with its -wal and -shm");
	assert_int_equal(folder_count(&f, "", NULL, 0), n - 2);
	ledger_free(must_write(&f));
	expect(&f, false, 3, NULL);
}

/* A writer that was killed when it had begun a log, and nothing was in it yet. */
static void test_a_log_of_a_header_is_read_at_once(void **state)
{
	static const uint8_t header[] = {
		0x37, 0x7f, 0x06, 0x82, 0x00, 0x2d, 0xe2, 0x18, 0x00, 0x00, 0x10,
		0x00, 0x00, 0x00, 0x00, 0x00, 0xe2, 0xc9, 0x3e, 0xc2, 0xd7, 0x6c,
		0x6b, 0x01, 0x97, 0x25, 0xcc, 0xf5, 0x50, 0x79, 0x11, 0x71,
	};
	_cleanup_folder_ Folder f;
	_cleanup_close_ int fd = -1;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char name[128], text[DIAG_TEXT_MAX];

	(void)state;
	folder_make(&f);
	make_ledger(&f, 3);
	snprintf(name, sizeof(name), "%s-wal", f.path);
	fd = open(name, O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, header, sizeof(header)), sizeof(header));
	expect(&f, false, 3, NULL);
	l = must_read(&f);
	assert_true(ledger_is_frozen(l));
	assert_true(sum_of_records(l) == 3);
	assert_int_equal(run("write", f.path, text), 0);
	expect(&f, false, 10, NULL);
	l = ledger_free(l);
	l = must_read(&f);
	assert_false(ledger_is_frozen(l));
}

static void test_open_reader_does_not_hold_up_the_writer(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char text[DIAG_TEXT_MAX];

	(void)state;
	folder_make(&f);
	assert_int_equal(run("write", f.path, text), 0);
	l = must_read(&f);
	assert_int_equal(ledger_begin(l), 0);
	assert_true(sum_of_records(l) == 7);
	for (int i = 0; i < 5; i++)
		assert_int_equal(run("write", f.path, text), 0);
	/* One moment, until the reader lets go of it. */
	assert_true(sum_of_records(l) == 7);
	ledger_rollback(l);
	assert_true(sum_of_records(l) == 42);
	assert_int_equal(run("write-and-die", f.path, text), -ENOTRECOVERABLE);
	assert_true(sum_of_records(l) == 49);
	assert_int_equal(run("write", f.path, text), 0);
	assert_true(sum_of_records(l) == 56);
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
	expect(&f, false, -ENOENT, "is empty, and no ledger");
	for (off_t size = 1; size < 10000;
	     size *= 5) { /* SQLite takes the first for an empty one */
		assert_int_equal(truncate(f.path, size), 0);
		expect(&f, false, -EBADMSG, "is no ledger");
	}
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

static void test_records_of_nobody_say_why(void **state)
{
	static const Cause causes[] = { CAUSE_NO_CGROUP, CAUSE_GONE };
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, subject, sightings[2];
	uint32_t got;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "unattributed");
	for (size_t i = 0; i < ELEMENTSOF(causes); i++) {
		SubjectKey key = { .kind = SUBJECT_UNATTRIBUTED, .cause = causes[i] };
		LedgerCall c;

		assert_int_equal(ledger_put_subject(l, workload, &key, "", false, NOW, &subject),
				 0);
		for (size_t k = i; k < 2; k++) {
			c = make_ledger_call(workload, subject, 40 + (int64_t)k, 1);
			assert_true(ledger_add(l, &c, &sightings[k]) >= 0);
		}
	}
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_get_causes(l, workload, sightings[0], &got), 0);
	assert_int_equal(got, 1U << CAUSE_NO_CGROUP);
	assert_int_equal(ledger_get_causes(l, workload, sightings[1], &got), 0);
	assert_int_equal(got, 1U << CAUSE_NO_CGROUP | 1U << CAUSE_GONE);
}

/* The second of the index's two headers differs from the first, as while the writer renews them,
 * and is put right a little later. A process of its own: closing the file drops SQLite's locks. */
static pid_t make_header_half_written(const char *shm)
{
	char byte, other;
	int fds[2], fd;
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		fd = open(shm, O_RDWR | O_CLOEXEC);
		if (pread(fd, &byte, 1, 48 + 8) != 1)
			_exit(1);
		other = (char)~byte;
		if (pwrite(fd, &other, 1, 48 + 8) != 1 || write(fds[1], &other, 1) != 1)
			_exit(1);
		usleep(60 * 1000);
		_exit(pwrite(fd, &byte, 1, 48 + 8) != 1);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &byte, 1), 1);
	close(fds[0]);
	return pid;
}

static void test_reader_waits_for_a_header_that_is_being_written(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char shm[PATH_MAX];
	int status;
	pid_t pid;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	add_records_to(l, 1, 7);
	snprintf(shm, sizeof(shm), "%s-shm", f.path);
	pid = make_header_half_written(shm);
	expect(&f, false, 7, NULL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reader_sees_each_commit_and_the_closed_ledger),
		cmocka_unit_test(test_unprivileged_reader_sees_the_same),
		cmocka_unit_test(test_reader_after_a_kill),
		cmocka_unit_test(test_unprivileged_reader_after_a_kill),
		cmocka_unit_test(test_reader_makes_no_files),
		cmocka_unit_test(test_a_log_of_a_header_is_read_at_once),
		cmocka_unit_test(test_open_reader_does_not_hold_up_the_writer),
		cmocka_unit_test(test_reader_waits_for_a_header_that_is_being_written),
		cmocka_unit_test(test_reader_cannot_write),
		cmocka_unit_test(test_every_refusal_names_the_remedy),
		cmocka_unit_test(test_without_permission_the_group_is_named),
		cmocka_unit_test(test_any_file_name_will_do),
		cmocka_unit_test(test_records_of_nobody_say_why),
	};

	if (argc == 3)
		return act(argv[1], argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
