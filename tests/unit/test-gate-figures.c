/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/gate-figures, and what it reads: history, sightings, applied filter, open calls. */
#include <linux/audit.h>

#include "suggest/gate-figures.h"
#include "tests/unit/watched-fixture.h"

typedef struct World {
	Folder folder;
	Ledger *l;
	int64_t id;
	GatePolicy policy;
	Workloads workloads;
	History history;
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	folder_make(&w->folder);
	w->l = must_write(&w->folder);
	gate_thresholds_default(&w->policy.thresholds);
	suspect_policy_default(&w->policy.suspect);
	assert_int_equal(ledger_begin(w->l), 0);
	put_run(w->l);
	w->id = put_watched(w->l, "docker:gate");
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	workloads_done(&w->workloads);
	history_done(&w->history);
	ledger_free(w->l);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

static void ask(World *w, bool running, bool skip_open, GateView *ret)
{
	workloads_done(&w->workloads);
	history_done(&w->history);
	assert_int_equal(history_read(w->l, running, NOW, HISTORY_SILENCE, &w->history), 0);
	assert_int_equal(workloads_read(w->l, &w->workloads), 0);
	assert_int_equal(w->workloads.n, 1);
	assert_int_equal(gate_view_read(&(GateQuery){ .ledger = w->l,
						      .history = &w->history,
						      .workload = &w->workloads.rows[0],
						      .policy = &w->policy,
						      .skip_open = skip_open },
					ret),
			 0);
	gate_view_decide(ret, GATE_TO_ERRNO);
}

static GateVerdict verdict(World *w, bool skip_open, uint64_t *ret_undecided)
{
	_cleanup_gate_view_ GateView v = { 0 };

	ask(w, true, skip_open, &v);
	if (ret_undecided)
		*ret_undecided = v.figures.undecided;
	return v.report.verdict;
}

static void test_all_seen_for_long_enough_is_ready(void **state)
{
	_cleanup_gate_view_ GateView v = { 0 };
	World *w = *state;

	ask(w, true, false, &v);
	assert_int_equal(v.report.verdict, GATE_READY);
	assert_int_equal(v.figures.starts, 4);
	assert_int_equal(v.figures.replicas, 2);
	assert_int_equal(v.figures.execs, 1);
	assert_int_equal(v.figures.undecided, 0);
	assert_int_equal(v.sightings.n, 2);
	assert_string_equal(v.sightings.rows[0].name, "mincore");
	assert_int_equal(v.coverage_input.lifetimes, 4);
}

/* A call of high risk waits for a person; whoever does not ask does not count it. */
static void test_a_risky_call_is_open(void **state)
{
	World *w = *state;
	uint64_t n;

	put_calls(w->l, w->id, 101, NOW - 29 * DAY);
	assert_int_equal(verdict(w, true, &n), GATE_READY);
	assert_int_equal(n, 0);
	assert_int_equal(verdict(w, false, &n), GATE_NOT_READY);
	assert_int_equal(n, 1);
}

static void test_a_loss_makes_it_unknown(void **state)
{
	World *w = *state;

	assert_int_equal(ledger_add_loss(w->l, &(LedgerLoss){ .kind = "enobufs",
							      .from = NOW - 4 * DAY,
							      .to = NOW - 3 * DAY,
							      .count = LEDGER_COUNT_UNKNOWN }),
			 0);
	assert_int_equal(verdict(w, true, NULL), GATE_UNKNOWN);
}

static void test_a_daemon_that_does_not_run_loses(void **state)
{
	_cleanup_gate_view_ GateView v = { 0 };
	World *w = *state;
	int64_t run;

	/* The last that watched did so a day ago. */
	assert_int_equal(ledger_begin_run(w->l, "b", NOW - 40 * DAY, &run), 0);
	assert_int_equal(history_read(w->l, false, NOW + DAY, HISTORY_SILENCE, &w->history), 0);
	assert_int_equal(w->history.n_losses, 1);
	assert_string_equal(w->history.losses[0].kind, "not-running");
	ask(w, true, true, &v);
	assert_int_equal(w->history.n_losses, 0);
}

/* It runs, and what it sees does not come into the ledger. */
static void test_a_daemon_that_cannot_write_loses(void **state)
{
	const usec_t minute = 60 * USEC_PER_SEC;
	World *w = *state;

	assert_int_equal(history_read(w->l, true, NOW + minute, HISTORY_SILENCE, &w->history), 0);
	assert_int_equal(w->history.n_losses, 0);
	history_done(&w->history);
	assert_int_equal(history_read(w->l, true, NOW + 3 * minute, HISTORY_SILENCE, &w->history),
			 0);
	assert_int_equal(w->history.n_losses, 1);
	assert_string_equal(w->history.losses[0].kind, "not-written");
	assert_true(w->history.losses[0].from == NOW);
}

static void put_kill(World *w, uint32_t arch, const char *profile)
{
	LedgerCall c = make_ledger_call(w->id, put_subject(w->l, w->id, 1), 4, 1);
	int64_t id;

	c.action = ACTION_KILL_PROCESS;
	c.arch = arch;
	c.profile_hash = profile;
	c.first = c.last = NOW - DAY;
	assert_true(ledger_add(w->l, &c, &id) >= 0);
}

static uint64_t bad_archs(World *w)
{
	_cleanup_gate_view_ GateView v = { 0 };

	ask(w, true, true, &v);
	return v.figures.bad_archs;
}

/* Without the filter nobody can say what killed it. */
static void test_an_architecture_that_kills_is_told_by_the_filter(void **state)
{
	LedgerWorkload other = make_workload("docker:gate");
	World *w = *state;
	int64_t id;

	put_kill(w, AUDIT_ARCH_X86_64, "sha256:1");
	assert_int_equal(bad_archs(w), 0);
	put_kill(w, AUDIT_ARCH_I386, "sha256:1");
	assert_int_equal(bad_archs(w), 1);
	other.profile_hash = "sha256:2";
	assert_int_equal(ledger_put_workload(w->l, &other, &id), 0);
	assert_int_equal(bad_archs(w), 0);
	put_kill(w, AUDIT_ARCH_X86_64, "sha256:2");
	assert_int_equal(bad_archs(w), GATE_NOT_KNOWN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
UNIT_MAIN(TEST(test_all_seen_for_long_enough_is_ready), TEST(test_a_risky_call_is_open),
	  TEST(test_a_loss_makes_it_unknown), TEST(test_a_daemon_that_does_not_run_loses),
	  TEST(test_a_daemon_that_cannot_write_loses),
	  TEST(test_an_architecture_that_kills_is_told_by_the_filter))
