/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/stranger-loss: a loss of nameless records counts, unless each of its time is proved to be
 * another's. */
#include "audit/syscall.h"
#include "suggest/stranger-loss.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/profile-help.h"

#define SEC USEC_PER_SEC
#define MINCORE 27
#define GETPID 39

static const char log_profile[] = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
				  "{\"names\":[\"mincore\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";

typedef struct World {
	Folder folder;
	Ledger *ledger;
	Profile *applied;
	Strangers strangers;
	LedgerLoss losses[2];
	size_t n_losses;
	int64_t workload;
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	w->ledger = must_write(&w->folder);
	w->applied = help_read(log_profile, DIALECT_OCI);
	w->losses[0] = (LedgerLoss){ "unattributed", 0, NOW, NOW + 2 * SEC, 1 };
	w->n_losses = 1;
	assert_int_equal(ledger_begin(w->ledger), 0);
	w->workload = put_workload(w->ledger, "unattributed");
	(void)put_workload(w->ledger, "docker:web");
	assert_int_equal(ledger_commit(w->ledger), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	strangers_done(&w->strangers);
	profile_free(w->applied);
	ledger_free(w->ledger);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

static void add(World *w, int64_t nr, usec_t first, usec_t last)
{
	LedgerCall call = make_ledger_call(w->workload, 0, nr, 1);
	int64_t id;

	assert_int_equal(ledger_begin(w->ledger), 0);
	call.subject = put_subject(w->ledger, w->workload, 1);
	call.action = ACTION_LOG;
	call.first = first;
	call.last = last;
	assert_true(ledger_add(w->ledger, &call, &id) >= 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
}

static bool made(World *w, usec_t now)
{
	strangers_done(&w->strangers);
	assert_int_equal(strangers_read(w->ledger, &w->strangers), 0);
	return strangers_made(&w->strangers, w->losses, w->n_losses, &w->losses[0], w->applied,
			      now);
}

static void test_one_that_its_filter_allows_is_a_strangers(void **state)
{
	World *w = *state;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	assert_true(made(w, NOW + 3600 * SEC));
}

static void test_one_that_it_may_have_made_counts(void **state)
{
	World *w = *state;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	add(w, GETPID, NOW + SEC, NOW + SEC);
	assert_false(made(w, NOW + 3600 * SEC));
}

/* Of another time, or of a time that is not known. */
static void test_only_records_of_that_time_speak(void **state)
{
	World *w = *state;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	add(w, GETPID, NOW + 600 * SEC, NOW + 700 * SEC);
	assert_true(made(w, NOW + 3600 * SEC));
	add(w, GETPID + 1, NOW - 600 * SEC, NOW - 61 * SEC);
	assert_true(made(w, NOW + 3600 * SEC));
	/* it goes from before to behind it: it may have been made in it */
	add(w, GETPID + 2, NOW - 600 * SEC, NOW + 600 * SEC);
	assert_false(made(w, NOW + 3600 * SEC));
}

static void test_one_without_a_time_counts(void **state)
{
	World *w = *state;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	add(w, GETPID, 0, 0);
	assert_false(made(w, NOW + 3600 * SEC));
}

static void test_what_nothing_explains_counts(void **state)
{
	World *w = *state;

	assert_false(made(w, NOW + 3600 * SEC));
	add(w, MINCORE, NOW + 600 * SEC, NOW + 600 * SEC);
	assert_false(made(w, NOW + 3600 * SEC));
}

static void test_as_long_as_more_may_come_it_counts(void **state)
{
	World *w = *state;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	assert_false(made(w, NOW + 11 * SEC));
	assert_true(made(w, NOW + 12 * SEC));
}

/* What was not kept may have been anything. */
static void test_with_a_hole_among_the_nameless_it_counts(void **state)
{
	World *w = *state;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	w->losses[w->n_losses++] =
		(LedgerLoss){ "tally-full", w->workload, NOW + SEC, NOW + SEC, 1 };
	assert_false(made(w, NOW + 3600 * SEC));
	w->losses[1].workload++;
	assert_true(made(w, NOW + 3600 * SEC));
	w->strangers.incomplete = true;
	assert_false(strangers_made(&w->strangers, w->losses, 1, &w->losses[0], w->applied,
				    NOW + 3600 * SEC));
}

static void test_other_losses_and_unknown_filters_count(void **state)
{
	World *w = *state;
	Profile *applied = w->applied;

	add(w, MINCORE, NOW + SEC, NOW + SEC);
	w->losses[0].kind = "enobufs";
	assert_false(made(w, NOW + 3600 * SEC));
	w->losses[0].kind = "unattributed";
	w->applied = NULL;
	assert_false(made(w, NOW + 3600 * SEC));
	w->applied = applied;
	assert_true(made(w, NOW + 3600 * SEC));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(TEST(test_one_that_its_filter_allows_is_a_strangers),
	  TEST(test_one_that_it_may_have_made_counts), TEST(test_only_records_of_that_time_speak),
	  TEST(test_one_without_a_time_counts), TEST(test_what_nothing_explains_counts),
	  TEST(test_as_long_as_more_may_come_it_counts),
	  TEST(test_with_a_hole_among_the_nameless_it_counts),
	  TEST(test_other_losses_and_unknown_filters_count))
