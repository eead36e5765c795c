/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger: what is written is read back; bounds hold and what they drop is counted. */
#include <sqlite3.h>
#include <time.h>

#include "tests/unit/ledger-fixture.h"

#define HOSTILE "\xff\xfe\x1b[2J'; DROP TABLE meta; --\n\xe2\x80\xae%s"

/* ---- collecting rows ---- */

typedef struct Rows {
	unsigned n;
	int64_t id;
	uint64_t sightings, records, dropped, count, first, last, subjects;
	char text[8][256];
	char order[1024];
	int stop;
} Rows;

static void keep(Rows *rows, unsigned i, const char *text)
{
	snprintf(rows->text[i], sizeof(rows->text[i]), "%s", text);
}

static int take_workload(const LedgerWorkloadRow *w, void *userdata)
{
	Rows *rows = userdata;

	rows->n++;
	rows->id = w->id;
	rows->sightings = w->sightings;
	rows->records = w->records;
	rows->dropped = w->dropped;
	rows->first = w->first;
	rows->last = w->last;
	keep(rows, 0, w->name);
	keep(rows, 1, w->container_name);
	keep(rows, 2, w->image);
	keep(rows, 3, w->stage);
	keep(rows, 4, w->profile_hash);
	keep(rows, 5, w->profile_source);
	keep(rows, 6, w->host);
	strncat(rows->order, w->name, 16);
	return rows->stop;
}

static int take_sighting(const LedgerSightingRow *s, void *userdata)
{
	Rows *rows = userdata;
	char word[64];

	rows->n++;
	rows->id = s->id;
	rows->count = s->count;
	rows->first = s->first;
	rows->last = s->last;
	rows->subjects = s->subjects;
	keep(rows, 0, s->profile_hash);
	snprintf(word, sizeof(word), "%x/%lld/%d/%d/%d ", s->arch, (long long)s->nr, (int)s->action,
		 (int)s->origin, (int)s->means);
	strncat(rows->order, word, sizeof(rows->order) - strlen(rows->order) - 1);
	return rows->stop;
}

static int take_loss(const LedgerLoss *row, void *userdata)
{
	Rows *rows = userdata;

	rows->n++;
	rows->first = row->from;
	rows->last = row->to;
	rows->count = row->count;
	keep(rows, 0, row->kind);
	return 0;
}

/* ---- tests ---- */

static void test_sightings_add_up(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, one, two, id, again;
	Rows rows = { 0 }, workloads = { 0 };
	LedgerCall c;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	one = put_subject(l, workload, 1);
	two = put_subject(l, workload, 2);
	assert_int_equal(put_subject(l, workload, 1), one);
	c = make_ledger_call(workload, one, 42, 5);
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c.count = 7, c.first = NOW - 100, c.last = NOW + 100, c.subject = two;
	assert_int_equal(ledger_add(l, &c, &again), 0);
	assert_int_equal(again, id);
	c.first = 0, c.last = 0, c.subject = one;
	assert_int_equal(ledger_add(l, &c, &again), 0);
	c.workload = 4711;
	assert_int_equal(ledger_add(l, &c, &again), -ENOENT);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_sighting(l, workload, take_sighting, &rows), 0);
	assert_int_equal(rows.n, 1);
	assert_int_equal(rows.count, 19);
	assert_true(rows.first == NOW - 100 && rows.last == NOW + 100);
	assert_int_equal(rows.subjects, 2);
	assert_int_equal(ledger_each_workload(l, take_workload, &workloads), 0);
	assert_int_equal(workloads.sightings, 1);
	assert_int_equal(workloads.records, 19);
	assert_true(workloads.first == NOW - 100 && workloads.last == NOW + 100);
	assert_string_equal(workloads.text[6], "host-a");
}

static void test_each_part_of_the_key_is_a_sighting_in_order(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, subject, id;
	Rows rows = { 0 }, stop = { .stop = 5 };
	LedgerCall c, base;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	subject = put_subject(l, workload, 1);
	base = make_ledger_call(workload, subject, 42, 1);
	assert_int_equal(ledger_add(l, &base, &id), LEDGER_NEW);
	c = base, c.nr = -1;
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c = base, c.arch = 0x40000003;
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c = base, c.action = ACTION_ERRNO;
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c = base, c.origin = ORIGIN_EXEC;
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c = base, c.profile_hash = "";
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c = base, c.means = MEANS_LINEAGE;
	assert_int_equal(ledger_add(l, &c, &id), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_sighting(l, workload, take_sighting, &rows), 0);
	assert_string_equal(rows.order, "40000003/42/7/2/1 c000003e/-1/7/2/1 c000003e/42/4/2/1 "
					"c000003e/42/7/2/1 c000003e/42/7/2/1 c000003e/42/7/3/1 ");
	assert_int_equal(ledger_each_sighting(l, workload, take_sighting, &stop), 5);
	assert_int_equal(stop.n, 1);
}

static int take_own_filter(const LedgerSightingRow *s, void *userdata)
{
	uint64_t *sums = userdata;

	sums[0] += s->own_filter;
	sums[1] += s->count;
	sums[2]++;
	return 0;
}

static void test_calls_under_an_own_filter_are_counted_within_their_sighting(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, subject, id;
	uint64_t sums[3] = { 0 };
	LedgerCall c;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	subject = put_subject(l, workload, 1);
	c = make_ledger_call(workload, subject, 42, 5);
	c.own_filter = true;
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	c.own_filter = false, c.count = 7;
	assert_int_equal(ledger_add(l, &c, &id), 0);
	c.own_filter = true, c.count = 2;
	assert_int_equal(ledger_add(l, &c, &id), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_sighting(l, workload, take_own_filter, sums), 0);
	assert_int_equal(sums[0], 7);
	assert_int_equal(sums[1], 14);
	assert_int_equal(sums[2], 1);
}

static int nested(const LedgerWorkloadRow *w, void *userdata)
{
	Ledger *l = userdata;
	Rows rows = { 0 };

	assert_int_equal(ledger_each_sighting(l, w->id, take_sighting, &rows), 0);
	assert_int_equal(ledger_each_workload(l, take_workload, &rows), -EBUSY);
	return (int)rows.n;
}

static void test_walks_nest(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 1);
	l = must_read(&f);
	assert_int_equal(ledger_each_workload(l, nested, l), 1);
}

static void test_a_workload_is_refreshed_not_doubled(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_free_ char *json = NULL;
	LedgerWorkload w = make_workload("docker:web");
	int64_t id, again;
	Rows rows = { 0 };

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	w.profile_json = "{\"defaultAction\":\"SCMP_ACT_LOG\"}";
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	w = (LedgerWorkload){ .name = "docker:web",
			      .runtime = "",
			      .container_name = "web-2",
			      .image = "",
			      .stage = "errno",
			      .visibility = "blind",
			      .profile_hash = "sha256:2",
			      .profile_source = "/etc/p.json",
			      .dialect = "docker",
			      .now = NOW + 1 };
	assert_int_equal(ledger_put_workload(l, &w, &again), 0);
	(void)put_workload(l, "compose:a/b");
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(id, again);
	assert_int_equal(ledger_each_workload(l, take_workload, &rows), 0);
	assert_int_equal(rows.n, 2);
	assert_string_equal(rows.order, "compose:a/bdocker:web");
	assert_string_equal(rows.text[1], "web-2");
	assert_string_equal(rows.text[2], "nginx:1");
	assert_string_equal(rows.text[3], "errno");
	assert_string_equal(rows.text[4], "sha256:2");
	assert_string_equal(rows.text[5], "/etc/p.json");
	assert_int_equal(ledger_get_profile(l, "sha256:1", &json), 0);
	assert_string_equal(json, "{\"defaultAction\":\"SCMP_ACT_LOG\"}");
	free(STEAL(json));
	assert_int_equal(ledger_get_profile(l, "sha256:2", &json), -ENOENT);
}

static void test_bounds_hold_and_what_they_drop_is_counted(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerLimits limits = { .workloads = 3, .sightings_per_workload = 4 };
	LedgerWorkload w;
	int64_t workload = 0, id;
	Rows rows = { 0 };
	char name[32];
	LedgerCall c;

	(void)state;
	folder_make(&f);
	assert_int_equal(ledger_open_writer(f.path, "h", NOW, &limits, &l, NULL), 0);
	assert_int_equal(ledger_begin(l), 0);
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "docker:%d", i);
		w = make_workload(name);
		assert_int_equal(ledger_put_workload(l, &w, &workload), i < 3 ? 0 : -ENOSPC);
	}
	w = make_workload("docker:1");
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	for (int nr = 0; nr < 6; nr++) {
		c = make_ledger_call(workload, put_subject(l, workload, 1), nr, 10);
		assert_int_equal(ledger_add(l, &c, &id), nr < 4 ? LEDGER_NEW : -ENOSPC);
	}
	c = make_ledger_call(workload, put_subject(l, workload, 1), 2, 10);
	assert_int_equal(ledger_add(l, &c, &id), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_workload(l, take_workload, &rows), 0);
	assert_int_equal(rows.n, 3);
	assert_string_equal(rows.text[0], "docker:2");
	assert_int_equal(rows.sightings, 4);
	assert_int_equal(rows.records, 50);
	assert_int_equal(rows.dropped, 20);
	assert_int_equal(ledger_get_meta(l, "dropped_workloads", name, sizeof(name)), 0);
	assert_string_equal(name, "2");
}

static void test_programs_of_the_host_keep_no_container_out(void **state)
{
	const LedgerLimits limits = { .workloads = 8 };
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerWorkload w;
	char name[32];
	int64_t id;

	(void)state;
	folder_make(&f);
	assert_int_equal(ledger_open_writer(f.path, "h", NOW, &limits, &l, NULL), 0);
	assert_int_equal(ledger_begin(l), 0);
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "host:/tmp/%d", i);
		w = make_workload(name);
		assert_int_equal(ledger_put_workload(l, &w, &id), i < 2 ? 0 : -ENOSPC);
	}
	for (int i = 0; i < 7; i++) {
		snprintf(name, sizeof(name), "docker:%d", i);
		w = make_workload(name);
		assert_int_equal(ledger_put_workload(l, &w, &id), i < 6 ? 0 : -ENOSPC);
	}
	assert_int_equal(ledger_commit(l), 0);
}

static void test_a_file_that_nobody_can_open_any_more_is_not_written(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char other[128];

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	snprintf(other, sizeof(other), "%s/moved", f.dir);
	assert_int_equal(rename(f.path, other), 0);
	assert_int_equal(ledger_begin(l), -ESTALE);
	assert_non_null(strstr(ledger_error(l), "moved"));
	assert_int_equal(rename(other, f.path), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(unlink(f.path), 0);
	assert_int_equal(ledger_begin(l), -ESTALE);
}

static void test_subjects_of_a_workload_are_bounded_but_stay_counted(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t workload, id;
	sqlite3_stmt *s;
	Rows rows = { 0 };
	sqlite3 *db;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	for (unsigned i = 0; i < 1100; i++) {
		LedgerCall c = make_ledger_call(workload, put_subject(l, workload, i), 42, 1);

		assert_true(ledger_add(l, &c, &id) >= 0);
	}
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_sighting(l, workload, take_sighting, &rows), 0);
	assert_int_equal(rows.subjects, 1100);
	l = ledger_free(l);
	assert_int_equal(sqlite3_open(f.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT (SELECT count(*) FROM subject),"
					    " (SELECT count(*) FROM sighting_subject)",
					    -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(s, 0), 1024);
	assert_int_equal(sqlite3_column_int(s, 1), 1024);
	sqlite3_finalize(s);
	sqlite3_close(db);
}

static int take_example(const LedgerExampleRow *e, void *userdata)
{
	Rows *rows = userdata;
	unsigned i = rows->n++;

	if (i < ELEMENTSOF(rows->text))
		snprintf(rows->text[i], sizeof(rows->text[i]), "%.*s|%s%.*s|%llx|%d",
			 (int)e->comm.n, e->comm.p, e->exe.p ? "" : "-", (int)e->exe.n,
			 e->exe.p ? e->exe.p : "", (unsigned long long)e->ip, e->pid);
	return 0;
}

static void test_examples_are_distinct_and_few(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerExample e = { .comm = HOSTILE, .ip = UINT64_MAX - 1, .pid = 7, .time = NOW };
	int64_t workload, id;
	Rows rows = { 0 };
	char comm[16];
	LedgerCall c;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	workload = put_workload(l, "docker:web");
	c = make_ledger_call(workload, put_subject(l, workload, 1), 42, 1);
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	assert_int_equal(ledger_add_example(l, id, &e), 0);
	assert_int_equal(ledger_add_example(l, id, &e), 0);
	e.exe = "";
	assert_int_equal(ledger_add_example(l, id, &e), 0);
	e.exe = "/bin/\xff";
	for (unsigned i = 0; i < 20; i++) {
		snprintf(comm, sizeof(comm), "c%u", i);
		e.comm = comm;
		assert_int_equal(ledger_add_example(l, id, &e), 0);
	}
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_example(l, id, take_example, &rows), 0);
	assert_int_equal(rows.n, LEDGER_EXAMPLES_MAX);
	assert_string_equal(rows.text[0], HOSTILE "|-|fffffffffffffffe|7");
	assert_string_equal(rows.text[1], HOSTILE "||fffffffffffffffe|7");
	assert_string_equal(rows.text[2], "c0|/bin/\xff|fffffffffffffffe|7");
}

static void test_hostile_texts_come_back_as_they_were(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	LedgerWorkload w = make_workload(HOSTILE);
	Rows rows = { 0 };
	char value[64];
	int64_t id;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	w.container_name = w.image = w.profile_source = HOSTILE;
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	assert_int_equal(ledger_set_meta(l, "k", HOSTILE), 0);
	assert_int_equal(ledger_commit(l), 0);
	ledger_free(l);
	l = must_read(&f);
	assert_int_equal(ledger_each_workload(l, take_workload, &rows), 0);
	assert_int_equal(rows.n, 1);
	assert_string_equal(rows.text[0], HOSTILE);
	assert_string_equal(rows.text[1], HOSTILE);
	assert_string_equal(rows.text[2], HOSTILE);
	assert_string_equal(rows.text[5], HOSTILE);
	assert_int_equal(ledger_get_meta(l, "k", value, sizeof(value)), 0);
	assert_string_equal(value, HOSTILE);
	assert_int_equal(ledger_get_meta(l, "none", value, sizeof(value)), 0);
	assert_string_equal(value, "");
}

static void test_folded_totals_belong_to_tally_slot_and_generation(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	uint64_t n = 99;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 2, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_set_folded(l, "aa", 1, 2, 10), 0);
	assert_int_equal(ledger_set_folded(l, "bb", 1, 2, 20), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 2, &n), 0);
	assert_int_equal(n, 10);
	assert_int_equal(ledger_get_folded(l, "bb", 1, 2, &n), 0);
	assert_int_equal(n, 20);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 4, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_set_folded(l, "aa", 1, 4, 3), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 2, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_forget_tallies(l, "bb"), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 4, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_get_folded(l, "bb", 1, 2, &n), 0);
	assert_int_equal(n, 20);
}

/* A tally that was entered in a transaction that never was must not be remembered. */
static void test_rollback_forgets_everything(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	uint64_t n = 99;

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	(void)put_workload(l, "docker:web");
	assert_int_equal(ledger_set_folded(l, "aa", 1, 2, 10), 0);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 2, &n), 0);
	assert_int_equal(n, 10);
	ledger_rollback(l);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_set_folded(l, "bb", 1, 2, 5), 0);
	assert_int_equal(ledger_get_folded(l, "aa", 1, 2, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(sum_of_records(l), 0);
}

static void test_losses_are_kept_and_joined_when_too_many(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Rows rows = { 0 };

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	assert_int_equal(ledger_begin(l), 0);
	for (usec_t i = 0; i < 9000; i++)
		assert_int_equal(ledger_add_loss(l, &(LedgerLoss){ .kind = "enobufs",
								   .from = NOW + 2 * i,
								   .to = NOW + 2 * i + 1,
								   .count = 2 }),
				 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_int_equal(ledger_each_loss(l, take_loss, &rows), 0);
	assert_int_equal(rows.n, 8192);
	assert_string_equal(rows.text[0], "enobufs");
	assert_true(rows.first == NOW + 2 * 8191 && rows.last == NOW + 2 * 8999 + 1);
	assert_int_equal(rows.count, 2 * (9000 - 8191));
}

static void print_speed_of_folding(void **state)
{
	enum { N = 10000 };
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	struct timespec a, b;
	int64_t workload, id;
	double took[2];

	(void)state;
	folder_make(&f);
	l = must_write(&f);
	for (unsigned round = 0; round < 2; round++) {
		clock_gettime(CLOCK_MONOTONIC, &a);
		assert_int_equal(ledger_begin(l), 0);
		for (unsigned i = 0; i < N; i++) {
			char name[32];
			uint64_t before;
			LedgerCall c;

			snprintf(name, sizeof(name), "docker:%u", i / 100);
			workload = put_workload(l, name);
			c = make_ledger_call(workload, put_subject(l, workload, i / 100), i % 100,
					     1);
			assert_int_equal(ledger_get_folded(l, "aa", i, 2, &before), 0);
			assert_true(ledger_add(l, &c, &id) >= 0);
			assert_int_equal(ledger_set_folded(l, "aa", i, 2, before + 1), 0);
		}
		assert_int_equal(ledger_commit(l), 0);
		clock_gettime(CLOCK_MONOTONIC, &b);
		took[round] = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
	}
	print_message("# ledger: %.0f new and %.0f known sightings folded per second\n",
		      N / took[0], N / took[1]);
}

UNIT_MAIN(cmocka_unit_test(test_sightings_add_up),
	  cmocka_unit_test(test_each_part_of_the_key_is_a_sighting_in_order),
	  cmocka_unit_test(test_calls_under_an_own_filter_are_counted_within_their_sighting),
	  cmocka_unit_test(test_walks_nest),
	  cmocka_unit_test(test_a_workload_is_refreshed_not_doubled),
	  cmocka_unit_test(test_bounds_hold_and_what_they_drop_is_counted),
	  cmocka_unit_test(test_programs_of_the_host_keep_no_container_out),
	  cmocka_unit_test(test_a_file_that_nobody_can_open_any_more_is_not_written),
	  cmocka_unit_test(test_subjects_of_a_workload_are_bounded_but_stay_counted),
	  cmocka_unit_test(test_examples_are_distinct_and_few),
	  cmocka_unit_test(test_hostile_texts_come_back_as_they_were),
	  cmocka_unit_test(test_folded_totals_belong_to_tally_slot_and_generation),
	  cmocka_unit_test(test_rollback_forgets_everything),
	  cmocka_unit_test(test_losses_are_kept_and_joined_when_too_many),
	  cmocka_unit_test(print_speed_of_folding))
