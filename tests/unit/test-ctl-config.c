/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/config: the client finds the ledger where the daemon was told to keep it. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/config.h"
#include "tests/unit/unit.h"

static char folder[] = "/tmp/seccompctl-config-XXXXXX";
static char main_file[64];

static void put(const char *name, const char *text)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
}

static void drop(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static int set_up(void **state)
{
	char path[256];

	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(main_file, sizeof(main_file), "%s/seccompd.conf", folder);
	snprintf(path, sizeof(path), "%s/seccompd.conf.d", folder);
	return mkdir(path, 0700);
}

static int tear_down(void **state)
{
	char path[256];

	(void)state;
	drop("seccompd.conf");
	drop("seccompd.conf.d/10-a.conf");
	drop("seccompd.conf.d/20-b.conf");
	drop("seccompd.conf.d/30-c.txt");
	snprintf(path, sizeof(path), "%s/seccompd.conf.d", folder);
	rmdir(path);
	return rmdir(folder);
}

static void test_no_file_is_fine(void **state)
{
	_cleanup_config_ Config c = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(ctl_config_read(main_file, false, &c, &d), 0);
	assert_null(c.daemon.ledger);
	assert_null(c.daemon.tally);
}

static void test_the_last_drop_in_that_sets_a_key_wins(void **state)
{
	_cleanup_config_ Config c = { 0 };
	Diag d = { 0 };

	(void)state;
	put("seccompd.conf",
	    "# where\n[seccompd]\nLedger=/main/ledger\nTally=/main/tally\nJournal=no\n");
	put("seccompd.conf.d/20-b.conf", "[seccompd]\nLedger=/b/ledger\n");
	put("seccompd.conf.d/10-a.conf", "[seccompd]\nLedger=/a/ledger\nTally=/a/tally\n");
	put("seccompd.conf.d/30-c.txt", "[seccompd]\nLedger=/c/ledger\n");
	assert_int_equal(ctl_config_read(main_file, false, &c, &d), 0);
	assert_string_equal(c.daemon.ledger, "/b/ledger");
	assert_string_equal(c.daemon.tally, "/a/tally");
}

static void test_workloads_are_the_daemons(void **state)
{
	_cleanup_config_ Config c = { 0 };
	Diag d = { 0 };

	(void)state;
	put("seccompd.conf", "[workload low]\nMatchName=*\n");
	put("seccompd.conf.d/10-a.conf", "[workload high]\nMatchName=w*\nPriority=1\n");
	assert_int_equal(ctl_config_read(main_file, true, &c, &d), 0);
	assert_int_equal(c.workloads.n, 2);
	assert_string_equal(c.workloads.rows[0].name, "high");
}

static void test_places_of_state_are_the_daemons(void **state)
{
	_cleanup_config_ Config c = { 0 };
	StateRoots roots = { 0 };
	Diag d = { 0 };

	(void)state;
	put("seccompd.conf", "[state]\nDockerRoot=/srv/docker\n");
	put("seccompd.conf.d/10-a.conf", "[state]\nDockerRoot=/mnt/docker\n");
	assert_int_equal(ctl_config_read(main_file, true, &c, &d), 0);
	state_section_apply(&c.state, &roots);
	assert_string_equal(roots.docker_root, "mnt/docker");
}

static void test_a_file_that_was_asked_for_must_be_there(void **state)
{
	_cleanup_config_ Config c = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(ctl_config_read(main_file, true, &c, &d), -EBADMSG);
	assert_non_null(strstr(d.text, main_file));
}

static void test_broken_files_are_named(void **state)
{
	static const char *const broken[] = {
		"[seccompd]\nLedger=relative\n",
		"[seccompd]\nTally=\n",
		"[seccompd\nLedger=/a\n",
		"[seccompd]\nLedger=/a\nnonsense without a key\n",
		"Ledger=/a\n",
		"[state]\nDockerRoot=srv\n",
		"[workload a]\nMatchNmae=x\n",
		"[workload a]\nPriority=1\n",
		"[gat]\nQuiet=1d\n",
		"[seccompd]\nLegder=/a\n",
		"[seccompd]\nJournal=perhaps\n",
	};
	_cleanup_config_ Config c = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(broken); i++) {
		Diag d = { 0 };

		put("seccompd.conf.d/10-a.conf", broken[i]);
		assert_int_equal(ctl_config_read(main_file, false, &c, &d), -EBADMSG);
		assert_non_null(strstr(d.text, "seccompd.conf.d/10-a.conf"));
		assert_null(c.daemon.ledger);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_no_file_is_fine), TEST(test_the_last_drop_in_that_sets_a_key_wins),
	  TEST(test_workloads_are_the_daemons), TEST(test_places_of_state_are_the_daemons),
	  TEST(test_a_file_that_was_asked_for_must_be_there), TEST(test_broken_files_are_named))
