/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/config: files, drop-ins, and one sentence with file and line for each mistake. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "daemon/config.h"
#include "tests/unit/unit.h"
#include "util/file.h"

typedef struct Folder {
	char dir[64], file[96], drop_in_dir[112];
} Folder;

static int setup(void **state)
{
	Folder *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/seccompd-config-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->file, sizeof(f->file), "%s/seccompd.conf", f->dir);
	snprintf(f->drop_in_dir, sizeof(f->drop_in_dir), "%s.d", f->file);
	assert_int_equal(mkdir(f->drop_in_dir, 0755), 0);
	*state = f;
	return 0;
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_replace(path, span_of(text), 0644), 0);
}

static int teardown(void **state)
{
	static const char *const names[] = { "10-a.conf", "20-b.conf", "ignored.txt" };
	Folder *f = *state;
	char path[256];

	for (size_t i = 0; i < ELEMENTSOF(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->drop_in_dir, names[i]);
		unlink(path);
	}
	unlink(f->file);
	rmdir(f->drop_in_dir);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static void test_drop_ins_win_in_the_order_of_their_names(void **state)
{
	_cleanup_config_ Config c;
	Folder *f = *state;
	Diag d = { 0 };

	write_file(f->dir, "seccompd.conf",
		   "# comment\n[seccompd]\nLedger=/a/ledger.db\nReceiveBuffer=16M\n");
	write_file(f->drop_in_dir, "20-b.conf", "[seccompd]\nLedger=/c/ledger.db\n");
	write_file(f->drop_in_dir, "10-a.conf",
		   "[seccompd]\nLedger=/b/ledger.db\nJournal=no\nMetricsFile=/"
		   "m\n[state]\nDockerRoot=/srv/docker\n");
	write_file(f->drop_in_dir, "ignored.txt", "[seccompd]\nLedger=/z\n");
	assert_int_equal(config_init(&c), 0);
	assert_int_equal(config_read(&c, f->file, true, &d, NULL), 0);
	assert_string_equal(c.daemon.ledger, "/c/ledger.db");
	assert_int_equal(c.daemon.receive_buffer, 16 << 20);
	assert_false(c.daemon.journal);
	assert_string_equal(c.daemon.metrics_file, "/m");
	assert_string_equal(c.state.places[0], "/srv/docker");
	assert_string_equal(c.daemon.source, "netlink");
}

static void test_no_file_is_fine_unless_it_was_asked_for(void **state)
{
	_cleanup_config_ Config c;
	_cleanup_free_ char *file = NULL;
	Folder *f = *state;
	Diag d = { 0 };

	assert_int_equal(config_init(&c), 0);
	assert_int_equal(config_read(&c, f->file, false, &d, NULL), 0);
	assert_int_equal(config_read(&c, f->file, true, &d, &file), -ENOENT);
	assert_string_equal(file, f->file);
}

static void test_each_mistake_has_its_line_and_sentence(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *says;
	} cases[] = {
		{ "[seccompd]\nLedger=/a\nLedger=/b\n", 3, "stands twice" },
		{ "[seccompd]\nLedger=/a\n[state]\n[seccompd]\n", 4, "stands twice" },
		{ "[seccompd]\nLedgre=/a\n", 2, "no key" },
		{ "[seccompd]\nLedger=a\n", 2, "absolute path" },
		{ "[seccompd]\nReceiveBuffer=12\n", 2, "size" },
		{ "[seccompd]\nReceiveBuffer=99999999999999999999G\n", 2, "size" },
		{ "[seccompd]\nJournal=perhaps\n", 2, "yes or no" },
		{ "[seccompd]\nSource=tape\n", 2, "netlink" },
		{ "[seccompd]\nwhat is this\n", 2, "neither" },
		{ "[sekkompd]\nLedger=/a\n", 1, "no section" },
		{ "[seccompd]\nMetricsFile=a\n", 2, "absolute path" },
		{ "[workload a]\n\n[workload b]\nMatchName=x\n", 1, "no Match key" },
		{ "[workload a]\nMatchNmae=x\n", 2, "no key" },
		{ "[risk]\nkeyctl=low\nkeyctrl=high\n", 3, "keyctrl" },
		{ "[risk]\nkeyctl=7\n", 2, "low, medium, high or critical" },
	};
	Folder *f = *state;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_config_ Config c;
		_cleanup_free_ char *file = NULL;
		Diag d = { 0 };

		write_file(f->dir, "seccompd.conf", cases[i].text);
		assert_int_equal(config_init(&c), 0);
		if (config_read(&c, f->file, true, &d, &file) != -EINVAL)
			fail_msg("accepted: %s", cases[i].text);
		if (d.line != cases[i].line || !strstr(d.text, cases[i].says))
			fail_msg("case %zu: line %u: %s", i, d.line, d.text);
		assert_string_equal(file, f->file);
	}
}

static void test_the_command_line_outranks_the_files(void **state)
{
	_cleanup_config_ Config c;
	Diag d = { 0 };

	(void)state;
	assert_int_equal(config_init(&c), 0);
	assert_int_equal(config_override(&c, "/x/l.db", "file:/var/log/audit", &d), 0);
	assert_string_equal(c.daemon.ledger, "/x/l.db");
	assert_string_equal(c.daemon.tally, "/x/l.db.tally");
	assert_string_equal(c.daemon.source, "file:/var/log/audit");
	assert_int_equal(config_override(&c, NULL, "file:", &d), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(test_drop_ins_win_in_the_order_of_their_names, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_no_file_is_fine_unless_it_was_asked_for, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_each_mistake_has_its_line_and_sentence, setup,
					  teardown),
	  cmocka_unit_test(test_the_command_line_outranks_the_files))
