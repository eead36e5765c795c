/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/window: case by case. */
#include "tests/unit/window-fixture.h"

#define HOUR (3600 * USEC_PER_SEC)

typedef struct World {
	LedgerLifetime lifetimes[4];
	LedgerRun run;
	LedgerLoss loss;
	WindowInput in;
} World;

/* Two instances behind each other, the second runs; watched all the time. */
static void make_world(World *w)
{
	*w = (World){ .run = { "b", 1 * HOUR, 100 * HOUR } };
	w->lifetimes[0] = make_lifetime(10 * HOUR, 20 * HOUR);
	w->lifetimes[1] = make_lifetime(30 * HOUR, 0);
	w->in = (WindowInput){ .lifetimes = w->lifetimes,
			       .n_lifetimes = 2,
			       .runs = &w->run,
			       .n_runs = 1,
			       .losses = &w->loss,
			       .now = 100 * HOUR };
}

static Window find(const World *w)
{
	Window found;

	assert_int_equal(window_find(&w->in, &found), 0);
	return found;
}

static void test_two_instances_without_loss(void **state)
{
	Window found;
	char text[128];
	World w;

	(void)state;
	make_world(&w);
	found = find(&w);
	assert_true(found.observed == 80 * HOUR && found.complete == 80 * HOUR);
	assert_true(found.from == 10 * HOUR && found.to == 100 * HOUR);
	assert_int_equal(found.cause, WINDOW_FIRST);
	assert_true(found.starts == 2 && found.lifetimes == 1 && found.graceful_stops == 1);
	assert_true(found.running == 1 && found.replicas == 1 && found.hosts == 1);
	assert_true(found.variants_unseen == 0 && found.last_loss == 0);
	window_explain(&found, text, sizeof(text));
	assert_non_null(strstr(text, "first instance was watched at 1970-01-01T10:00:00"));
}

static void test_a_loss_restarts_the_window_and_is_named(void **state)
{
	Window found;
	char text[128];
	World w;

	(void)state;
	make_world(&w);
	w.loss = (LedgerLoss){ "enobufs", 0, 40 * HOUR, 41 * HOUR, LEDGER_COUNT_UNKNOWN };
	w.in.n_losses = 1;
	found = find(&w);
	assert_true(found.from == 41 * HOUR && found.complete == 79 * HOUR);
	assert_true(found.starts == 0 && found.variants_unseen == 1);
	assert_true(found.cause == WINDOW_LOSS && found.last_loss == 41 * HOUR);
	window_explain(&found, text, sizeof(text));
	assert_non_null(strstr(text, "queue for seccompd ran over until 1970-01-02T17:00:00"));
	/* known to be none */
	w.loss.count = 0;
	assert_true(find(&w).from == 10 * HOUR);
	/* before anything was watched */
	w.loss = (LedgerLoss){ "enobufs", 0, 2 * HOUR, 3 * HOUR, 7 };
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.last_loss == 0);
	/* when nothing ran any more */
	w.in.n_lifetimes = 1;
	w.loss = (LedgerLoss){ "enobufs", 0, 20 * HOUR, 21 * HOUR, 7 };
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.last_loss == 0 && found.until == 20 * HOUR);
	/* when it ran and nobody watched */
	make_world(&w);
	w.run.to = 50 * HOUR;
	w.loss = (LedgerLoss){ "not-running", 0, 50 * HOUR, 100 * HOUR, LEDGER_COUNT_UNKNOWN };
	w.in.n_losses = 1;
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.to == 50 * HOUR);
	assert_true(found.last_loss == 100 * HOUR && found.until == 100 * HOUR);
	make_world(&w);
	w.in.n_losses = 1;
	/* going on */
	w.loss = (LedgerLoss){ "lineage", 0, 99 * HOUR, 101 * HOUR, 7 };
	found = find(&w);
	assert_true(found.from == found.to && found.cause == WINDOW_LOSS);
}

static void test_programs_that_were_brought_in_are_counted_in_the_window_alone(void **state)
{
	World w;

	(void)state;
	make_world(&w);
	w.lifetimes[1].joins = 3;
	w.lifetimes[1].joined = 90 * HOUR;
	assert_int_equal(find(&w).joins, 3);
	/* It has run for longer than the window: of these only the last is known to lie in it. */
	w.loss = (LedgerLoss){ "enobufs", 0, 60 * HOUR, 61 * HOUR, LEDGER_COUNT_UNKNOWN };
	w.in.n_losses = 1;
	assert_int_equal(find(&w).joins, 1);
	w.lifetimes[1].joined = 59 * HOUR;
	assert_int_equal(find(&w).joins, 0);
}

static void test_what_cannot_be_seen_is_no_loss_but_is_told(void **state)
{
	Window found;
	World w;

	(void)state;
	make_world(&w);
	w.loss = (LedgerLoss){ "unobservable", 0, 1 * HOUR, 50 * HOUR, LEDGER_COUNT_UNKNOWN };
	w.in.n_losses = 1;
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.blind_to_loss);
	w.loss.to = 9 * HOUR;
	assert_false(find(&w).blind_to_loss);
}

static void test_each_change_begins_a_window_and_is_named(void **state)
{
	static const struct {
		size_t offset;
		const char *before;
		WindowCause cause;
	} rows[] = {
		{ offsetof(LedgerLifetime, profile_hash), "q", WINDOW_PROFILE },
		{ offsetof(LedgerLifetime, image_digest), "j", WINDOW_IMAGE },
		{ offsetof(LedgerLifetime, capabilities), "d", WINDOW_CAPABILITIES },
		{ offsetof(LedgerLifetime, runtime_version), "runc 2", WINDOW_RUNTIME },
		{ offsetof(LedgerLifetime, libseccomp), "2.6.0", WINDOW_LIBSECCOMP },
		{ offsetof(LedgerLifetime, kernel), "6.2.0-18", WINDOW_KERNEL },
		{ offsetof(LedgerLifetime, machine), "aarch64", WINDOW_MACHINE },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		Window found;
		World w;

		make_world(&w);
		memcpy((char *)&w.lifetimes[0] + rows[i].offset, &rows[i].before,
		       sizeof(rows[i].before));
		found = find(&w);
		assert_int_equal(found.cause, rows[i].cause);
		assert_true(found.from == 30 * HOUR && found.starts == 1);
	}
}

/* What ran under one profile, then under another, then under the first again. */
static void test_a_return_begins_a_window_and_a_canary_does_not(void **state)
{
	LedgerLifetime rows[3];
	Window found;
	World w;

	(void)state;
	make_world(&w);
	rows[0] = w.lifetimes[0];
	rows[1] = w.lifetimes[0];
	rows[2] = w.lifetimes[1];
	rows[1].from = 25 * HOUR;
	rows[1].to = 28 * HOUR;
	rows[1].profile_hash = "q";
	w.in.lifetimes = rows;
	w.in.n_lifetimes = ELEMENTSOF(rows);
	found = find(&w);
	assert_int_equal(found.cause, WINDOW_PROFILE);
	assert_true(found.from == 30 * HOUR && found.starts == 1);
	/* beside one of ours */
	rows[0].to = 30 * HOUR;
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.starts == 2);
	/* or where ours never ran */
	rows[0].to = 20 * HOUR;
	rows[1].host_id = 7;
	assert_true(find(&w).from == 10 * HOUR);
	/* one that was renewed beside a companion that runs on, and one that was away for long */
	rows[1].host_id = 0;
	rows[1].from = 12 * HOUR;
	rows[1].to = 0;
	rows[2].from = rows[0].to + 60 * USEC_PER_SEC;
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.starts == 2);
	rows[2].from++;
	assert_true(find(&w).from == rows[2].from);
	rows[2].from = 30 * HOUR;
	/* what is asked about did not come back */
	rows[1].host_id = 0;
	rows[1].to = rows[2].to;
	rows[2].profile_hash = "q";
	w.in.profile_hash = "p";
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.to == 20 * HOUR);
}

static void test_a_patch_of_the_kernel_changes_nothing(void **state)
{
	World w;

	(void)state;
	make_world(&w);
	w.lifetimes[0].kernel = "6.1.99-custom";
	assert_true(find(&w).from == 10 * HOUR);
}

/* Two kernels in use side by side: neither is a change, and both must have been seen to start. */
static void test_each_variant_in_use_must_be_seen_to_start(void **state)
{
	Window found;
	World w;

	(void)state;
	make_world(&w);
	w.lifetimes[0].to = 0;
	w.lifetimes[0].kernel = "6.12.0";
	w.lifetimes[0].host = "other";
	found = find(&w);
	assert_true(found.from == 30 * HOUR && found.cause == WINDOW_KERNEL);
	assert_true(found.replicas == 2 && found.hosts == 2 && found.kernels == 2);
	assert_int_equal(found.variants_unseen, 1);
}

static void test_nothing_watched_is_no_window(void **state)
{
	Window found;
	World w;

	(void)state;
	make_world(&w);
	w.in.n_runs = 0;
	found = find(&w);
	assert_true(found.observed == 0 && found.from == found.to);
	assert_int_equal(found.cause, WINDOW_NOT_WATCHED);
	make_world(&w);
	w.in.n_lifetimes = 0;
	found = find(&w);
	assert_true(found.observed == 0 && found.from == found.to);
}

/* The unit's files say one thing, what runs was started under another. */
static void test_what_ran_under_another_profile_is_no_evidence_of_the_one_asked_for(void **state)
{
	Window found;
	World w;

	(void)state;
	make_world(&w);
	w.lifetimes[1].profile_hash = "q";
	w.in.profile_hash = "p";
	found = find(&w);
	assert_true(found.from == 10 * HOUR && found.to == 20 * HOUR && found.starts == 1);
	w.in.profile_hash = "new";
	found = find(&w);
	assert_true(found.observed == 0 && found.from == found.to && !found.started);
	assert_int_equal(found.cause, WINDOW_NOT_WATCHED);
}

static void test_of_units_the_words_are_others(void **state)
{
	Window found;
	char text[128];
	World w;

	(void)state;
	make_world(&w);
	w.lifetimes[0].kind = w.lifetimes[1].kind = SUBJECT_UNIT;
	w.lifetimes[1].image_digest = "libc.so.6:1:2";
	found = find(&w);
	assert_non_null(strstr(window_explain(&found, text, sizeof(text)), "C library changed"));
	make_world(&w);
	w.lifetimes[0].kind = w.lifetimes[1].kind = SUBJECT_UNIT;
	w.lifetimes[1].runtime_version = "systemd:1:2";
	found = find(&w);
	assert_non_null(strstr(window_explain(&found, text, sizeof(text)), "systemd changed"));
	w.lifetimes[1].kind = SUBJECT_CONTAINER;
	found = find(&w);
	assert_non_null(strstr(window_explain(&found, text, sizeof(text)), "runtime's version"));
}

/* An instance that ended long ago says nothing of the time since. */
static void test_a_window_ends_with_what_was_watched(void **state)
{
	World w;

	(void)state;
	make_world(&w);
	w.in.n_lifetimes = 1;
	assert_true(find(&w).to == 20 * HOUR);
}

UNIT_MAIN(cmocka_unit_test(test_two_instances_without_loss),
	  cmocka_unit_test(test_a_loss_restarts_the_window_and_is_named),
	  cmocka_unit_test(test_programs_that_were_brought_in_are_counted_in_the_window_alone),
	  cmocka_unit_test(test_what_cannot_be_seen_is_no_loss_but_is_told),
	  cmocka_unit_test(test_each_change_begins_a_window_and_is_named),
	  cmocka_unit_test(test_a_return_begins_a_window_and_a_canary_does_not),
	  cmocka_unit_test(test_a_patch_of_the_kernel_changes_nothing),
	  cmocka_unit_test(test_each_variant_in_use_must_be_seen_to_start),
	  cmocka_unit_test(test_nothing_watched_is_no_window),
	  cmocka_unit_test(test_what_ran_under_another_profile_is_no_evidence_of_the_one_asked_for),
	  cmocka_unit_test(test_of_units_the_words_are_others),
	  cmocka_unit_test(test_a_window_ends_with_what_was_watched))
