/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/tell-lifetime, and what is made from it again: a ledger from the journal alone holds what
 * the daemon's own does, its gates say the same, and whatever is missing makes them say less. */
#include "tests/unit/tell-world.h"

/* Hashes and boots are hexadecimal, but not in the fixture. */
static void rename_hashes(World *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	w->l = ledger_free(w->l);
	ledger_query(w->folder.path, NULL, "UPDATE profile SET hash='abc0' WHERE hash='sha256:1'",
		     &b);
	ledger_query(w->folder.path, NULL, "UPDATE run SET boot='01'", &b);
	w->l = must_write(&w->folder);
	assert_int_equal(ledger_know_machine(w->l, MACHINE), 0);
}

static bool is_of(const Told *t, const char *id)
{
	return span_is(field(t, "MESSAGE_ID"), id);
}

static size_t count_of(const World *w, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += is_of(&w->told[i], id);
	return n;
}

/* The fixture's workload, told to the end. */
static void tell_watched(World *w)
{
	assert_int_equal(ledger_begin(w->l), 0);
	put_run(w->l);
	put_watched(w->l, "docker:gate");
	assert_int_equal(ledger_commit(w->l), 0);
	rename_hashes(w);
	tell_all(w);
}

static void test_the_gate_says_the_same(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char made[128], merged[128];
	JournalReplayReport report;
	unsigned known = 0;
	World *w = *state;

	tell_watched(w);
	assert_int_equal(count_of(w, SECCOMPD_MESSAGE_LIFETIMES), 1);
	new_path(w, "made", made);
	new_path(w, "merged", merged);
	replay_all(w, made, 0, &report);
	assert_int_equal(report.figures.lifetimes, 4);
	assert_int_equal(report.untold.entries, 0);
	merge(merged, w->folder.path, 0);
	must_be_alike(merged, made, true);
	gates_must_be_alike(merged, made, NOW);
	gates_must_be_alike(w->folder.path, made, NOW);
	assert_int_equal(ask_gates(made, NOW, &b, &known), 1);
}

/* What ran when is not known: then nothing is. */
static void test_without_one_entry_no_gate_is_known(void **state)
{
	JournalReplayReport report;
	World *w = *state;
	uint64_t n = 0;

	tell_watched(w);
	/* it is seen by what comes behind it */
	w->now = NOW + 2 * TELL_LONGER_INTERVAL;
	assert_int_equal(ledger_begin(w->l), 0);
	assert_int_equal(ledger_extend_run(w->l, 1, w->now), 0);
	assert_int_equal(ledger_commit(w->l), 0);
	tell_all(w);
	assert_int_equal(ledger_get_sequence(w->l, &n), 0);
	assert_true(n >= 3);
	for (uint64_t i = 1; i < n; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		unsigned known = 0;
		char made[128], merged[128], name[16];

		snprintf(name, sizeof(name), "made%u", (unsigned)i);
		new_path(w, name, made);
		replay_all(w, made, i, &report);
		assert_int_equal(report.untold.entries, 1);
		assert_int_equal(ask_gates(made, w->now, &b, &known), 0);
		assert_int_equal(known, 0);
		/* who told it knows */
		new_path(w, "merged", merged);
		merge(merged, made, 1);
		merge(merged, w->folder.path, 0);
		assert_int_equal(ask_gates(merged, w->now, &b, &known), 1);
		assert_int_equal(unlink(merged), 0);
		/* until it comes */
		replay_all(w, made, 0, &report);
		assert_int_equal(report.untold.entries, 0);
		assert_int_equal(ask_gates(made, w->now, &b, &known), 1);
	}
}

static void lose(World *w, const char *kind, usec_t from)
{
	assert_int_equal(
		ledger_add_loss(
			w->l,
			&(LedgerLoss){ .kind = kind, .from = from, .to = w->now, .count = 1 }),
		0);
}

/* @n workloads of which an instance ends and another begins. */
static void restart_all(World *w, int64_t *running, unsigned n)
{
	char name[32] = "";
	LedgerWorkload of = make_workload(name);

	of.profile_hash = "abc0";
	assert_int_equal(ledger_begin(w->l), 0);
	if (w->run == 0)
		assert_int_equal(ledger_begin_run(w->l, "01", w->now, &w->run), 0);
	assert_int_equal(ledger_extend_run(w->l, w->run, w->now), 0);
	for (unsigned i = 0; i < n; i++) {
		int64_t workload;

		snprintf(name, sizeof(name), "docker:web-%u", i);
		assert_int_equal(ledger_put_workload(w->l, &of, &workload), 0);
		if (running[i])
			assert_int_equal(ledger_end_lifetime(w->l, running[i], w->now, true,
							     LIFETIME_EXIT_GRACEFUL),
					 0);
		running[i] = begin_lifetime(w, workload, "abc0");
	}
	/* One that lasts, and others that come and go. */
	lose(w, "enobufs", w->now - 60 * SECOND);
	lose(w, random() % 2 ? "rejected" : "lineage", w->now - SECOND);
	assert_int_equal(ledger_commit(w->l), 0);
}

/* Up to the end of the run that was told of, the ledger from the journal knows what ran. */
static void must_hold_until_its_end(const World *w, const char *name)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	JournalReplayReport report;
	char made[128];

	new_path(w, name, made);
	replay_all(w, made, 0, &report);
	ledger_query(
		made, w->folder.path,
		"SELECT count(*) FROM own.lifetime o LEFT JOIN lifetime f ON f.id & "
		"0xffffffffff=o.id,"
		" (SELECT coalesce(max(stop), 0) AS until FROM run) WHERE o.start<=until AND"
		" (f.id IS NULL OR (o.stop<>0 AND o.stop<=until AND f.stop<>o.stop))"
		" UNION ALL SELECT count(*) FROM own.loss o LEFT JOIN loss f"
		" ON f.id & 0xffffffffff=o.id, (SELECT coalesce(max(stop), 0) AS until FROM run)"
		" WHERE min(o.stop, until)>coalesce(f.stop, o.start)",
		&b);
	assert_string_equal(b.p, "0|\n0|\n");
}

/* More workloads than there is room for entries, all of them started over and over. */
static void test_a_run_is_told_no_further_than_what_ran_in_it(void **state)
{
	static int64_t running[300];
	unsigned n = ELEMENTSOF(running) / UNIT_SHARE;
	World *w = *state;
	size_t runs;

	memset(running, 0, sizeof(running));
	for (unsigned i = 0; i < 4; i++) {
		char name[16];

		restart_all(w, running, n);
		for (unsigned k = 0; k < 4; k++) {
			w->now += 15 * SECOND;
			tell(w, false);
		}
		snprintf(name, sizeof(name), "crowd%u", i);
		must_hold_until_its_end(w, name);
	}
	assert_true(most_within(w, JOURNAL_LIMIT_PERIOD) <= JOURNAL_LIMIT);
	tell_all(w);
	runs = count_of(w, SECCOMPD_MESSAGE_WATCHED);
	assert_true(runs >= 2);
	must_hold_until_its_end(w, "end");
}

UNIT_MAIN(TEST(test_the_gate_says_the_same), TEST(test_without_one_entry_no_gate_is_known),
	  TEST(test_a_run_is_told_no_further_than_what_ran_in_it))
