/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/workload-file.c: names, the lock, and what is kept beside the file. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "config/workload-file.h"
#include "tests/unit/unit.h"
#include "util/file.h"

static char *dir;

static int make_dir(void **state)
{
	char form[] = "/tmp/seccompd-workload-file.XXXXXX";

	(void)state;
	dir = mkdtemp(form) ? strdup(form) : NULL;
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	char *command = NULL;

	(void)state;
	if (asprintf(&command, "rm -rf '%s'", dir) < 0 || system(command) != 0)
		return -1;
	free(command);
	free(dir);
	return 0;
}

static void test_names_as_systemd_escape_makes_them(void **state)
{
	static const struct {
		const char *workload, *base;
	} cases[] = {
		{ "docker:web", "docker:web" },
		{ "compose:shop/web", "compose:shop-web" },
		{ "unit:foo-bar@.service", "unit:foo\\x2dbar\\x40.service" },
		{ ".hidden", "\\x2ehidden" },
		{ "host:/usr/bin/curl", "host:-usr-bin-curl" },
		{ "a b\\", "a\\x20b\\x5c" },
		{ "\xff", "\\xff" },
	};
	char buf[WORKLOAD_FILE_BASE_SIZE];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		assert_string_equal(workload_file_base(cases[i].workload, buf), cases[i].base);
}

static void test_long_names_stay_apart(void **state)
{
	char a[WORKLOAD_FILE_BASE_SIZE], b[WORKLOAD_FILE_BASE_SIZE], name[256];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[255] = '\0';
	workload_file_base(name, a);
	name[250] = 'y';
	workload_file_base(name, b);
	assert_string_not_equal(a, b);
	assert_true(strlen(a) < 206 && strlen(b) < 206);
}

static void test_a_file_is_made_kept_and_read(void **state)
{
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	_cleanup_workload_file_ WorkloadFile g = { .folder_fd = -1 };
	_cleanup_free_ char *kept = NULL;
	char text[] = "\0\xff no text";
	size_t n;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(workload_file_open(dir, "docker:a-b", true, &f, &d), 0);
	assert_int_equal(f.parts.n, 0);
	assert_int_equal(workload_file_keep(&f, "one.json", span_make(text, sizeof(text)), &d), 0);
	assert_int_equal(workload_file_keep(&f, "one.json", SPAN_LIT("x"), &d), -EEXIST);
	assert_int_equal(workload_file_save(&f, SPAN_LIT("[mine]\nKey=1\n"), &d), 0);
	assert_non_null(section_find(&f.parts, "mine"));
	workload_file_close(&f);

	assert_int_equal(workload_file_open(dir, "docker:a-b", false, &g, &d), 0);
	assert_string_equal(section_get(section_find(&g.parts, "workload"), "Name"), "docker:a-b");
	assert_int_equal(workload_file_kept(&g, "one.json", &kept, &n, &d), 0);
	assert_int_equal(n, sizeof(text));
	assert_memory_equal(kept, text, n);
	workload_file_forget(&g, "one.json");
	assert_int_equal(workload_file_kept(&g, "one.json", &kept, &n, &d), -ENOENT);
}

static void test_two_cannot_change_one_workload(void **state)
{
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	_cleanup_workload_file_ WorkloadFile other = { .folder_fd = -1 };
	_cleanup_workload_file_ WorkloadFile reader = { .folder_fd = -1 };
	WorkloadFile g;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(workload_file_open(dir, "docker:lock", true, &f, &d), 0);
	assert_int_equal(workload_file_open(dir, "docker:lock", true, &g, &d), -EBUSY);
	assert_non_null(strstr(d.text, "another seccompctl"));
	assert_int_equal(workload_file_open(dir, "docker:lock2", true, &other, &d), 0);
	assert_int_equal(workload_file_open(dir, "docker:lock", false, &reader, &d), 0);
	workload_file_close(&f);
	assert_int_equal(workload_file_open(dir, "docker:lock", true, &f, &d), 0);
}

static void put(const char *name, const char *text)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	assert_int_equal(file_replace(path, span_of(text), 0644), 0);
	free(path);
}

static void test_what_is_no_file_of_a_workload_is_left_alone(void **state)
{
	static const char foreign[] = "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/:\n";
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	_cleanup_free_ char *link = NULL, *text = NULL;
	WorkloadFile g;
	Diag d = { 0 };
	size_t n;

	(void)state;
	put("foreign", foreign);
	assert_true(asprintf(&link, "%s/docker:link.conf", dir) > 0);
	assert_int_equal(symlink("foreign", link), 0);
	assert_int_equal(workload_file_open(dir, "docker:link", true, &g, &d), -EBADMSG);
	assert_int_equal(d.line, 1);
	assert_int_equal(file_read_at(AT_FDCWD, link, sizeof(foreign), true, &text, &n), 0);
	assert_int_equal(n, sizeof(foreign) - 1);
	assert_memory_equal(text, foreign, n);
	/* An empty one is begun. */
	put("foreign", "# nothing yet\n\n");
	assert_int_equal(workload_file_open(dir, "docker:link", true, &f, &d), 0);
}

static void test_the_file_of_another_is_not_taken(void **state)
{
	WorkloadFile f;
	Diag d = { 0 };

	(void)state;
	put("docker:x.conf", "[workload]\nName=docker:y\n");
	assert_int_equal(workload_file_open(dir, "docker:x", false, &f, &d), -EBADMSG);
	assert_int_equal(d.line, 1);
	assert_non_null(strstr(d.text, "docker:y"));
	put("docker:x.conf", "[stage x]\nName=docker:x\n");
	assert_int_equal(workload_file_open(dir, "docker:x", false, &f, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "Name="));
}

static void test_names_that_lead_elsewhere_are_refused(void **state)
{
	static const char *const names[] = { "../a.json", "/etc/passwd", ".x", "", "a b" };
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	char *kept;
	size_t n;
	Diag d = { 0 };

	(void)state;
	put("secret", "s");
	assert_int_equal(workload_file_open(dir, "docker:names", true, &f, &d), 0);
	assert_int_equal(symlinkat("../secret", f.folder_fd, "link.json"), 0);
	for (size_t i = 0; i < ELEMENTSOF(names); i++) {
		assert_true(workload_file_keep(&f, names[i], SPAN_LIT("x"), &d) < 0);
		assert_true(workload_file_kept(&f, names[i], &kept, &n, &d) < 0);
		workload_file_forget(&f, names[i]);
	}
	assert_true(workload_file_kept(&f, "link.json", &kept, &n, &d) < 0);
}

static void test_nothing_there_is_an_empty_file(void **state)
{
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(workload_file_open("/nonexistent", "docker:x", false, &f, &d), 0);
	assert_int_equal(f.parts.n, 0);
	assert_int_equal(f.folder_fd, -1);
}

UNIT_MAIN(cmocka_unit_test(test_names_as_systemd_escape_makes_them),
	  cmocka_unit_test(test_long_names_stay_apart),
	  cmocka_unit_test_setup_teardown(test_a_file_is_made_kept_and_read, make_dir, remove_dir),
	  cmocka_unit_test_setup_teardown(test_two_cannot_change_one_workload, make_dir,
					  remove_dir),
	  cmocka_unit_test_setup_teardown(test_what_is_no_file_of_a_workload_is_left_alone,
					  make_dir, remove_dir),
	  cmocka_unit_test_setup_teardown(test_the_file_of_another_is_not_taken, make_dir,
					  remove_dir),
	  cmocka_unit_test_setup_teardown(test_names_that_lead_elsewhere_are_refused, make_dir,
					  remove_dir),
	  cmocka_unit_test(test_nothing_there_is_an_empty_file))
