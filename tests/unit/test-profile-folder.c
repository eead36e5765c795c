/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/profile-folder.c: what lies in a folder of profiles, whoever put it there. */
#include <fcntl.h>
#include <sys/stat.h>

#include "ctl/profile-folder.h"
#include "tests/unit/folder-fixture.h"

static void test_files_are_found_by_name_and_below(void **state)
{
	_cleanup_profile_files_ ProfileFiles all = { 0 };

	(void)state;
	put("b.json", "b");
	put("a.json", "a");
	put("notes.txt", "no profile");
	put(".hidden.json", "half written");
	assert_int_equal(mkdir(place("operator"), 0755), 0);
	put("operator/c.json", "c");
	assert_int_equal(profile_files_read(folder, &all), 0);
	assert_int_equal(all.n, 3);
	assert_string_equal(all.rows[0].text, "a");
	assert_string_equal(all.rows[2].path, place("operator/c.json"));
	assert_int_equal(all.bytes, 3);
	assert_int_equal(all.faulty, 0);
	assert_false(all.cut);
}

/* None of these may block, loop or hide the good one. */
static void test_traps_are_counted(void **state)
{
	_cleanup_profile_files_ ProfileFiles all = { 0 };
	_cleanup_free_ char *big = malloc(((size_t)1 << 20) + 2);

	(void)state;
	put("good.json", "good");
	assert_int_equal(mkfifo(place("fifo.json"), 0644), 0);
	assert_int_equal(symlink("self.json", place("self.json")), 0);
	assert_int_equal(symlink("nowhere", place("dangling.json")), 0);
	assert_int_equal(symlink("..", place("up")), 0);
	assert_int_equal(symlink("/dev/zero", place("zero.json")), 0);
	assert_int_equal(mkdir(place("folder.json"), 0755), 0);
	memset(big, ' ', ((size_t)1 << 20) + 1);
	big[((size_t)1 << 20) + 1] = '\0';
	put("big.json", big);
	assert_int_equal(profile_files_read(folder, &all), 0);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].text, "good");
	assert_int_equal(all.faulty, 5);
	assert_true(all.first_fault.text[0] != '\0');
}

static void test_a_file_with_several_names_is_one(void **state)
{
	_cleanup_profile_files_ ProfileFiles all = { 0 };
	char places[128];

	(void)state;
	put("real.json", "x");
	assert_int_equal(symlink("real.json", place("a-link.json")), 0);
	snprintf(places, sizeof(places), "%s:%s/real.json:%s", folder, folder, folder);
	assert_int_equal(profile_files_read(places, &all), 0);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.rows[0].path, place("real.json"));
}

static void test_what_is_not_there_is_fine(void **state)
{
	_cleanup_profile_files_ ProfileFiles all = { 0 };

	(void)state;
	assert_int_equal(profile_files_read("/nonexistent:/nonexistent/too.json", &all), 0);
	assert_int_equal(all.n + all.faulty, 0);
	assert_int_equal(profile_files_read("", &all), 0);
	assert_int_equal(all.n + all.faulty, 0);
}

static void test_there_are_limits(void **state)
{
	_cleanup_profile_files_ ProfileFiles all = { 0 };
	char name[512] = "";

	(void)state;
	for (unsigned i = 0; i <= PROFILE_FOLDER_DEPTH; i++) {
		strcat(name, i ? "/d" : "d");
		assert_int_equal(mkdir(place(name), 0755), 0);
	}
	strcat(name, "/deep.json");
	put(name, "x");
	assert_int_equal(profile_files_read(folder, &all), 0);
	assert_int_equal(all.n, 0);
	assert_true(all.cut);
	profile_files_done(&all);
	for (unsigned i = 0; i < PROFILE_FILES_MAX + 10; i++) {
		_cleanup_close_ int fd = -1;

		snprintf(name, sizeof(name), "%u.json", i);
		fd = open(place(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		assert_true(fd >= 0);
	}
	assert_int_equal(profile_files_read(folder, &all), 0);
	assert_int_equal(all.n, PROFILE_FILES_MAX);
	assert_true(all.cut);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_files_are_found_by_name_and_below), TEST(test_traps_are_counted),
	  TEST(test_a_file_with_several_names_is_one), TEST(test_what_is_not_there_is_fine),
	  TEST(test_there_are_limits), )
