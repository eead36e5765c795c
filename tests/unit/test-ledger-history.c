/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger-loss, ledger-lifetime: times are kept as they were, within their bounds. */
#include "evidence/ledger-schema.h"
#include "tests/unit/ledger-fixture.h"

#define HOUR (3600 * USEC_PER_SEC)

typedef struct World {
	Folder folder;
	Ledger *l;
	int64_t workload;
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	w->l = must_write(&w->folder);
	assert_int_equal(ledger_begin(w->l), 0);
	w->workload = put_workload(w->l, "docker:web");
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	assert_int_equal(ledger_commit(w->l), 0);
	ledger_free(w->l);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

/* ---- losses ---- */

typedef struct Losses {
	unsigned n;
	LedgerLoss rows[16];
} Losses;

static int take_loss(const LedgerLoss *row, void *userdata)
{
	Losses *all = userdata;

	assert_true(all->n < ELEMENTSOF(all->rows));
	all->rows[all->n++] = *row;
	return 0;
}

static Losses losses(World *w)
{
	Losses all = { 0 };

	assert_int_equal(ledger_each_loss(w->l, take_loss, &all), 0);
	return all;
}

static void lose(World *w, int64_t workload, usec_t from, usec_t to, uint64_t count)
{
	LedgerLoss loss = { "enobufs", workload, from, to, count };

	assert_int_equal(ledger_add_loss(w->l, &loss), 0);
}

static void test_a_loss_that_goes_on_is_one(void **state)
{
	World *w = *state;
	Losses all;

	lose(w, 0, 100, 200, 1);
	lose(w, 0, 200, 300, 2);
	lose(w, 0, 301, 400, 4); /* something was seen in between */
	all = losses(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].from == 100 && all.rows[0].to == 300 && all.rows[0].count == 3);
	assert_true(all.rows[1].from == 301 && all.rows[1].count == 4);
}

static void test_a_loss_of_one_workload_is_not_joined_with_that_of_all(void **state)
{
	World *w = *state;
	Losses all;

	lose(w, 0, 100, 200, 1);
	lose(w, w->workload, 150, 250, 2);
	lose(w, w->workload, 250, 260, 3);
	all = losses(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].workload == 0 && all.rows[0].to == 200);
	assert_true(all.rows[1].workload == w->workload && all.rows[1].count == 5);
}

static void test_a_size_may_come_later(void **state)
{
	World *w = *state;
	Losses all;

	lose(w, 0, 100, 200, LEDGER_COUNT_UNKNOWN);
	lose(w, 0, 200, 300, 5);
	all = losses(w);
	/* what has a size keeps it */
	assert_true(all.n == 2 && all.rows[0].count == LEDGER_COUNT_UNKNOWN);
	assert_int_equal(all.rows[1].count, 5);
	lose(w, 0, 200, 250, LEDGER_COUNT_UNKNOWN);
	assert_int_equal(losses(w).n, 2);
	assert_int_equal(ledger_size_loss(w->l, "enobufs", 29744), 0);
	all = losses(w);
	assert_true(all.rows[0].count == 29744 && all.rows[1].count == 5);
	/* what is known stays */
	assert_int_equal(ledger_size_loss(w->l, "enobufs", 1), 0);
	all = losses(w);
	assert_int_equal(all.rows[0].count, 29744);
}

/* ---- runs ---- */

static int take_run(const LedgerRun *row, void *userdata)
{
	Losses *all = userdata;

	assert_string_equal(row->boot, "boot-1");
	if (all->n < ELEMENTSOF(all->rows))
		all->rows[all->n] = (LedgerLoss){ .from = row->from, .to = row->to };
	all->n++;
	return 0;
}

static uint64_t meta(World *w, const char *key)
{
	char text[32];

	assert_int_equal(ledger_get_meta(w->l, key, text, sizeof(text)), 0);
	return strtoull(text, NULL, 10);
}

static void test_runs_grow_and_are_bounded(void **state)
{
	World *w = *state;
	Losses all = { 0 };
	int64_t id;

	for (usec_t i = 0; i < LEDGER_RUNS_MAX + 3; i++) {
		assert_int_equal(ledger_begin_run(w->l, "boot-1", 10 * i + 1, &id), 0);
		assert_int_equal(ledger_extend_run(w->l, id, 10 * i + 5), 0);
		assert_int_equal(ledger_extend_run(w->l, id, 10 * i + 2), 0);
	}
	assert_int_equal(ledger_each_run(w->l, take_run, &all), 0);
	assert_int_equal(all.n, LEDGER_RUNS_MAX);
	assert_true(all.rows[0].from == 31 && all.rows[0].to == 35);
	assert_int_equal(meta(w, "dropped_runs"), 3);
}

/* ---- lifetimes ---- */

static LedgerLifetime make_lifetime(const World *w, const char *name, usec_t from)
{
	return (LedgerLifetime){
		.workload = w->workload,
		.profile_hash = "sha256:1",
		.kind = SUBJECT_CONTAINER,
		.runtime = "docker",
		.name = name,
		.incarnation = "7:8",
		.image_digest = "sha256:i",
		.runtime_version = "runc 1",
		.libseccomp = "2.5.4",
		.kernel = "6.1.0",
		.machine = "x86_64",
		.capabilities = "ff",
		.from = from,
		.start_seen = true,
	};
}

typedef struct Lifetimes {
	unsigned n;
	usec_t from, to;
	bool stop_seen;
	LifetimeExit exit;
	uint64_t joins;
	usec_t joined;
} Lifetimes;

static int take_lifetime(const LedgerLifetime *row, void *userdata)
{
	Lifetimes *all = userdata;

	assert_string_equal(row->profile_hash, "sha256:1");
	assert_string_equal(row->runtime, "docker");
	assert_string_equal(row->incarnation, "7:8");
	assert_string_equal(row->image_digest, "sha256:i");
	assert_string_equal(row->runtime_version, "runc 1");
	assert_string_equal(row->libseccomp, "2.5.4");
	assert_string_equal(row->kernel, "6.1.0");
	assert_string_equal(row->machine, "x86_64");
	assert_string_equal(row->capabilities, "ff");
	assert_string_equal(row->host, "host-a");
	assert_true(row->start_seen && row->kind == SUBJECT_CONTAINER);
	if (all->n++ == 0)
		*all = (Lifetimes){ 1,         row->from,  row->to,    row->stop_seen,
				    row->exit, row->joins, row->joined };
	return 0;
}

static void test_a_lifetime_is_read_back(void **state)
{
	World *w = *state;
	LedgerLifetime f = make_lifetime(w, "a", 1000);
	Lifetimes all = { 0 }, open = { 0 };
	int64_t id;

	assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
	assert_int_equal(ledger_each_open_lifetime(w->l, take_lifetime, &open), 0);
	assert_int_equal(open.n, 1);
	assert_int_equal(ledger_end_lifetime(w->l, id, 2000, true, LIFETIME_EXIT_GRACEFUL), 0);
	assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_lifetime, &all), 0);
	assert_true(all.n == 1 && all.from == 1000 && all.to == 2000 && all.stop_seen);
	assert_int_equal(all.exit, LIFETIME_EXIT_GRACEFUL);
	open = (Lifetimes){ 0 };
	assert_int_equal(ledger_each_open_lifetime(w->l, take_lifetime, &open), 0);
	assert_int_equal(open.n, 0);
}

static void test_a_lifetime_knows_what_was_brought_in(void **state)
{
	World *w = *state;
	LedgerLifetime f = make_lifetime(w, "a", 1000);
	Lifetimes all = { 0 };
	int64_t id;

	assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
	assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_lifetime, &all), 0);
	assert_true(all.joins == 0 && all.joined == 0);
	assert_int_equal(ledger_note_join(w->l, id, 3000), 0);
	assert_int_equal(ledger_note_join(w->l, id, 2000), 0);
	assert_int_equal(ledger_note_join(w->l, id + 1, 4000), 0);
	all.n = 0;
	assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_lifetime, &all), 0);
	assert_true(all.joins == 2 && all.joined == 3000);
}

static int take_profile(const LedgerLifetime *row, void *userdata)
{
	snprintf(userdata, 64, "%s", row->profile_hash);
	return 0;
}

static void test_a_profile_is_filled_in_and_not_exchanged(void **state)
{
	World *w = *state;
	LedgerLifetime f = make_lifetime(w, "a", 1000);
	char profile[64];
	int64_t id;

	f.profile_hash = "";
	assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ledger_fill_lifetime(w->l, id, i == 0 ? "sha256:7" : "other"), 0);
		assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_profile, profile), 0);
		assert_string_equal(profile, "sha256:7");
	}
}

static void test_old_lifetimes_make_room_those_that_run_last(void **state)
{
	World *w = *state;
	Lifetimes all = { 0 };
	int64_t id;

	for (usec_t i = 0; i < LEDGER_LIFETIMES_PER_WORKLOAD + 5; i++) {
		LedgerLifetime f = make_lifetime(w, "a", 1000 + i);

		assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
		if (i > 0)
			assert_int_equal(ledger_end_lifetime(w->l, id, 5000 + i, true, 0), 0);
	}
	assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_lifetime, &all), 0);
	assert_int_equal(all.n, LEDGER_LIFETIMES_PER_WORKLOAD);
	assert_true(all.from == 1000 && all.to == 0);
	assert_int_equal(meta(w, "dropped_lifetimes"), 5);
}

typedef struct Starts {
	usec_t first;      /* of all */
	usec_t first_back; /* of those of the first profile behind those of another */
	bool other;
} Starts;

static int take_start(const LedgerLifetime *row, void *userdata)
{
	Starts *s = userdata;
	bool other = strcmp(row->profile_hash, "sha256:1") != 0;

	s->first = s->first ? s->first : row->from;
	s->other |= other;
	if (s->other && !other && s->first_back == 0)
		s->first_back = row->from;
	return 0;
}

/* A job that is run every some minutes: since when it is so is known however often it ran. */
static void test_since_when_nothing_changed_is_kept(void **state)
{
	enum { N = LEDGER_LIFETIMES_PER_WORKLOAD, CHANGE = 10, BACK = 20, ALL = 2 * N };
	World *w = *state;
	Starts s = { 0 };
	int64_t id;

	for (usec_t i = 0; i < ALL; i++) {
		LedgerLifetime f = make_lifetime(w, "a", 1000 + 10 * i);

		if (i >= CHANGE && i < BACK)
			f.profile_hash = "sha256:2";
		assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
		assert_int_equal(ledger_end_lifetime(w->l, id, f.from + 5, true, 0), 0);
	}
	assert_int_equal(meta(w, "dropped_lifetimes"), ALL - N);
	assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_start, &s), 0);
	assert_true(s.first == 1000 && s.other && s.first_back == 1000 + 10 * BACK);
}

static int take_row(const LedgerLifetime *row, void *userdata)
{
	bool *kept = userdata;

	kept[(row->from - 1000) / 10] = true;
	return 0;
}

/* Beside whom something else ran stays, or it would seem to have run alone. */
static void test_what_ran_beside_another_stays_with_it(void **state)
{
	enum { N = LEDGER_LIFETIMES_PER_WORKLOAD, LONG = 50, ALL = N + 100 };
	bool kept[ALL + 1] = { 0 };
	World *w = *state;
	int64_t id;

	for (usec_t i = 0; i <= ALL; i++) {
		LedgerLifetime f = make_lifetime(w, "a", 1000 + 10 * i);

		/* the one behind it lies wholly inside it */
		if (i == LONG + 1)
			f.profile_hash = "sha256:2";
		assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
		assert_int_equal(
			ledger_end_lifetime(w->l, id, f.from + (i == LONG ? 19 : 5), true, 0), 0);
	}
	assert_int_equal(ledger_each_lifetime(w->l, w->workload, take_row, kept), 0);
	assert_true(kept[0] && kept[LONG] && kept[LONG + 1] && kept[LONG + 2] && kept[ALL]);
	assert_false(kept[1] || kept[2]);
}

static int take_lifetimes_of(const LedgerSightingRow *row, void *userdata)
{
	*(uint32_t *)userdata = row->lifetimes;
	return 0;
}

static uint32_t lifetimes_of(World *w, int64_t sighting, int64_t lifetime)
{
	uint32_t n = 99;

	assert_int_equal(ledger_note_lifetime(w->l, sighting, lifetime, NOW, NOW), 0);
	assert_int_equal(ledger_each_sighting(w->l, w->workload, take_lifetimes_of, &n), 0);
	return n;
}

typedef struct Makings {
	unsigned n;
	LedgerMaking rows[LEDGER_MAKINGS_MAX + 1];
} Makings;

static int take_making(const LedgerMaking *row, void *userdata)
{
	Makings *all = userdata;

	assert_true(all->n < ELEMENTSOF(all->rows));
	all->rows[all->n++] = *row;
	return 0;
}

/* When each lifetime made it first; of a container that was started again, not what it made before.
 */
static void test_a_sighting_knows_when_each_lifetime_made_it(void **state)
{
	World *w = *state;
	LedgerCall c = make_ledger_call(w->workload, put_subject(w->l, w->workload, 1), 42, 1);
	const usec_t start = 1000 * USEC_PER_SEC;
	Makings all = { 0 };
	int64_t id, lifetime;

	assert_int_equal(ledger_add(w->l, &c, &id), LEDGER_NEW);
	for (usec_t i = 0; i < LEDGER_MAKINGS_MAX + 3; i++) {
		LedgerLifetime f = make_lifetime(w, "a", start * (i + 1));
		usec_t last = f.from + 7 * USEC_PER_SEC;

		assert_int_equal(ledger_begin_lifetime(w->l, &f, &lifetime), 0);
		assert_int_equal(ledger_note_lifetime(w->l, id, lifetime, start - 1, last), 0);
		/* the first time is kept */
		assert_int_equal(ledger_note_lifetime(w->l, id, lifetime, start - 1, last + 9), 0);
	}
	assert_int_equal(ledger_each_making(w->l, id, take_making, &all), 0);
	assert_int_equal(all.n, LEDGER_MAKINGS_MAX);
	assert_int_equal(all.rows[0].first, start - 1);
	assert_int_equal(all.rows[1].first, 2 * start + 7 * USEC_PER_SEC);
}

static void test_a_sighting_knows_one_lifetime_from_two_and_from_more(void **state)
{
	World *w = *state;
	LedgerCall c = make_ledger_call(w->workload, put_subject(w->l, w->workload, 1), 42, 1);
	int64_t id;

	assert_int_equal(ledger_add(w->l, &c, &id), LEDGER_NEW);
	assert_int_equal(lifetimes_of(w, id, 10), 1);
	assert_int_equal(lifetimes_of(w, id, 10), 1);
	assert_int_equal(lifetimes_of(w, id, 20), 2);
	assert_int_equal(lifetimes_of(w, id, 10), 2);
	assert_int_equal(lifetimes_of(w, id, 20), 2);
	assert_int_equal(lifetimes_of(w, id, 30), 3);
	assert_int_equal(lifetimes_of(w, id, 40), 3);
}

/* ---- hours ---- */

typedef struct Hours {
	unsigned n;
	LedgerHour first, last;
} Hours;

static int take_hour(const LedgerHour *row, void *userdata)
{
	Hours *all = userdata;

	if (all->n++ == 0)
		all->first = *row;
	all->last = *row;
	return 0;
}

static void test_hours_add_up_and_are_bounded(void **state)
{
	World *w = *state;
	Hours all = { 0 };

	for (usec_t i = 0; i < LEDGER_HOURS_PER_WORKLOAD + 2; i++)
		for (unsigned k = 0; k < 2; k++) {
			LedgerHour hour = { i * HOUR + k, 2, k, 10, 5 };

			assert_int_equal(ledger_add_hour(w->l, w->workload, &hour), 0);
		}
	assert_int_equal(ledger_each_hour(w->l, w->workload, 0, take_hour, &all), 0);
	assert_int_equal(all.n, LEDGER_HOURS_PER_WORKLOAD);
	assert_int_equal(all.first.from, 2 * HOUR);
	assert_true(all.last.records == 4 && all.last.sightings == 1);
	assert_true(all.last.observed == 20 && all.last.complete == 10);
	assert_int_equal(meta(w, "dropped_hours"), 2);
	all.n = 0;
	assert_int_equal(
		ledger_each_hour(w->l, w->workload, all.last.from - HOUR / 2, take_hour, &all), 0);
	assert_int_equal(all.n, 2);
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WORLD_TEST(test_a_loss_that_goes_on_is_one),
	  WORLD_TEST(test_a_loss_of_one_workload_is_not_joined_with_that_of_all),
	  WORLD_TEST(test_a_size_may_come_later), WORLD_TEST(test_runs_grow_and_are_bounded),
	  WORLD_TEST(test_a_lifetime_is_read_back),
	  WORLD_TEST(test_a_lifetime_knows_what_was_brought_in),
	  WORLD_TEST(test_a_profile_is_filled_in_and_not_exchanged),
	  WORLD_TEST(test_old_lifetimes_make_room_those_that_run_last),
	  WORLD_TEST(test_since_when_nothing_changed_is_kept),
	  WORLD_TEST(test_what_ran_beside_another_stays_with_it),
	  WORLD_TEST(test_a_sighting_knows_when_each_lifetime_made_it),
	  WORLD_TEST(test_a_sighting_knows_one_lifetime_from_two_and_from_more),
	  WORLD_TEST(test_hours_add_up_and_are_bounded))
