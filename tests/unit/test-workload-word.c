/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/workload-word.c: a workload's file as a whole. */
#include <errno.h>

#include "config/workload-word.h"
#include "tests/unit/unit.h"
#include "util/file.h"

#define TEXT                                         \
	"[workload]\nName=docker:web\n\n"            \
	"[decision mount]\nAnswer=deny\nUser=root\n" \
	"Why=never\n\n"                              \
	"[stage 2026-11-22T03:07:00.000001Z]\n"      \
	"From=log\nTo=errno\nUser=root\nWhy=ready\n" \
	"Profile=/etc/p.json\nSha256=aa\n"           \
	"Previous=old.json\nPreviousSha256=bb\n"

static char *dir;

static int make_dir(void **state)
{
	char form[] = "/tmp/seccompd-workload-word.XXXXXX";

	(void)state;
	dir = mkdtemp(form) ? strdup(form) : NULL;
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	_cleanup_free_ char *command = NULL;

	(void)state;
	if (asprintf(&command, "rm -rf '%s'", dir) < 0 || system(command) != 0)
		return -1;
	free(dir);
	return 0;
}

static void write_file(const char *text)
{
	_cleanup_free_ char *path = NULL;

	assert_true(asprintf(&path, "%s/docker:web.conf", dir) > 0);
	assert_int_equal(file_replace(path, span_of(text), 0644), 0);
}

static void no_file_says_nothing(void **state)
{
	_cleanup_workload_word_ WorkloadWord w = WORKLOAD_WORD_NULL;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(workload_word_read(dir, "docker:db", 1, &w, &d), 0);
	assert_int_equal(w.history.n, 0);
	assert_int_equal(w.decisions.n, 0);
}

static void steps_and_decisions_are_read(void **state)
{
	_cleanup_workload_word_ WorkloadWord w = WORKLOAD_WORD_NULL;
	Diag d = { 0 };

	(void)state;
	write_file(TEXT);
	assert_int_equal(workload_word_read(dir, "docker:web", 1, &w, &d), 0);
	assert_int_equal(w.file.parts.n_complaints, 0);
	assert_int_equal(w.history.n, 1);
	assert_int_equal(w.decisions.n, 1);
	assert_string_equal(w.decisions.names[0], "mount");
}

static void anothers_file_is_refused(void **state)
{
	_cleanup_workload_word_ WorkloadWord w = WORKLOAD_WORD_NULL;
	Diag d = { 0 };

	(void)state;
	write_file("[workload]\nName=docker:other\n");
	assert_int_equal(workload_word_read(dir, "docker:web", 1, &w, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "docker:other"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_says_nothing),
		cmocka_unit_test(steps_and_decisions_are_read),
		cmocka_unit_test(anothers_file_is_refused),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
