/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger-tell: differences add up whatever happens between, and each row is told when
 * it is due, and not again. */
#include "evidence/ledger-tell.h"
#include "tests/unit/ledger-fixture.h"

typedef struct World {
	Folder f;
	Ledger *l;
	int64_t workload, subject;
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	folder_make(&w->f);
	w->l = must_write(&w->f);
	assert_int_equal(ledger_begin(w->l), 0);
	w->workload = put_workload(w->l, "docker:web");
	w->subject = put_subject(w->l, w->workload, 1);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	ledger_free(w->l);
	folder_remove(&w->f);
	free(w);
	return 0;
}

static int64_t add(World *w, int64_t nr, Action action, uint64_t count)
{
	LedgerCall c = make_ledger_call(w->workload, w->subject, nr, count);
	int64_t id = 0;

	c.action = action;
	assert_true(ledger_add(w->l, &c, &id) >= 0);
	return id;
}

static int note_telling(const LedgerTelling *t, void *userdata)
{
	*(LedgerTelling *)userdata = *t;
	return 0;
}

/* The one that is being told; .total 0 when there is none. */
static LedgerTelling telling(World *w)
{
	LedgerTelling t = { 0 };

	assert_int_equal(ledger_each_telling(w->l, note_telling, &t), 0);
	return t;
}

static int note_whose(const LedgerTelling *t, void *userdata)
{
	*(int *)userdata += strcmp(t->workload, "docker:web") == 0 ? 10 : 1;
	return 0;
}

/* Tens: of docker:web; ones: of others. */
static int count_telling(World *w)
{
	int n = 0;

	assert_int_equal(ledger_each_telling(w->l, note_whose, &n), 0);
	return n;
}

static void test_who_was_killed_has_a_turn_of_their_own(void **state)
{
	static const Action actions[] = { ACTION_LOG, ACTION_KILL_PROCESS, ACTION_ERRNO,
					  ACTION_KILL_THREAD };
	World *w = *state;

	for (size_t i = 0; i < ELEMENTSOF(actions); i++)
		add(w, 11 + (int64_t)i, actions[i], 1);
	assert_int_equal(ledger_mark_grown(w->l, NOW, 9), 0);
	assert_int_equal(ledger_mark_new(w->l, true, 9, 9), 2);
	assert_int_equal(telling(w).nr, 14);
	assert_int_equal(ledger_mark_new(w->l, true, 9, 9), 0);
	assert_int_equal(ledger_mark_new(w->l, false, 9, 1), 1);
	assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 1);
	assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 0);
}

/* What was written down stays, whatever is counted on and whoever is killed. */
static void test_what_is_being_told_stays_the_same(void **state)
{
	World *w = *state;
	int64_t id = add(w, 42, ACTION_LOG, 5);
	LedgerTelling t;

	assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 1);
	add(w, 42, ACTION_LOG, 3);
	assert_int_equal(ledger_commit(w->l), 0);
	w->l = ledger_free(w->l);
	w->l = must_write(&w->f);
	t = telling(w);
	assert_true(t.new &&t.total == 5 && t.delta == 5 && t.sighting == id);
	assert_int_equal(t.kind, SUBJECT_CONTAINER);
	assert_int_equal(ledger_begin(w->l), 0);
	assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 0);
	assert_int_equal(ledger_set_sighting_told(w->l, id, NOW), 0);
	assert_int_equal(telling(w).total, 0);
	/* marked twice: what is not being told is left as it is */
	assert_int_equal(ledger_set_sighting_told(w->l, id, NOW + 9), 0);
	/* and the rest, when it is its turn */
	assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 0);
	assert_int_equal(ledger_mark_grown(w->l, NOW - 1, 9), 0);
	assert_int_equal(ledger_mark_grown(w->l, NOW, 9), 1);
	t = telling(w);
	assert_true(!t.new &&t.total == 8 && t.delta == 3);
}

/* One makes a crowd of them, another a few: these wait for nobody. */
static void test_no_workload_keeps_the_others_waiting(void **state)
{
	World *w = *state;
	int64_t crowd = w->workload;

	for (int64_t i = 0; i < 20; i++)
		add(w, i, ACTION_LOG, 1);
	w->workload = put_workload(w->l, "docker:other");
	add(w, 100, ACTION_LOG, 1);
	add(w, 101, ACTION_LOG, 1);
	add(w, 102, ACTION_LOG, 1);
	assert_true(w->workload > crowd);
	assert_int_equal(ledger_mark_new(w->l, false, 99, 4), 4);
	assert_int_equal(count_telling(w), 22);
	assert_int_equal(ledger_mark_new(w->l, false, 3, 9), 4);
	assert_int_equal(count_telling(w), 53);
	assert_int_equal(ledger_mark_new(w->l, false, 9, 0), 0);
}

static void test_those_that_waited_longest_go_first(void **state)
{
	World *w = *state;

	for (int64_t i = 0; i < 3; i++) {
		int64_t id = add(w, i, ACTION_LOG, 1);

		assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 1);
		assert_int_equal(ledger_set_sighting_told(w->l, id, NOW - (usec_t)i), 0);
		add(w, i, ACTION_LOG, 1);
	}
	assert_int_equal(ledger_mark_grown(w->l, NOW, 1), 1);
	assert_int_equal(telling(w).nr, 2);
}

static void test_a_clock_that_was_set_back_keeps_nothing_waiting(void **state)
{
	World *w = *state;
	int64_t id = add(w, 1, ACTION_LOG, 1);

	assert_int_equal(ledger_mark_new(w->l, false, 9, 9), 1);
	assert_int_equal(ledger_set_sighting_told(w->l, id, NOW + 1000), 0);
	add(w, 1, ACTION_LOG, 1);
	assert_int_equal(ledger_mark_grown(w->l, NOW, 9), 0);
	assert_int_equal(ledger_tell_clock(w->l, NOW), 0);
	assert_int_equal(ledger_mark_grown(w->l, NOW, 9), 1);
}

/* ---- workloads ---- */

typedef struct Seen {
	unsigned n;
	uint64_t revision;
	bool new;
	char stage[16];
} Seen;

static int note_workload(const LedgerUntoldWorkload *row, void *userdata)
{
	Seen *seen = userdata;

	seen->n++;
	seen->revision = row->revision;
	seen->new = row->told == 0;
	snprintf(seen->stage, sizeof(seen->stage), "%s<%s", row->stage, row->told_stage);
	return 0;
}

static Seen untold(World *w, usec_t before)
{
	Seen seen = { 0 };

	assert_int_equal(
		ledger_each_untold_workload(w->l, before, NOW + 100, 9, note_workload, &seen), 0);
	return seen;
}

static uint64_t revision(World *w)
{
	return untold(w, NOW + 100).revision;
}

static void set_told(World *w, usec_t at)
{
	assert_int_equal(ledger_set_workload_told(w->l, w->workload, revision(w), false, at), 0);
}

static void test_a_workload_is_told_when_it_changes(void **state)
{
	LedgerWorkload to = make_workload("docker:web");
	World *w = *state;
	int64_t id;

	assert_true(untold(w, 0).n == 1 && untold(w, 0).new);
	set_told(w, NOW);
	/* another instance of the same: its name is no change */
	to.container_name = "web-2";
	to.image = "nginx:2";
	to.now = NOW + 1;
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	assert_int_equal(untold(w, NOW).n, 0);
	to.stage = "errno";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	assert_int_equal(untold(w, NOW - 1).n, 0);
	assert_true(untold(w, NOW).n == 1 && !untold(w, NOW).new);
	assert_int_equal(untold(w, NOW).revision, 2);
	assert_string_equal(untold(w, NOW).stage, "errno<log");
	set_told(w, NOW + 200);
	/* each of the others that count */
	to.visibility = "blind";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	to.profile_hash = "sha256:2";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	to.profile_source = "/etc/p.json";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	to.dialect = "oci";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	to.heuristic = true;
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	to.runtime = "podman";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	/* told behind the present: somebody set the clock back */
	assert_int_equal(untold(w, NOW).revision, 8);
}

/* What could not be told together is not told twice. */
static void test_a_blind_spot_is_told_apart(void **state)
{
	LedgerWorkload to = make_workload("docker:web");
	World *w = *state;
	int64_t id;

	set_told(w, NOW);
	to.visibility = "partial";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	assert_int_equal(untold(w, NOW).n, 1);
	assert_int_equal(ledger_set_workload_told(w->l, id, revision(w), true, NOW + 50), 0);
	assert_int_equal(untold(w, NOW).n, 1);
	assert_int_equal(ledger_set_blind_spot_told(w->l, id, revision(w), NOW + 50), 0);
	assert_int_equal(untold(w, NOW + 100).n, 0);
}

/* ---- losses and runs ---- */

static int note_loss(const LedgerUntoldLoss *row, void *userdata)
{
	LedgerUntoldLoss *seen = userdata;

	*seen = *row;
	return 0;
}

static LedgerUntoldLoss untold_loss(World *w, usec_t before, usec_t longer_before)
{
	LedgerUntoldLoss seen = { 0 };

	assert_int_equal(ledger_each_untold_loss(w->l, before, longer_before, NOW + 100, 9,
						 note_loss, &seen),
			 0);
	return seen;
}

static void add_loss(World *w, usec_t from, usec_t to, uint64_t count)
{
	assert_int_equal(ledger_add_loss(w->l, &(LedgerLoss){ .kind = "enobufs",
							      .from = NOW + from,
							      .to = NOW + to,
							      .count = count }),
			 0);
}

static void test_a_loss_is_told_again_when_it_grows(void **state)
{
	World *w = *state;
	LedgerUntoldLoss loss;

	add_loss(w, 0, 10, 5);
	loss = untold_loss(w, 0, 0);
	assert_true(loss.revision == 1 && loss.count == 5 && !loss.longer);
	assert_int_equal(ledger_set_loss_told(w->l, loss.id, loss.revision, NOW), 0);
	assert_int_equal(untold_loss(w, NOW, NOW).id, 0);
	/* joined with it, twice */
	add_loss(w, 10, 20, 2);
	add_loss(w, 20, 30, 1);
	assert_int_equal(untold_loss(w, NOW - 1, NOW - 1).id, 0);
	loss = untold_loss(w, NOW, NOW - 1);
	assert_true(loss.revision == 3 && loss.count == 8 && loss.to == NOW + 30);
	assert_int_equal(ledger_set_loss_told(w->l, loss.id, loss.revision, NOW), 0);
	/* that it lasts is told less often */
	add_loss(w, 30, 40, 0);
	assert_int_equal(untold_loss(w, NOW, NOW - 1).id, 0);
	assert_true(untold_loss(w, NOW, NOW).longer);
	loss = untold_loss(w, NOW, NOW);
	assert_int_equal(ledger_set_loss_told(w->l, loss.id, loss.revision, NOW), 0);
	/* one of unknown size is another, which takes nothing from it */
	add_loss(w, 40, 50, LEDGER_COUNT_UNKNOWN);
	loss = untold_loss(w, NOW, NOW - 1);
	assert_true(loss.count == LEDGER_COUNT_UNKNOWN && !loss.longer && loss.revision == 1);
	assert_int_equal(ledger_set_loss_told(w->l, loss.id, loss.revision, NOW), 0);
	/* and its size, once somebody knows it */
	assert_int_equal(ledger_size_loss(w->l, "enobufs", 77), 0);
	loss = untold_loss(w, NOW, NOW - 1);
	assert_int_equal(loss.count, 77);
}

/* What was sent could not be marked at once, and is more by now. */
static void test_what_grew_since_it_was_sent_is_told_again(void **state)
{
	LedgerWorkload to = make_workload("docker:web");
	World *w = *state;
	LedgerUntoldLoss loss;
	uint64_t before;
	int64_t id;

	add_loss(w, 0, 10, 0);
	loss = untold_loss(w, 0, 0);
	add_loss(w, 5, 12, 7);
	assert_int_equal(ledger_set_loss_told(w->l, loss.id, loss.revision, NOW), 0);
	loss = untold_loss(w, NOW, NOW);
	assert_true(loss.revision == 2 && loss.count == 7 && !loss.longer);
	set_told(w, NOW);
	to.stage = "errno";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	before = revision(w);
	to.stage = "kill";
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	assert_int_equal(ledger_set_workload_told(w->l, id, before, false, NOW), 0);
	assert_int_equal(untold(w, NOW).n, 1);
	assert_int_equal(untold(w, NOW).revision, before + 1);
}

static int note_run(const LedgerUntoldRun *row, void *userdata)
{
	int64_t *ids = userdata;

	*ids = *ids * 10 + row->id;
	return 0;
}

static int64_t untold_runs(World *w, usec_t longer)
{
	int64_t ids = 0;

	assert_int_equal(ledger_each_untold_run(w->l, longer, 9, note_run, &ids), 0);
	return ids;
}

static void test_a_run_is_told_at_its_start_hourly_and_at_its_end(void **state)
{
	World *w = *state;
	int64_t first, second;

	assert_int_equal(ledger_begin_run(w->l, "b", NOW, &first), 0);
	assert_int_equal(untold_runs(w, 100), 1);
	assert_int_equal(ledger_set_run_told(w->l, first, NOW), 0);
	assert_int_equal(ledger_extend_run(w->l, first, NOW + 99), 0);
	assert_int_equal(untold_runs(w, 100), 0);
	/* the end of this daemon */
	assert_int_equal(untold_runs(w, 0), 1);
	assert_int_equal(ledger_extend_run(w->l, first, NOW + 100), 0);
	assert_int_equal(untold_runs(w, 100), 1);
	/* it was killed before that was told */
	assert_int_equal(ledger_begin_run(w->l, "b", NOW + 200, &second), 0);
	assert_int_equal(untold_runs(w, 1000), 12);
	assert_int_equal(ledger_set_run_told(w->l, first, NOW + 50), 0);
	/* not to its end yet */
	assert_int_equal(untold_runs(w, 1000), 12);
	assert_int_equal(ledger_set_run_told(w->l, first, NOW + 100), 0);
	assert_int_equal(ledger_set_run_told(w->l, second, NOW + 200), 0);
	assert_int_equal(untold_runs(w, 0), 0);
}

static const LedgerLifetime made = { .profile_hash = "",
				     .kind = SUBJECT_CONTAINER,
				     .runtime = "docker",
				     .name = "0123456789ab",
				     .incarnation = "1:2",
				     .image_digest = "sha256:a",
				     .runtime_version = "1.1",
				     .libseccomp = "2.5",
				     .kernel = "6.1",
				     .machine = "x86_64",
				     .capabilities = "",
				     .from = NOW,
				     .start_seen = true };

static int64_t begin_lifetime(World *w, int64_t workload)
{
	LedgerLifetime f = made;
	int64_t id;

	f.workload = workload;
	assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
	return id;
}

typedef struct Due {
	unsigned n;
	LedgerUntoldLifetime last; /* its numbers */
} Due;

static int note_due(const LedgerUntoldLifetime *row, void *userdata)
{
	Due *due = userdata;

	due->n++;
	due->last = *row;
	return 0;
}

static Due lifetimes_due(World *w, int64_t after)
{
	Due due = { .n = 0 };

	assert_int_equal(ledger_each_untold_lifetime(w->l, after, 9, note_due, &due), 0);
	return due;
}

static void test_a_lifetime_is_due_whenever_something_of_it_changed(void **state)
{
	World *w = *state;
	int64_t other = put_workload(w->l, "docker:other"), id = begin_lifetime(w, w->workload);
	Due due = lifetimes_due(w, 0);

	assert_true(due.n == 1 && due.last.revision == 1 && due.last.f.id == id);
	assert_int_equal(ledger_set_lifetime_told(w->l, id, due.last.revision), 0);
	assert_int_equal(lifetimes_due(w, 0).n, 0);
	assert_int_equal(ledger_fill_lifetime(w->l, id, "sha256:1"), 0);
	assert_int_equal(ledger_note_join(w->l, id, NOW + 5), 0);
	due = lifetimes_due(w, 0);
	assert_true(due.n == 1 && due.last.revision == 3 && due.last.f.joins == 1);
	/* what came behind the sending is told later */
	assert_int_equal(ledger_end_lifetime(w->l, id, NOW + 9, true, LIFETIME_EXIT_KILLED), 0);
	assert_int_equal(ledger_set_lifetime_told(w->l, id, due.last.revision), 0);
	due = lifetimes_due(w, 0);
	assert_true(due.n == 1 && due.last.f.to == NOW + 9 && due.last.f.stop_seen);
	begin_lifetime(w, other);
	assert_int_equal(lifetimes_due(w, 0).n, 2);
	due = lifetimes_due(w, w->workload);
	assert_true(due.n == 1 && due.last.f.workload == other);
	assert_int_equal(lifetimes_due(w, other).n, 0);
}

static void test_entries_are_numbered_on(void **state)
{
	World *w = *state;
	uint64_t n = 9;

	assert_int_equal(ledger_get_sequence(w->l, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_set_sequence(w->l, 41), 0);
	assert_int_equal(ledger_get_sequence(w->l, &n), 0);
	assert_int_equal(n, 41);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
UNIT_MAIN(TEST(test_who_was_killed_has_a_turn_of_their_own),
	  TEST(test_a_lifetime_is_due_whenever_something_of_it_changed),
	  TEST(test_entries_are_numbered_on), TEST(test_what_is_being_told_stays_the_same),
	  TEST(test_no_workload_keeps_the_others_waiting),
	  TEST(test_those_that_waited_longest_go_first),
	  TEST(test_a_clock_that_was_set_back_keeps_nothing_waiting),
	  TEST(test_a_workload_is_told_when_it_changes), TEST(test_a_blind_spot_is_told_apart),
	  TEST(test_a_loss_is_told_again_when_it_grows),
	  TEST(test_what_grew_since_it_was_sent_is_told_again),
	  TEST(test_a_run_is_told_at_its_start_hourly_and_at_its_end))
