/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-fleet, suggest/history: a workload is what it is on all hosts, complete only
 * where it is on each that ran it, and a host that fell silent is no good news. */
#include "evidence/ledger-host.h"
#include "evidence/ledger-merge.h"
#include "suggest/history.h"
#include "suggest/sightings.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/lifetime-fixture.h"

#define HOUR (3600 * USEC_PER_SEC)
#define HOSTS 3
#define SINCE (NOW - 100 * HOUR)

typedef struct Fleet {
	Folder f;
	char out[128];
	usec_t heard[HOSTS], lost[HOSTS], retired;
	bool runs[HOSTS], late[HOSTS]; /* .late: its start was not seen */
	Ledger *l;
	History h;
	Workloads all;
	WorkloadWindow w;
} Fleet;

static void fleet_done(Fleet *t)
{
	workload_window_done(&t->w);
	workloads_done(&t->all);
	history_done(&t->h);
	ledger_free(t->l);
	folder_remove(&t->f);
}

static void run_web(Ledger *l, const Fleet *t, unsigned i, int64_t workload)
{
	LedgerLifetime f = lifetime_of(workload, "sha256:1");
	int64_t id;
	LedgerCall c;

	f.from = SINCE + HOUR + (t->late[i] ? 40 * HOUR : 0);
	f.start_seen = !t->late[i];
	assert_int_equal(ledger_begin_lifetime(l, &f, &id), 0);
	/* the first call everywhere, another on the last host alone */
	for (unsigned nr = 0; nr < 1 + (i == HOSTS - 1); nr++) {
		c = make_ledger_call(workload, 0, 10 + nr, 5 + i);
		c.first = c.last = SINCE + HOUR;
		assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
		assert_int_equal(
			ledger_add_example(l, id, &(LedgerExample){ .comm = "c", .time = NOW + i }),
			0);
	}
}

static void make_host(const Fleet *t, unsigned i, Ledger **ret)
{
	char path[128], host[16], machine[LEDGER_MACHINE_SIZE];
	Ledger *l = NULL;
	int64_t id;
	Diag d = { 0 };

	snprintf(path, sizeof(path), "%s/host%u.db", t->f.dir, i);
	snprintf(host, sizeof(host), "host%u", i);
	snprintf(machine, sizeof(machine), "%032x", i + 1);
	if (ledger_open_writer(path, host, NOW, NULL, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_know_machine(l, machine), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_begin_run(l, "b", SINCE, &id), 0);
	assert_int_equal(ledger_extend_run(l, id, t->heard[i]), 0);
	if (t->lost[i])
		assert_int_equal(ledger_add_loss(l, &(LedgerLoss){ .kind = "enobufs",
								   .from = t->lost[i],
								   .to = t->lost[i] + HOUR,
								   .count = 1 }),
				 0);
	if (t->runs[i])
		run_web(l, t, i, put_workload(l, "docker:web"));
	(void)put_workload(l, "docker:other");
	assert_int_equal(ledger_commit(l), 0);
	ledger_free(l);
	if (ledger_open_reader(path, ret, &d) != 0)
		fail_msg("%s", d.text);
}

static void merge(Fleet *t)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
	LedgerMergeReport report;
	bool source;
	Diag d = { 0 };

	assert_int_equal(ledger_open_merge(t->out, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	for (unsigned i = 0; i < HOSTS; i++) {
		_cleanup_(ledger_freep) Ledger *from = NULL;

		make_host(t, i, &from);
		assert_int_equal(ledger_merge_from(m, from, &source), 0);
	}
	if (t->retired)
		assert_int_equal(ledger_merge_retire(m, "host1"), 1);
	assert_int_equal(ledger_merge_finish(m, &report), 0);
	assert_int_equal(ledger_commit(l), 0);
}

/* All hosts ran it, watched it from its start, and were heard of just now, but for what is set. */
#define FLEET                                                            \
	{                                                                \
		.heard = { NOW, NOW, NOW }, .runs = { true, true, true } \
	}

static const Workload *look(Fleet *t, usec_t now)
{
	const Workload *web;
	Diag d = { 0 };

	folder_make(&t->f);
	snprintf(t->out, sizeof(t->out), "%s/out.db", t->f.dir);
	merge(t);
	assert_int_equal(ledger_open_reader(t->out, &t->l, &d), 0);
	assert_int_equal(history_read(t->l, false, now, HISTORY_SILENCE, &t->h), 0);
	assert_int_equal(workloads_read(t->l, &t->all), 0);
	assert_int_equal(workload_lookup(&t->all, "docker:web", &web, &d), 0);
	assert_int_equal(workload_window_read(t->l, &t->h, web, &t->w), 0);
	return web;
}
#define _cleanup_fleet_ _cleanup_(fleet_done)

static void test_a_workload_is_on_all_its_hosts(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;
	_cleanup_sightings_ Sightings s = { 0 };
	const Workload *web;

	(void)state;
	web = look(&t, NOW);
	assert_int_equal(t.all.n, 2);
	assert_int_equal(web->hosts, HOSTS);
	assert_int_equal(web->others, 0);
	assert_int_equal(web->sightings, 2);
	assert_int_equal(web->records, 5 + 6 + 7 + 7);
	assert_int_equal(history_count_hosts(&t.h, false), HOSTS);
	assert_int_equal(history_count_hosts(&t.h, true), 0);
	assert_int_equal(sightings_read(t.l, web->id, &s), 0);
	assert_int_equal(s.n, 2);
	assert_true(s.rows[0].hosts == HOSTS && s.rows[0].count == 18);
	assert_true(s.rows[1].hosts == 1 && s.rows[1].count == 7);
	assert_int_equal(s.rows[0].n_examples, 1);
	assert_true(t.w.window.from == SINCE + HOUR && t.w.window.to == NOW);
	assert_int_equal(t.w.window.hosts, HOSTS);
	assert_int_equal(t.w.window.replicas, HOSTS);
	assert_int_equal(t.w.window.starts, HOSTS);
	assert_true(window_is_complete(&t.w, 50 * HOUR));
}

static void test_a_loss_is_of_its_host(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;
	_cleanup_fleet_ Fleet elsewhere = FLEET;

	(void)state;
	t.lost[1] = SINCE + 60 * HOUR;
	elsewhere.lost[1] = SINCE + 60 * HOUR;
	look(&t, NOW);
	assert_true(t.w.window.from == SINCE + 61 * HOUR);
	assert_string_equal(t.w.window.loss->on, "host1");
	assert_false(window_is_complete(&t.w, 50 * HOUR));
	/* where it did not run, it is none of its */
	elsewhere.runs[1] = false;
	look(&elsewhere, NOW);
	assert_true(elsewhere.w.window.from == SINCE + HOUR);
	assert_int_equal(elsewhere.w.window.hosts, HOSTS - 1);
	assert_true(window_is_complete(&elsewhere.w, 50 * HOUR));
}

static void test_what_ran_already_on_one_host_is_not_known(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;

	(void)state;
	t.late[1] = true;
	look(&t, NOW);
	assert_true(t.w.window.from == SINCE + 41 * HOUR);
}

static void test_a_silent_host_makes_it_incomplete(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;
	char why[160];

	(void)state;
	t.heard[1] = NOW - 4 * HOUR;
	look(&t, NOW + HOUR);
	assert_int_equal(history_count_hosts(&t.h, true), 1);
	assert_false(window_is_complete(&t.w, 50 * HOUR));
	window_explain_incomplete(&t.w, 50 * HOUR, why, sizeof(why));
	assert_non_null(strstr(why, "on host1: the host told nothing more from 20"));
}

static void test_a_short_silence_is_none(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;

	(void)state;
	t.heard[1] = NOW - 2 * HOUR;
	look(&t, NOW + HOUR);
	assert_int_equal(history_count_hosts(&t.h, true), 0);
	assert_true(window_is_complete(&t.w, 50 * HOUR));
}

static void test_who_is_retired_may_be_silent(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;

	(void)state;
	t.heard[1] = NOW - 20 * HOUR;
	t.retired = true;
	look(&t, NOW);
	assert_int_equal(history_count_hosts(&t.h, true), 0);
	assert_true(window_is_complete(&t.w, 50 * HOUR));
}

static void test_where_it_never_ran_silence_is_none_of_its(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;

	(void)state;
	t.heard[1] = NOW - 20 * HOUR;
	t.runs[1] = false;
	look(&t, NOW);
	assert_int_equal(history_count_hosts(&t.h, true), 1);
	assert_true(window_is_complete(&t.w, 50 * HOUR));
}

/* All of them, since nobody put anything together. */
static void test_an_old_ledger_is_silence(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;

	(void)state;
	look(&t, NOW + 4 * HOUR);
	assert_true(t.h.old);
	assert_int_equal(history_count_hosts(&t.h, true), HOSTS);
	assert_false(window_is_complete(&t.w, 50 * HOUR));
}

/* The others are not silent because of it. */
static void test_a_clock_that_is_ahead_silences_nobody(void **state)
{
	_cleanup_fleet_ Fleet t = FLEET;

	(void)state;
	t.heard[2] = NOW + 9 * HOUR;
	look(&t, NOW + HOUR);
	assert_int_equal(history_count_hosts(&t.h, true), 0);
	assert_true(window_is_complete(&t.w, 50 * HOUR));
}

UNIT_MAIN(cmocka_unit_test(test_a_workload_is_on_all_its_hosts),
	  cmocka_unit_test(test_a_loss_is_of_its_host),
	  cmocka_unit_test(test_what_ran_already_on_one_host_is_not_known),
	  cmocka_unit_test(test_a_silent_host_makes_it_incomplete),
	  cmocka_unit_test(test_a_short_silence_is_none),
	  cmocka_unit_test(test_who_is_retired_may_be_silent),
	  cmocka_unit_test(test_where_it_never_ran_silence_is_none_of_its),
	  cmocka_unit_test(test_an_old_ledger_is_silence),
	  cmocka_unit_test(test_a_clock_that_is_ahead_silences_nobody))
