/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* source/journal-files: the files of a journal, also while journald renames them. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "source/journal-files.h"
#include "tests/unit/unit.h"

#define MACHINE "0123456789abcdef0123456789abcdef"

static char dir[] = "/tmp/test-journal-files.XXXXXX";

static const char *const folders[] = { MACHINE, MACHINE ".space",
				       "fedcba9876543210fedcba9876543210", "remote", "other" };
static const char *const files[] = {
	"here.journal",
	"here.text",
	"old.journal~",
	MACHINE "/system.journal",
	MACHINE "/user-1.journal",
	MACHINE ".space/a.journal",
	"remote/remote-1.journal",
	"other/b.journal",
	"fedcba9876543210fedcba9876543210/c.journal",
};

static int root_fd = -1;

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	root_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ELEMENTSOF(folders); i++)
		assert_int_equal(mkdirat(root_fd, folders[i], 0755), 0);
	assert_int_equal(mkfifoat(root_fd, "fifo.journal", 0600), 0);
	for (size_t i = 0; i < ELEMENTSOF(files); i++) {
		int fd = openat(root_fd, files[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

		assert_true(fd >= 0);
		close(fd);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(files); i++)
		(void)unlinkat(root_fd, files[i], 0);
	(void)unlinkat(root_fd, MACHINE "/system@1.journal", 0);
	(void)unlinkat(root_fd, "fifo.journal", 0);
	for (size_t i = 0; i < ELEMENTSOF(folders); i++)
		(void)unlinkat(root_fd, folders[i], AT_REMOVEDIR);
	close(root_fd);
	return rmdir(dir);
}

/* The names that are listed, with their folders. */
static bool lists(const JournalFiles *f, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->rows[i].path, path) == 0)
			return true;
	return false;
}

static void test_a_directory_is_listed_with_its_machines(void **state)
{
	_cleanup_journal_files_ JournalFiles f = { 0 };

	(void)state;
	assert_int_equal(journal_files_add(&f, root_fd, dir, NULL), 0);
	assert_int_equal(f.n, 7);
	for (size_t i = 0; i < ELEMENTSOF(files); i++)
		assert_int_equal(lists(&f, files[i]),
				 !strstr(files[i], ".text") && !strstr(files[i], "other"));
	for (size_t i = 1; i < f.n; i++)
		assert_true(strcmp(f.rows[i - 1].path, f.rows[i].path) < 0);
}

static void test_of_one_machine_just_its_folder(void **state)
{
	_cleanup_journal_files_ JournalFiles f = { 0 };

	(void)state;
	assert_int_equal(journal_files_add(&f, root_fd, dir, MACHINE), 0);
	assert_int_equal(f.n, 4);
	assert_true(lists(&f, MACHINE "/system.journal") && lists(&f, MACHINE "/user-1.journal"));
	assert_true(lists(&f, "here.journal") && lists(&f, "old.journal~"));
}

static JournalFile *find(const JournalFiles *f, const char *end)
{
	for (size_t i = 0; i < f->n; i++)
		if (span_ends(span_of(f->rows[i].path), span_of(end)))
			return &f->rows[i];
	return NULL;
}

static void test_a_file_put_away_is_the_same_and_the_next_is_new(void **state)
{
	_cleanup_journal_files_ JournalFiles f = { 0 };
	size_t n;
	int fd;

	(void)state;
	assert_int_equal(journal_files_add(&f, root_fd, dir, MACHINE), 0);
	n = f.n;
	for (size_t i = 0; i < n; i++)
		f.rows[i].done = true;
	assert_true(journal_file_is_there(find(&f, "system.journal")));
	assert_int_equal(
		renameat(root_fd, MACHINE "/system.journal", root_fd, MACHINE "/system@1.journal"),
		0);
	assert_false(journal_file_is_there(find(&f, "system.journal")));
	fd = openat(root_fd, MACHINE "/system.journal", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(journal_files_add(&f, root_fd, dir, MACHINE), 0);
	assert_int_equal(f.n, n + 1);
	assert_true(find(&f, "system@1.journal")->done);
	assert_false(find(&f, "system.journal")->done);
}

static void test_a_path_is_a_regular_file_or_an_error(void **state)
{
	_cleanup_journal_files_ JournalFiles f = { 0 };
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/here.journal", dir);
	assert_int_equal(journal_files_add_path(&f, path), 0);
	assert_int_equal(journal_files_add_path(&f, path), 0);
	assert_int_equal(f.n, 1);
	assert_int_equal(journal_files_add_path(&f, dir), -EISDIR);
	snprintf(path, sizeof(path), "%s/fifo.journal", dir);
	assert_int_equal(journal_files_add_path(&f, path), -EBADMSG);
	snprintf(path, sizeof(path), "%s/nothing.journal", dir);
	assert_int_equal(journal_files_add_path(&f, path), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_directory_is_listed_with_its_machines),
		cmocka_unit_test(test_of_one_machine_just_its_folder),
		cmocka_unit_test(test_a_file_put_away_is_the_same_and_the_next_is_new),
		cmocka_unit_test(test_a_path_is_a_regular_file_or_an_error),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
