/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-follow: what a reader finds new while another process writes. */
#include "evidence/ledger-follow.h"
#include "tests/unit/ledger-fixture.h"

static void add(Ledger *l, int64_t workload, int64_t nr, uint64_t count, usec_t first)
{
	LedgerCall call = { .workload = workload,
			    .subject = put_subject(l, workload, 1),
			    .profile_hash = "sha256:1",
			    .arch = 0xc000003e,
			    .nr = nr,
			    .action = ACTION_LOG,
			    .count = count,
			    .first = first,
			    .last = first };
	int64_t id;

	assert_true(ledger_add(l, &call, &id) >= 0);
}

typedef struct Seen {
	size_t n;
	int64_t last;
	int64_t nr[16];
	uint64_t count[16];
} Seen;

static int on_row(const LedgerFollowed *row, void *userdata)
{
	Seen *s = userdata;

	assert_true(s->n < ELEMENTSOF(s->nr));
	assert_string_equal(row->workload_name, "docker:web");
	assert_string_equal(row->host, "host-a");
	s->nr[s->n] = row->nr;
	s->count[s->n++] = row->count;
	s->last = row->id;
	return 0;
}

static int on_fresh(int64_t workload, uint64_t n, void *userdata)
{
	uint64_t *sum = userdata;

	assert_true(workload > 0);
	*sum += n;
	return 0;
}

static int on_stage(const LedgerStage *row, void *userdata)
{
	assert_string_equal(row->name, "docker:web");
	assert_string_equal(row->stage, "log");
	assert_string_equal(row->profile_hash, "sha256:1");
	assert_string_equal(row->host, "host-a");
	++*(int *)userdata;
	return 0;
}

static void test_only_what_is_new_comes(void **state)
{
	_cleanup_folder_ Folder f = { 0 };
	_cleanup_(ledger_freep) Ledger *w = NULL, *l = NULL;
	int64_t id, before = 0, same = 0, after = 0, last = -1;
	Seen seen = { 0 };

	(void)state;
	folder_make(&f);
	w = must_write(&f);
	assert_int_equal(ledger_begin(w), 0);
	id = put_workload(w, "docker:web");
	add(w, id, 1, 5, NOW);
	add(w, id, 2, 7, NOW + 9);
	assert_int_equal(ledger_commit(w), 0);
	l = must_read(&f);
	assert_int_equal(ledger_last_sighting(l, &last), 0);
	assert_int_equal(ledger_each_recent(l, -1, 0, on_row, &seen), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.last, last);
	assert_int_equal(ledger_changes(l, &before), 0);
	assert_int_equal(ledger_changes(l, &same), 0);
	assert_int_equal(before, same);
	assert_int_equal(ledger_begin(w), 0);
	add(w, id, 2, 1, NOW + 10);
	add(w, id, 3, 1, 0); /* without a time */
	assert_int_equal(ledger_commit(w), 0);
	assert_int_equal(ledger_changes(l, &after), 0);
	assert_int_not_equal(before, after);
	seen = (Seen){ 0 };
	assert_int_equal(ledger_each_recent(l, last, NOW + 10, on_row, &seen), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.nr[0], 2);
	assert_int_equal(seen.count[0], 8);
	assert_int_equal(seen.nr[1], 3);
}

static void test_the_newest_come_in_order(void **state)
{
	_cleanup_folder_ Folder f = { 0 };
	_cleanup_(ledger_freep) Ledger *w = NULL, *l = NULL;
	uint64_t fresh = 0;
	Seen seen = { 0 };
	int64_t id;
	int n = 0;

	(void)state;
	folder_make(&f);
	w = must_write(&f);
	assert_int_equal(ledger_begin(w), 0);
	id = put_workload(w, "docker:web");
	for (int64_t i = 0; i < 9; i++)
		add(w, id, i, 1, NOW + (usec_t)((i * 5) % 9));
	assert_int_equal(ledger_commit(w), 0);
	l = must_read(&f);
	assert_int_equal(ledger_each_newest(l, NULL, 0, 3, on_row, &seen), 0);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.nr[0], 3); /* + 6, 7, 8 */
	assert_int_equal(seen.nr[1], 5);
	assert_int_equal(seen.nr[2], 7);
	seen.n = 0;
	assert_int_equal(ledger_each_newest(l, "docker:web", NOW + 8, 16, on_row, &seen), 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(ledger_each_newest(l, "docker:other", 0, 16, on_row, &seen), 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(ledger_each_fresh(l, NOW + 5, on_fresh, &fresh), 0);
	assert_int_equal(fresh, 4);
	assert_int_equal(ledger_each_stage(l, on_stage, &n), 0);
	assert_int_equal(n, 1);
}

UNIT_MAIN(cmocka_unit_test(test_only_what_is_new_comes),
	  cmocka_unit_test(test_the_newest_come_in_order))
