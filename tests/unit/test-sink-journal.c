/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/sink-journal: whatever becomes of journald, of the daemon and of the limit, the
 * differences that arrive add up to what the ledger holds. */
#include "daemon/journal-send.h"
#include "daemon/sink-journal.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "tests/unit/fake-journal.h"
#include "tests/unit/ledger-fixture.h"

#define CALLS_MAX 2048

typedef struct World {
	Folder folder;
	FakeJournal journal;
	Ledger *ledger;
	SinkJournal sink;
	int64_t workload, subject;
	usec_t now;

	/* what has arrived */
	unsigned n_entries, n_of[8];
	uint64_t sums[CALLS_MAX], totals[CALLS_MAX]; /* by number of the call */
	char last[1 << 16];
	size_t last_size;
} World;

static const char *const ids[] = {
	SECCOMPD_MESSAGE_NEW_SIGHTING,  SECCOMPD_MESSAGE_ROLL_UP,    SECCOMPD_MESSAGE_STAGE_CHANGED,
	SECCOMPD_MESSAGE_EVIDENCE_LOST, SECCOMPD_MESSAGE_BLIND_SPOT, SECCOMPD_MESSAGE_WATCHED,
	SECCOMPD_MESSAGE_LIFETIMES,
};
enum { NEW_SIGHTING, ROLL_UP, STAGE_CHANGED, EVIDENCE_LOST, BLIND_SPOT, WATCHED, LIFETIMES };

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	folder_make(&w->folder);
	fake_journal_make(&w->journal);
	w->ledger = must_write(&w->folder);
	w->sink = (SinkJournal){ .socket = w->journal.path };
	w->now = NOW;
	assert_int_equal(ledger_begin(w->ledger), 0);
	w->workload = put_workload(w->ledger, "docker:web");
	w->subject = put_subject(w->ledger, w->workload, 1);
	assert_int_equal(ledger_commit(w->ledger), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	ledger_free(w->ledger);
	fake_journal_remove(&w->journal);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

static void add(World *w, int64_t from, int64_t to, uint64_t count)
{
	assert_int_equal(ledger_begin(w->ledger), 0);
	for (int64_t nr = from; nr < to; nr++) {
		LedgerCall c = make_ledger_call(w->workload, w->subject, nr, count);
		int64_t id;

		assert_true(ledger_add(w->ledger, &c, &id) >= 0);
	}
	assert_int_equal(ledger_commit(w->ledger), 0);
}

static const char *field(World *w, const char *name)
{
	static char value[4096];

	return fake_journal_field(w->last, w->last_size, name, value, sizeof(value));
}

static uint64_t number(World *w, const char *name)
{
	const char *text = field(w, name);

	assert_non_null(text);
	return strtoull(text, NULL, 10);
}

/* As a reader does it who adds differences up: an entry that is there twice counts once. */
static void take_counts(World *w)
{
	uint64_t nr = number(w, SECCOMPD_FIELD_SYSCALL_NR), total, delta;

	total = number(w, SECCOMPD_FIELD_TOTAL);
	delta = number(w, SECCOMPD_FIELD_COUNT);
	assert_true(nr < CALLS_MAX);
	if (total == w->totals[nr])
		return;
	w->sums[nr] += delta;
	assert_int_equal(w->sums[nr], total);
	w->totals[nr] = total;
}

static unsigned receive(World *w)
{
	unsigned n = 0;

	while ((w->last_size = fake_journal_receive(&w->journal, w->last, sizeof(w->last))) > 0) {
		unsigned kind = 0;

		assert_string_equal(field(w, "SYSLOG_IDENTIFIER"), "seccompd");
		while (strcmp(field(w, "MESSAGE_ID"), ids[kind]) != 0)
			assert_true(++kind < ELEMENTSOF(ids));
		w->n_of[kind]++;
		if (kind == NEW_SIGHTING || kind == ROLL_UP)
			take_counts(w);
		n++;
	}
	w->n_entries += n;
	return n;
}

/* A pass, and what came of it. The queue of a socket is short: passes until nothing more comes. */
static unsigned tell(World *w, bool final)
{
	unsigned n = 0;
	int r;

	do {
		r = sink_journal_tell(&w->sink, w->ledger, w->now, final);
		assert_true(r >= 0);
		n += receive(w);
	} while (r > 0);
	return n;
}

static bool adds_up(const World *w, int64_t from, int64_t to, uint64_t count)
{
	for (int64_t nr = from; nr < to; nr++)
		if (w->sums[nr] != count)
			return false;
	return true;
}

static void test_an_entry_says_what_the_ledger_holds(void **state)
{
	World *w = *state;
	char id[LEDGER_ID_SIZE], value[256];

	assert_true(tell(w, false) > 0);
	assert_int_equal(w->n_of[STAGE_CHANGED], 1);
	add(w, 42, 43, 5);
	assert_int_equal(sink_journal_tell(&w->sink, w->ledger, w->now, false), 1);
	w->last_size = fake_journal_receive(&w->journal, w->last, sizeof(w->last));
	assert_int_equal(ledger_get_id(w->ledger, id), 0);
	assert_string_equal(field(w, SECCOMPD_FIELD_LEDGER), id);
	assert_string_equal(field(w, "MESSAGE_ID"), SECCOMPD_MESSAGE_NEW_SIGHTING);
	assert_string_equal(field(w, SECCOMPD_FIELD_WORKLOAD), "docker:web");
	assert_string_equal(field(w, SECCOMPD_FIELD_SYSCALL), "connect");
	assert_string_equal(field(w, SECCOMPD_FIELD_ARCH), "x86_64");
	assert_string_equal(field(w, SECCOMPD_FIELD_ARCH_WORD), "c000003e");
	assert_string_equal(field(w, SECCOMPD_FIELD_PROFILE), "sha256:1");
	assert_string_equal(field(w, SECCOMPD_FIELD_COUNT), "5");
	assert_string_equal(field(w, SECCOMPD_FIELD_TOTAL), "5");
	assert_string_equal(field(w, SECCOMPD_FIELD_OWN_FILTER), "0");
	assert_string_equal(field(w, SECCOMPD_FIELD_FIRST), "2023-11-14T22:13:20.000000Z");
	assert_string_equal(field(w, SECCOMPD_FIELD_CONTAINER_NAME), "web-1");
	snprintf(value, sizeof(value), "%012d", 0);
	assert_string_equal(field(w, SECCOMPD_FIELD_CONTAINER_ID), value);
	assert_null(field(w, SECCOMPD_FIELD_SERIAL));
}

static void test_roll_ups_come_when_they_are_due_and_add_up(void **state)
{
	World *w = *state;

	add(w, 42, 43, 5);
	tell(w, false);
	add(w, 42, 43, 2);
	assert_int_equal(tell(w, false), 0);
	w->now += TELL_INTERVAL - 1;
	add(w, 42, 43, 1);
	assert_int_equal(tell(w, false), 0);
	w->now++;
	assert_int_equal(tell(w, false), 1);
	assert_int_equal(w->n_of[ROLL_UP], 1);
	assert_true(adds_up(w, 42, 43, 8));
	add(w, 42, 43, 4);
	assert_int_equal(tell(w, false), 0);
	/* the daemon ends */
	assert_int_equal(tell(w, true), 1);
	assert_true(adds_up(w, 42, 43, 12));
	assert_int_equal(tell(w, true), 0);
}

/* Killed behind the sending and before the marking: what was counted since is no part of what is
 * told again. */
static void test_after_a_crash_the_very_same_is_told_again(void **state)
{
	World *w = *state;
	SinkJournal lost;

	add(w, 42, 43, 5);
	for (unsigned i = 0; i < 3; i++) {
		Teller t = { .ledger = w->ledger,
			     .limit = &w->sink.limit,
			     .told = &lost.told,
			     .now = w->now,
			     .final = true,
			     .ledger_id = "x" };

		lost = (SinkJournal){ 0 };
		assert_int_equal(journal_connect(w->journal.path, &t.fd), 0);
		assert_int_equal(tell_sightings(&t), 0);
		assert_int_equal(t.n_sent, 1);
		buffer_done(&t.message);
		close(t.fd);
		add(w, 42, 43, 10);
		w->ledger = ledger_free(w->ledger);
		w->ledger = must_write(&w->folder);
		receive(w);
		assert_int_equal(w->n_of[NEW_SIGHTING], i + 1);
		assert_true(adds_up(w, 42, 43, 5));
	}
	w->now += TELL_INTERVAL;
	tell(w, false);
	w->now += TELL_INTERVAL;
	tell(w, false);
	assert_int_equal(w->n_of[ROLL_UP], 1);
	assert_true(adds_up(w, 42, 43, 35));
}

static void test_nothing_is_lost_while_nobody_listens(void **state)
{
	World *w = *state;

	add(w, 0, 5, 3);
	fake_journal_end(&w->journal, false);
	/* none is installed, which is no fault */
	assert_int_equal(sink_journal_tell(&w->sink, w->ledger, w->now, false), 0);
	fake_journal_listen(&w->journal);
	fake_journal_end(&w->journal, true);
	assert_int_equal(sink_journal_tell(&w->sink, w->ledger, w->now, false), -ECONNREFUSED);
	assert_int_equal(unlink(w->journal.path), 0);
	fake_journal_listen(&w->journal);
	tell(w, false);
	assert_int_equal(w->n_of[NEW_SIGHTING], 5);
	assert_true(adds_up(w, 0, 5, 3));
}

/* It takes nothing, then all that has waited: no more, no less. */
static void test_a_journald_that_is_stopped_gets_all_of_it_later(void **state)
{
	World *w = *state;
	int r = 1;

	for (uint64_t i = 0; i < 5; i++) {
		add(w, 0, 50, 1);
		for (unsigned k = 0; k < 20 && r > 0; k++)
			r = sink_journal_tell(&w->sink, w->ledger, w->now, false);
		r = sink_journal_tell(&w->sink, w->ledger, w->now, false);
		w->now += TELL_INTERVAL;
	}
	/* the socket's queue is longer than all of this on some hosts */
	assert_true(r == -EAGAIN || r == 0);
	do {
		receive(w);
		r = sink_journal_tell(&w->sink, w->ledger, w->now, true);
		assert_true(r >= 0);
		w->now += JOURNAL_LIMIT_PERIOD;
	} while (r > 0);
	receive(w);
	assert_true(adds_up(w, 0, 50, 5));
}

static void put_blind(World *w, unsigned n)
{
	char name[32] = "";
	LedgerWorkload of = make_workload(name);
	int64_t id;

	of.visibility = "blind";
	of.stage = "errno";
	assert_int_equal(ledger_begin(w->ledger), 0);
	for (unsigned i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "docker:blind-%u", i);
		assert_int_equal(ledger_put_workload(w->ledger, &of, &id), 0);
	}
	assert_int_equal(ledger_commit(w->ledger), 0);
}

/* A first start on a host with many containers, and what they do. */
static void test_a_crowd_stays_below_the_limit(void **state)
{
	World *w = *state;
	unsigned n;

	put_blind(w, 300);
	add(w, 0, 1000, 2);
	for (unsigned i = 0; i < 30; i++) {
		n = 0;
		for (unsigned k = 0; k < 3; k++) {
			n += tell(w, false);
			w->now += JOURNAL_LIMIT_PERIOD / 3;
		}
		assert_true(n <= JOURNAL_LIMIT);
		assert_true(i > 0 || n == JOURNAL_LIMIT - 4 - 5 * 20);
	}
	assert_int_equal(w->n_of[NEW_SIGHTING], 1000);
	assert_int_equal(w->n_of[STAGE_CHANGED], 301);
	assert_int_equal(w->n_of[BLIND_SPOT], 300);
	assert_true(adds_up(w, 0, 1000, 2));
	/* and no restart tells it once more */
	n = w->n_entries;
	w->ledger = ledger_free(w->ledger);
	w->ledger = must_write(&w->folder);
	w->sink = (SinkJournal){ .socket = w->journal.path };
	put_blind(w, 300);
	assert_int_equal(tell(w, true), 0);
}

static void test_what_was_lost_and_who_watched(void **state)
{
	World *w = *state;
	int64_t run;

	tell(w, false);
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(ledger_begin_run(w->ledger, "boot", NOW, &run), 0);
	assert_int_equal(ledger_add_loss(w->ledger, &(LedgerLoss){ .kind = "sighting-limit",
								   .workload = w->workload,
								   .to = NOW,
								   .count = 7 }),
			 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	assert_int_equal(sink_journal_tell(&w->sink, w->ledger, w->now, false), 2);
	w->last_size = fake_journal_receive(&w->journal, w->last, sizeof(w->last));
	assert_string_equal(field(w, "MESSAGE_ID"), SECCOMPD_MESSAGE_EVIDENCE_LOST);
	assert_string_equal(field(w, SECCOMPD_FIELD_LOSS), "sighting-limit");
	assert_string_equal(field(w, SECCOMPD_FIELD_WORKLOAD), "docker:web");
	assert_string_equal(field(w, SECCOMPD_FIELD_TOTAL), "7");
	assert_string_equal(field(w, SECCOMPD_FIELD_REVISION), "1");
	assert_null(field(w, SECCOMPD_FIELD_FROM));
	assert_non_null(field(w, SECCOMPD_FIELD_TO));
	w->last_size = fake_journal_receive(&w->journal, w->last, sizeof(w->last));
	assert_string_equal(field(w, "MESSAGE_ID"), SECCOMPD_MESSAGE_WATCHED);
	assert_string_equal(field(w, SECCOMPD_FIELD_BOOT), "boot");
	assert_string_equal(field(w, SECCOMPD_FIELD_RUN_ID), "1");
	assert_string_equal(field(w, SECCOMPD_FIELD_SEQUENCE), "1");
	assert_int_equal(tell(w, true), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
UNIT_MAIN(TEST(test_an_entry_says_what_the_ledger_holds),
	  TEST(test_roll_ups_come_when_they_are_due_and_add_up),
	  TEST(test_after_a_crash_the_very_same_is_told_again),
	  TEST(test_nothing_is_lost_while_nobody_listens),
	  TEST(test_a_journald_that_is_stopped_gets_all_of_it_later),
	  TEST(test_a_crowd_stays_below_the_limit), TEST(test_what_was_lost_and_who_watched))
