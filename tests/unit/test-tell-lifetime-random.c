/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/tell-lifetime: any history, told to the journal, makes the same ledger again. */
#include "tests/unit/tell-world.h"

static int64_t pick_workload(World *w, const char *profile)
{
	static const char *const names[] = { "docker:web", "docker:db", "unit:a.service" };
	LedgerWorkload of = make_workload(names[random() % 3]);
	int64_t id = 0;

	of.profile_hash = profile;
	of.profile_json = "{\"defaultAction\":\"SCMP_ACT_LOG\"}";
	of.now = w->now;
	assert_int_equal(ledger_put_workload(w->l, &of, &id), 0);
	return id;
}

static int pick_open(const LedgerLifetime *row, void *userdata)
{
	*(int64_t *)userdata = row->id;
	return random() % 3 == 0;
}

static int64_t open_lifetime(World *w)
{
	int64_t id = 0;

	assert_true(ledger_each_open_lifetime(w->l, pick_open, &id) >= 0);
	return id;
}

static void call(World *w, int64_t workload, int64_t lifetime)
{
	LedgerCall c = make_ledger_call(
		workload, put_subject(w->l, workload, (unsigned)random() % 3), random() % 5, 1);
	int64_t id;

	c.profile_hash = "abc0";
	c.first = c.last = w->now;
	assert_true(ledger_add(w->l, &c, &id) >= 0);
	assert_int_equal(ledger_note_lifetime(w->l, id, lifetime, w->now, w->now), 0);
}

static void live(World *w)
{
	int64_t id = open_lifetime(w), workload;

	w->now += (usec_t)random() % (200 * SECOND);
	assert_int_equal(ledger_begin(w->l), 0);
	if (w->run == 0)
		assert_int_equal(ledger_begin_run(w->l, "01", w->now, &w->run), 0);
	assert_int_equal(ledger_extend_run(w->l, w->run, w->now), 0);
	if (id && random() % 2)
		assert_int_equal(ledger_end_lifetime(w->l, id, w->now, random() % 2,
						     (LifetimeExit)(random() % _LIFETIME_EXIT_MAX)),
				 0);
	else if (id && random() % 2)
		assert_int_equal(ledger_note_join(w->l, id, w->now), 0);
	else if (id && random() % 3 == 0)
		assert_int_equal(ledger_fill_lifetime(w->l, id, "abc1"), 0);
	if (random() % 2) {
		workload = pick_workload(w, random() % 4 ? "abc0" : "abc1");
		call(w, workload, begin_lifetime(w, workload, random() % 4 ? "abc0" : ""));
	}
	if (random() % 20 == 0)
		assert_int_equal(ledger_add_loss(w->l, &(LedgerLoss){ "enobufs", 0, w->now - SECOND,
								      w->now, 1, 0, NULL }),
				 0);
	assert_int_equal(ledger_commit(w->l), 0);
}

/* Killed behind the sending: what was sent is not marked, and is sent again. */
static void die(World *w)
{
	(void)sink_journal_tell(&w->sink, w->l, w->now, false);
	receive(w);
	w->sink = (SinkJournal){ .socket = w->journal.path };
	w->run = 0;
}

/* In any order, some of it twice. */
static void replay_mixed(const World *w, const char *path)
{
	static const Told *order[2 * ENTRIES_MAX];
	JournalReplayReport report;
	size_t n = 0, cut;

	for (size_t i = 0; i < w->n; i++)
		for (long times = 1 + random() % 2; times > 0; times--)
			order[n++] = &w->told[i];
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)random() % i;
		const Told *t = order[i - 1];

		order[i - 1] = order[k];
		order[k] = t;
	}
	cut = n / 2;
	replay(path, order, cut, &report);
	replay(path, order + cut, n - cut, &report);
	assert_int_equal(report.untold.entries, 0);
	replay(path, order, n, &report);
	assert_false(report.changed);
}

static void test_the_journal_makes_the_ledger_again(void **state)
{
	char straight[128], mixed[128], merged[128];
	JournalReplayReport report;
	World *w = *state;

	srandom(1);
	/* a filter comes with what ran under it */
	assert_int_equal(ledger_begin(w->l), 0);
	begin_lifetime(w, pick_workload(w, "abc0"), "abc0");
	begin_lifetime(w, pick_workload(w, "abc1"), "abc1");
	assert_int_equal(ledger_commit(w->l), 0);
	for (unsigned i = 0; i < 160 / UNIT_SHARE; i++) {
		live(w);
		if (random() % 3 == 0)
			tell(w, false);
		if (random() % 40 == 0)
			die(w);
	}
	tell_all(w);
	new_path(w, "straight", straight);
	new_path(w, "mixed", mixed);
	new_path(w, "merged", merged);
	replay_all(w, straight, 0, &report);
	assert_int_equal(report.untold.entries, 0);
	assert_true(report.figures.lifetimes > 40 / UNIT_SHARE);
	replay_mixed(w, mixed);
	merge(merged, w->folder.path, 0);
	must_be_alike(straight, mixed, true);
	must_be_alike(straight, merged, true);
	gates_must_be_alike(straight, mixed, w->now);
	gates_must_be_alike(straight, merged, w->now);
	/* and with the ledger itself nothing more */
	merge(merged, straight, 0);
	must_be_alike(straight, merged, true);
}

/* More instances of one workload within seconds than the ledger keeps: of the newest all is told.
 */
static void test_more_instances_than_are_kept_are_folded(void **state)
{
	char made[128], merged[128];
	JournalReplayReport report;
	World *w = *state;

	for (unsigned i = 0; i < 2; i++) {
		int64_t workload, id;

		assert_int_equal(ledger_begin(w->l), 0);
		workload = pick_workload(w, "abc0");
		for (unsigned k = 0; k < 835; k++) {
			w->now += 5000;
			id = begin_lifetime(w, workload, "abc0");
			assert_int_equal(ledger_end_lifetime(w->l, id, w->now + 1000, true,
							     LIFETIME_EXIT_GRACEFUL),
					 0);
		}
		assert_int_equal(ledger_commit(w->l), 0);
		tell(w, false);
	}
	tell_all(w);
	assert_true(most_within(w, JOURNAL_LIMIT_PERIOD) <= JOURNAL_LIMIT);
	new_path(w, "made", made);
	new_path(w, "merged", merged);
	replay_all(w, made, 0, &report);
	assert_int_equal(report.untold.entries, 0);
	merge(merged, w->folder.path, 0);
	must_be_alike(merged, made, true);
}

UNIT_MAIN(TEST(test_the_journal_makes_the_ledger_again),
	  TEST(test_more_instances_than_are_kept_are_folded))
