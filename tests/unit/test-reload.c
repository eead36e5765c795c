/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/reload: what a new configuration changes while the daemon runs, and what it does not. */
#include "daemon/reload.h"
#include "tests/unit/unit.h"
#include "util/file.h"

static void load(const char *text, Config *ret)
{
	char path[] = "/tmp/seccompd-reload-XXXXXX";
	Diag d = { 0 };
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(file_replace(path, span_of(text), 0644), 0);
	if (config_load(&(ConfigOrigin){ .file = path, .must_exist = true }, ret, &d) < 0)
		fail_msg("%s", d.text);
	unlink(path);
}

static void test_what_can_change_changes(void **state)
{
	_cleanup_config_ Config running = { 0 }, new = { 0 };
	char waiting[64];

	(void)state;
	load("[seccompd]\nMetricsFile=/a.prom\n[state]\nDockerRoot=/old\n", &running);
	load("[seccompd]\nJournal=no\n[state]\nDockerRoot=/new\n[workload a]\nMatchName=b\n", &new);
	assert_int_equal(config_take(&running, &new, waiting, sizeof(waiting)), 0);
	assert_string_equal(waiting, "");
	assert_false(running.daemon.journal);
	assert_null(running.daemon.metrics_file);
	assert_string_equal(running.state.places[0], "/new");
	assert_int_equal(running.workloads.n, 1);
	/* What it was is the caller's to free. */
	assert_string_equal(new.state.places[0], "/old");
	assert_string_equal(new.daemon.metrics_file, "/a.prom");
}

static void test_what_was_opened_stays_and_is_named(void **state)
{
	_cleanup_config_ Config running = { 0 }, new = { 0 };
	char waiting[64], small[12];

	(void)state;
	load("[seccompd]\nLedger=/a\nTally=/b\n", &running);
	load("[seccompd]\nLedger=/c\nReceiveBuffer=16M\nLineage=no\nSource=-\nTally=/d\n", &new);
	assert_int_equal(config_take(&running, &new, waiting, sizeof(waiting)), 5);
	assert_string_equal(waiting, "Source=, Ledger=, Tally=, ReceiveBuffer=, Lineage=");
	assert_string_equal(running.daemon.ledger, "/a");
	assert_string_equal(running.daemon.tally, "/b");
	assert_string_equal(running.daemon.source, "netlink");
	assert_true(running.daemon.lineage && running.daemon.receive_buffer == (uint64_t)64 << 20);
	/* It is told each time, until they are the same again; and cut where there is no room. */
	assert_int_equal(config_take(&running, &new, small, sizeof(small)), 5);
	assert_string_equal(running.daemon.ledger, "/a");
	assert_int_equal(strlen(small), sizeof(small) - 1);
	config_done(&new);
	load("[seccompd]\nLedger=/a\nTally=/b\n", &new);
	assert_int_equal(config_take(&running, &new, waiting, sizeof(waiting)), 0);
}

UNIT_MAIN(cmocka_unit_test(test_what_can_change_changes),
	  cmocka_unit_test(test_what_was_opened_stays_and_is_named))
