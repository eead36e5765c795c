/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-journal-lifetime: of one lifetime the latest state holds, however it came. */
#include "evidence/ledger-host.h"
#include "evidence/ledger-journal.h"
#include "evidence/ledger-private.h"
#include "tests/unit/journal-help.h"
#include "tests/unit/ledger-fixture.h"

#define FROM "2023-11-14T22:13:20.000000Z"
#define TO "2023-11-14T22:14:20.000000Z"

typedef struct World {
	Folder f;
	Ledger *l;
	int64_t host;
} World;

static int setup(void **state)
{
	LedgerTeller t = { .ledger = LEDGER_A, .machine = MACHINE_A, .hostname = "web1" };
	World *w = calloc(1, sizeof(*w));
	Diag d = { 0 };

	assert_non_null(w);
	folder_make(&w->f);
	assert_int_equal(ledger_open_journal(w->f.path, &w->l, &d), 0);
	assert_int_equal(ledger_begin(w->l), 0);
	assert_int_equal(ledger_add_teller(w->l, &t), 0);
	w->host = t.host;
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

static int take_entry(World *w, const Entry *e)
{
	JournalFault fault;
	JournalEvent v;

	assert_int_equal(journal_event_read(e->fields, &v, &fault), 0);
	return ledger_take_lifetimes(w->l, w->host, &v);
}

static int take(World *w, uint64_t sequence, const char *list)
{
	Entry e;

	entry_lifetimes(&e, LEDGER_A, "podman:web", sequence, list);
	return take_entry(w, &e);
}

typedef struct Rows {
	unsigned n, running;
	uint64_t joins;
	usec_t first;
	int64_t last_id;
	char hash[16], name[16];
	LifetimeExit exit;
} Rows;

static int note_row(const LedgerLifetime *f, void *userdata)
{
	Rows *rows = userdata;

	rows->first = rows->n++ == 0 ? f->from : rows->first;
	rows->running += f->to == 0;
	rows->joins += f->joins;
	rows->last_id = f->id;
	rows->exit = f->exit;
	snprintf(rows->hash, sizeof(rows->hash), "%s", f->profile_hash);
	snprintf(rows->name, sizeof(rows->name), "%s", f->name);
	return 0;
}

static Rows rows_of(World *w)
{
	Rows rows = { .n = 0 };

	assert_int_equal(ledger_each_lifetime(w->l, 1, note_row, &rows), 0);
	return rows;
}

static void test_the_latest_state_holds(void **state)
{
	static const char *const states[] = {
		"7 " FROM " seen - - - 0 - a",
		"7 " FROM " seen - - - 1 " TO " a",
		"7 " FROM " seen " TO " seen killed 1 " TO " a",
	};
	World *w = *state;
	Rows rows;

	assert_int_equal(take(w, 1, states[1]), 1);
	assert_int_equal(take(w, 1, states[1]), 0);
	assert_int_equal(take(w, 1, states[0]), 0);
	rows = rows_of(w);
	assert_true(rows.n == 1 && rows.running == 1 && rows.joins == 1);
	assert_int_equal(rows.last_id, ledger_row_of(w->host, 7));
	assert_string_equal(rows.hash, "abc0");
	assert_int_equal(take(w, 2, states[2]), 1);
	assert_int_equal(take(w, 1, states[0]), 0);
	assert_int_equal(take(w, 1, states[1]), 0);
	rows = rows_of(w);
	assert_true(rows.n == 1 && rows.running == 0 && rows.exit == LIFETIME_EXIT_KILLED);
}

/* It was begun before anybody knew it. */
static void test_a_profile_that_is_known_later_is_filled_in(void **state)
{
	World *w = *state;
	Entry e;

	entry_lifetimes(&e, LEDGER_A, "podman:web", 1, "7 " FROM " seen - - - 0 - a");
	e.fields[JOURNAL_NAME_PROFILE] = SPAN_NULL;
	assert_int_equal(take_entry(w, &e), 1);
	assert_string_equal(rows_of(w).hash, "");
	assert_int_equal(take(w, 2, "7 " FROM " seen - - - 0 - a"), 1);
	assert_string_equal(rows_of(w).hash, "abc0");
	assert_int_equal(take_entry(w, &e), 0);
	assert_string_equal(rows_of(w).hash, "abc0");
}

static void test_a_filter_comes_along(void **state)
{
	_cleanup_free_ char *json = NULL;
	World *w = *state;
	Entry e;

	entry_lifetimes(&e, LEDGER_A, "podman:web", 1, "7 " FROM " seen - - - 0 - a");
	assert_int_equal(take_entry(w, &e), 1);
	assert_int_equal(ledger_get_profile(w->l, "abc0", &json), -ENOENT);
	entry_set(&e, JOURNAL_NAME_PROFILE_JSON, "{\n}");
	assert_int_equal(take_entry(w, &e), 1);
	assert_int_equal(take_entry(w, &e), 0);
	assert_int_equal(ledger_get_profile(w->l, "abc0", &json), 0);
	assert_string_equal(json, "{\n}");
}

static uint64_t missing(World *w)
{
	LedgerUntold u;

	assert_int_equal(ledger_find_untold(w->l, w->host, &u), 0);
	return u.entries;
}

static void test_an_entry_that_is_gone_is_missed(void **state)
{
	World *w = *state;
	Entry e;

	assert_int_equal(take(w, 3, "7 " FROM " seen - - - 0 - a"), 1);
	assert_int_equal(missing(w), 2);
	assert_int_equal(take(w, 1, "7 " FROM " seen - - - 0 - a"), 1);
	assert_int_equal(missing(w), 1);
	/* of a run */
	entry_run(&e, LEDGER_A, 1, NOW, NOW + 1);
	entry_number(&e, JOURNAL_NAME_SEQUENCE, 2);
	JournalFault fault;
	JournalEvent v;
	assert_int_equal(journal_event_read(e.fields, &v, &fault), 0);
	assert_int_equal(ledger_take_run(w->l, w->host, &v), 1);
	assert_int_equal(missing(w), 0);
	assert_int_equal(ledger_take_run(w->l, w->host, &v), 0);
}

static void add_ended(World *w, uint64_t row, usec_t from)
{
	char list[256], start[CLOCK_RFC3339_SIZE], end[CLOCK_RFC3339_SIZE];

	snprintf(list, sizeof(list), "%llu %s seen %s seen graceful 0 - x", (unsigned long long)row,
		 clock_format_rfc3339(from, start), clock_format_rfc3339(from + 1, end));
	assert_int_equal(take(w, row, list), 1);
}

/* What runs stays, and of what has ended the newest. */
static void test_the_oldest_gives_way(void **state)
{
	static const char old[] =
		"1 " FROM " seen - - - 0 - runs\n2 " FROM " seen " TO " seen graceful 0 - x";
	World *w = *state;
	Rows rows;

	assert_int_equal(take(w, 1, old), 1);
	for (uint64_t i = 3; i <= LEDGER_LIFETIMES_PER_WORKLOAD + 1; i++)
		add_ended(w, i, NOW + i * USEC_PER_SEC);
	rows = rows_of(w);
	assert_true(rows.n == LEDGER_LIFETIMES_PER_WORKLOAD && rows.running == 1);
	/* what went stays away */
	assert_int_equal(take(w, 1, old), 0);
	assert_int_equal(rows_of(w).n, LEDGER_LIFETIMES_PER_WORKLOAD);
	add_ended(w, 5000, NOW + 5000 * USEC_PER_SEC);
	rows = rows_of(w);
	assert_true(rows.n == LEDGER_LIFETIMES_PER_WORKLOAD && rows.running == 1);
	assert_int_equal(rows.last_id, ledger_row_of(w->host, 5000));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
UNIT_MAIN(TEST(test_the_latest_state_holds), TEST(test_a_profile_that_is_known_later_is_filled_in),
	  TEST(test_a_filter_comes_along), TEST(test_an_entry_that_is_gone_is_missed),
	  TEST(test_the_oldest_gives_way))
