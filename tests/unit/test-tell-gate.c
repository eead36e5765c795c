/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/tell-gate: a gate that was reached, or lost, is told once, and never that it is reached
 * where that is not known. */
#include <time.h>

#include "daemon/sink-journal.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "tests/unit/fake-journal.h"
#include "tests/unit/watched-fixture.h"

typedef struct World {
	Folder folder;
	FakeJournal journal;
	char decisions[128];
	Ledger *l;
	SinkJournal sink;
	GateSection settings;
	int64_t id;
	usec_t now;
	char last[1 << 16];
	size_t n;
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	folder_make(&w->folder);
	fake_journal_make(&w->journal);
	snprintf(w->decisions, sizeof(w->decisions), "%s/decisions", w->folder.dir);
	w->l = must_write(&w->folder);
	w->sink = (SinkJournal){ .socket = w->journal.path,
				 .gates = { .settings = &w->settings,
					    .workloads_dir = w->decisions } };
	w->now = NOW;
	assert_int_equal(ledger_begin(w->l), 0);
	put_run(w->l);
	w->id = put_watched(w->l, "docker:gate");
	assert_int_equal(ledger_commit(w->l), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	ledger_free(w->l);
	fake_journal_remove(&w->journal);
	(void)rmdir(w->decisions);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

static const char *field(World *w, const char *name)
{
	static char value[4096];

	return fake_journal_field(w->last, w->n, name, value, sizeof(value));
}

/* Passes until nothing more is told; how many gates were, the last of them in w->last. */
static unsigned tell_at_once(World *w)
{
	char entry[1 << 16];
	unsigned gates = 0;
	size_t n;
	int r;

	do {
		r = sink_journal_tell(&w->sink, w->l, w->now, false);
		assert_true(r >= 0);
		while ((n = fake_journal_receive(&w->journal, entry, sizeof(entry))) > 0) {
			char id[64];

			assert_non_null(fake_journal_field(entry, n, "MESSAGE_ID", id, sizeof(id)));
			if (strcmp(id, SECCOMPD_MESSAGE_GATE_CHANGED) != 0)
				continue;
			memcpy(w->last, entry, n);
			w->n = n;
			gates++;
		}
	} while (r > 0);
	return gates;
}

/* Likewise, and then on to the end of the round: a slow machine has it in parts, with rests
 * between. */
static unsigned tell(World *w)
{
	unsigned gates = tell_at_once(w);

	while (w->sink.gates.after != 0) {
		w->now = MAX(w->now, w->sink.gates.rests_until);
		gates += tell_at_once(w);
	}
	w->now = MAX(w->now, w->sink.gates.rests_until);
	return gates;
}

static void lose(World *w)
{
	assert_int_equal(ledger_begin(w->l), 0);
	assert_int_equal(ledger_add_loss(w->l, &(LedgerLoss){ .kind = "enobufs",
							      .from = NOW - 4 * DAY,
							      .to = NOW - 3 * DAY,
							      .count = 1 }),
			 0);
	assert_int_equal(ledger_commit(w->l), 0);
}

static void test_what_is_reached_is_told_once(void **state)
{
	World *w = *state;

	assert_int_equal(tell(w), 1);
	assert_string_equal(field(w, SECCOMPD_FIELD_GATE), "ready");
	assert_string_equal(field(w, SECCOMPD_FIELD_GATE_STAGE), "errno");
	assert_string_equal(field(w, SECCOMPD_FIELD_WORKLOAD), "docker:gate");
	assert_null(field(w, SECCOMPD_FIELD_GATE_BEFORE));
	assert_null(field(w, SECCOMPD_FIELD_GATE_UNMET));
	w->now += TELL_INTERVAL;
	assert_int_equal(tell(w), 0);
	/* nor by the next daemon */
	w->sink.gates.began = 0;
	assert_int_equal(tell(w), 0);
}

static void test_what_is_lost_is_told_with_the_reason(void **state)
{
	World *w = *state;

	assert_int_equal(tell(w), 1);
	lose(w);
	/* its next turn is in five minutes */
	assert_int_equal(tell(w), 0);
	w->now += TELL_INTERVAL;
	assert_int_equal(tell(w), 1);
	assert_string_equal(field(w, SECCOMPD_FIELD_GATE), "unknown");
	assert_string_equal(field(w, SECCOMPD_FIELD_GATE_BEFORE), "ready");
	assert_non_null(strstr(field(w, SECCOMPD_FIELD_GATE_UNMET), "complete"));
	w->now += TELL_INTERVAL;
	assert_int_equal(tell(w), 0);
}

static void test_one_that_was_never_reached_is_not_told(void **state)
{
	World *w = *state;

	assert_int_equal(ledger_begin(w->l), 0);
	put_calls(w->l, w->id, 101, NOW - 29 * DAY);
	assert_int_equal(ledger_commit(w->l), 0);
	assert_int_equal(tell(w), 0);
}

static void test_decisions_that_cannot_be_read_make_it_unknown(void **state)
{
	World *w = *state;
	char path[256];

	/* a folder in the place of the file */
	assert_int_equal(mkdir(w->decisions, 0700), 0);
	snprintf(path, sizeof(path), "%s/docker:gate.conf", w->decisions);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(tell(w), 0);
	assert_int_equal(rmdir(path), 0);
	w->now += TELL_INTERVAL;
	assert_int_equal(tell(w), 1);
	assert_int_equal(mkdir(path, 0700), 0);
	w->now += TELL_INTERVAL;
	assert_int_equal(tell(w), 1);
	assert_string_equal(field(w, SECCOMPD_FIELD_GATE), "unknown");
	assert_string_equal(field(w, SECCOMPD_FIELD_GATE_UNMET), "decisions");
	assert_int_equal(rmdir(path), 0);
}

static void test_a_stage_without_a_next_one_has_no_gate(void **state)
{
	LedgerWorkload to = make_workload("docker:gate");
	World *w = *state;
	int64_t id;

	assert_int_equal(tell(w), 1);
	to.stage = "kill";
	assert_int_equal(ledger_begin(w->l), 0);
	assert_int_equal(ledger_put_workload(w->l, &to, &id), 0);
	assert_int_equal(ledger_commit(w->l), 0);
	w->now += TELL_INTERVAL;
	assert_int_equal(tell(w), 0);
	assert_int_equal(ledger_next_gate(w->l, 0, &id), 0);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* A pass does not grow with their number; all have their turn in the end. */
static void test_many_gates_take_many_passes(void **state)
{
	World *w = *state;
	unsigned told = 0, passes = 0;
	int64_t from, longest = 0;
	char name[32];

	assert_int_equal(ledger_begin(w->l), 0);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "docker:gate-%u", i);
		put_watched(w->l, name);
	}
	assert_int_equal(ledger_commit(w->l), 0);
	for (; told < 101 && passes < 2000; passes++) {
		from = now_ms();
		told += tell_at_once(w);
		longest = MAX(longest, now_ms() - from);
		w->now += 2 * USEC_PER_SEC;
	}
	assert_int_equal(told, 101);
	print_message("# gates: 101 in %u turns, the longest took %lld ms\n", passes,
		      (long long)longest);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
UNIT_MAIN(TEST(test_what_is_reached_is_told_once), TEST(test_what_is_lost_is_told_with_the_reason),
	  TEST(test_one_that_was_never_reached_is_not_told),
	  TEST(test_decisions_that_cannot_be_read_make_it_unknown),
	  TEST(test_a_stage_without_a_next_one_has_no_gate), TEST(test_many_gates_take_many_passes))
