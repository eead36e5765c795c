/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lib/util/file-change.c: the old file is kept beside the new one, and what cannot be changed whole
 * is not touched. (What a crash leaves behind: tests/integration/client-apply.sh.)
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "tests/unit/unit.h"
#include "util/file-change.h"
#include "util/file.h"

#define NOW (1700000000 * USEC_PER_SEC)
#define BACKUP "f.bak-20231114T221320Z"

static int enter(void **state)
{
	static char dir[64];

	strcpy(dir, "/tmp/seccompd-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	*state = dir;
	return 0;
}

static int leave(void **state)
{
	static const char *const names[] = { "f", "g", "l", BACKUP, BACKUP "-2", "d/l", "d" };

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		remove(names[i]);
	assert_int_equal(chdir("/"), 0);
	return rmdir(*state); /* fails where anything else was left */
}

static void put(const char *path, const char *text)
{
	assert_int_equal(file_replace(path, span_of(text), 0644), 0);
}

static void holds(const char *path, const char *text)
{
	_cleanup_free_ char *got = NULL;
	size_t n;

	assert_int_equal(file_read_at(AT_FDCWD, path, 1000, false, &got, &n), 0);
	assert_string_equal(got, text);
}

static void refuses(const char *path, const char *before, int wanted, const char *why)
{
	FileChange c = { 0 };
	Diag d = { 0 };

	assert_int_equal(file_change(path, span_of(before), SPAN_LIT("new"), NOW, &c, &d), wanted);
	if (!strstr(d.text, why))
		fail_msg("%s", d.text);
	assert_null(c.backup);
	assert_int_not_equal(access(BACKUP, F_OK), 0);
}

static void test_the_old_file_stays_beside_the_new_one(void **state)
{
	_cleanup_file_change_ FileChange c = { 0 };
	const struct timespec times[] = { { .tv_sec = 1000 }, { .tv_sec = 2000 } };
	struct stat st;

	(void)state;
	put("f", "old");
	assert_int_equal(chmod("f", 0640), 0);
	if (geteuid() == 0)
		assert_int_equal(chown("f", 12, 34), 0);
	assert_int_equal(chmod("f", 0640), 0);
	assert_int_equal(utimensat(AT_FDCWD, "f", times, 0), 0);
	assert_int_equal(file_change("f", SPAN_LIT("old"), SPAN_LIT("new\n"), NOW, &c, NULL), 0);
	holds("f", "new\n");
	holds(BACKUP, "old");
	assert_string_equal(c.backup, BACKUP);
	assert_false(c.by_link);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(stat(i ? BACKUP : "f", &st), 0);
		assert_int_equal(st.st_mode & 07777, 0640);
		assert_int_equal(st.st_uid, geteuid() == 0 ? 12 : geteuid());
		assert_int_equal(st.st_gid, geteuid() == 0 ? 34 : getegid());
	}
	assert_int_equal(st.st_mtim.tv_sec, 2000);
}

static void test_a_backup_is_never_overwritten(void **state)
{
	_cleanup_file_change_ FileChange a = { 0 };
	_cleanup_file_change_ FileChange b = { 0 };

	(void)state;
	put("f", "1");
	assert_int_equal(file_change("f", SPAN_LIT("1"), SPAN_LIT("2"), NOW, &a, NULL), 0);
	assert_int_equal(file_change("./f", SPAN_LIT("2"), SPAN_LIT("3"), NOW, &b, NULL), 0);
	assert_string_equal(b.backup, "./" BACKUP "-2");
	holds(BACKUP, "1");
	holds(BACKUP "-2", "2");
	holds("f", "3");
}

static void test_attributes_are_kept(void **state)
{
	_cleanup_file_change_ FileChange c = { 0 };
	char value[8] = "";

	(void)state;
	put("f", "old");
	if (setxattr("f", "user.note", "mine", 4, 0) < 0) {
		print_message("# skipped: no user attributes on this file system\n");
		skip();
	}
	assert_int_equal(file_change("f", SPAN_LIT("old"), SPAN_LIT("new"), NOW, &c, NULL), 0);
	assert_int_equal(getxattr("f", "user.note", value, sizeof(value)), 4);
	assert_int_equal(getxattr(BACKUP, "user.note", value, sizeof(value)), 4);
	assert_memory_equal(value, "mine", 4);
}

static void test_a_link_stays_and_its_target_is_changed(void **state)
{
	_cleanup_file_change_ FileChange c = { 0 };
	_cleanup_free_ char *backup = NULL;
	struct stat st;

	put("f", "old");
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(symlink("../f", "d/l"), 0);
	assert_int_equal(file_change("d/l", SPAN_LIT("old"), SPAN_LIT("new"), NOW, &c, NULL), 0);
	assert_true(c.by_link);
	assert_int_equal(lstat("d/l", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	holds("f", "new");
	assert_true(asprintf(&backup, "%s/" BACKUP, (const char *)*state) > 0);
	assert_string_equal(c.backup, backup);
	holds(BACKUP, "old");
}

static void test_what_is_not_as_it_was_read_is_left_alone(void **state)
{
	static const char *const befores[] = { "other", "ol", "oldd", "", "old\n" };

	(void)state;
	put("f", "old");
	for (size_t i = 0; i < ELEMENTSOF(befores); i++)
		refuses("f", befores[i], -ESTALE, "f was not changed: it has changed since");
	holds("f", "old");
}

static void test_what_is_no_file_of_its_own_is_refused(void **state)
{
	(void)state;
	put("f", "old");
	assert_int_equal(link("f", "g"), 0);
	refuses("f", "old", -EMLINK, "hard links");
	holds("f", "old");
	refuses("none", "old", -ENOENT, "No such file");
	assert_int_equal(symlink("none", "l"), 0);
	refuses("l", "old", -ENOENT, "link to nothing");
	assert_int_equal(mkdir("d", 0755), 0);
	refuses("d", "", -EINVAL, "no regular file");
	refuses("/dev/null", "", -EINVAL, "no regular file");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)
UNIT_MAIN(TEST(test_the_old_file_stays_beside_the_new_one),
	  TEST(test_a_backup_is_never_overwritten), TEST(test_attributes_are_kept),
	  TEST(test_a_link_stays_and_its_target_is_changed),
	  TEST(test_what_is_not_as_it_was_read_is_left_alone),
	  TEST(test_what_is_no_file_of_its_own_is_refused))
