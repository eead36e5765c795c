/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/daemon-section: each key takes what it can use, and what nobody knows is refused. */
#include <errno.h>
#include <string.h>

#include "config/daemon-section.h"
#include "tests/unit/unit.h"

#define _cleanup_section_ _cleanup_(daemon_section_done)

static int feed(DaemonSection *s, const char *section, const char *key, const char *value, Diag *d)
{
	ConfigLine l = { "file.conf", 7, section, key, value };

	*d = (Diag){ 0 };
	return daemon_section_take(&l, s, d);
}

static void test_each_key_has_its_place(void **state)
{
	_cleanup_section_ DaemonSection s = { .journal = true, .lineage = true };
	Diag d;

	(void)state;
	assert_int_equal(feed(&s, "seccompd", NULL, NULL, &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Source", "file:/var/log/audit.log", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Ledger", "/a", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Ledger", "/b", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Tally", "/t", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "ReceiveBuffer", "16M", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Journal", "no", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Lineage", "no", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "Backfill", "yes", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "WorkloadsDir", "/w", &d), 0);
	assert_int_equal(feed(&s, "seccompd", "MetricsFile", "/m", &d), 0);
	assert_string_equal(s.source, "file:/var/log/audit.log");
	assert_string_equal(s.ledger, "/b");
	assert_string_equal(s.tally, "/t");
	assert_int_equal(s.receive_buffer, 16 << 20);
	assert_true(!s.journal && !s.lineage && s.backfill);
	assert_string_equal(s.workloads_dir, "/w");
	assert_string_equal(s.metrics_file, "/m");
}

static void test_what_is_wrong_is_named_and_changes_nothing(void **state)
{
	static const struct {
		const char *section, *key, *value, *says;
	} cases[] = {
		{ "seccompd", "Ledger", "relative", "absolute path" },
		{ "seccompd", "Ledger", "", "absolute path" },
		{ "seccompd", "Source", "tape", "netlink, auditd" },
		{ "seccompd", "Source", "file:", "file:PATH" },
		{ "seccompd", "ReceiveBuffer", "4095", "4K to 1G" },
		{ "seccompd", "ReceiveBuffer", "2G", "4K to 1G" },
		{ "seccompd", "Journal", "perhaps", "yes or no" },
		{ "seccompd", "ledger", "/a", "no key ledger= in section [seccompd]" },
		{ "seccompd", "Leger", "/a", "no key Leger= in section [seccompd]" },
		{ "gat", NULL, NULL, "no section [gat]" },
		{ "gat", "Ledger", "/a", "no key Ledger= in section [gat]" },
	};
	_cleanup_section_ DaemonSection s = { 0 };
	Diag d;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		assert_int_equal(feed(&s, cases[i].section, cases[i].key, cases[i].value, &d),
				 -EINVAL);
		if (!strstr(d.text, cases[i].says))
			fail_msg("case %zu: %s", i, d.text);
	}
	assert_true(!s.ledger && !s.source && s.receive_buffer == 0);
}

static void test_a_source_of_the_command_line(void **state)
{
	_cleanup_section_ DaemonSection s = { 0 };

	(void)state;
	assert_int_equal(daemon_section_set_source(&s, "-"), 0);
	assert_string_equal(s.source, "-");
	assert_int_equal(daemon_section_set_source(&s, "tape"), -EINVAL);
	assert_string_equal(s.source, "-");
}

UNIT_MAIN(cmocka_unit_test(test_each_key_has_its_place),
	  cmocka_unit_test(test_what_is_wrong_is_named_and_changes_nothing),
	  cmocka_unit_test(test_a_source_of_the_command_line))
