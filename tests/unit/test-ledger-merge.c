/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/ledger-merge: ledgers of many hosts, copies of them and what journals told of them, in
 * any order, over any steps and any number of times, make one and the same ledger. */
#include <sqlite3.h>

#include "evidence/journal-replay.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-merge.h"
#include "tests/unit/journal-help.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/lifetime-fixture.h"
#include "util/buffer.h"

#define HOSTS 4
#define COPIES 3 /* of each host's ledger, each later than the one before */
#define HOUR (3600 * USEC_PER_SEC)

/* ---- a ledger as text, without the numbers of its rows ---- */

#define KEY "h.name, w.name, p.hash, s.arch, s.nr, s.action, s.origin"
#define SIGHTINGS                                                                             \
	" FROM sighting s JOIN workload w ON w.id=s.workload JOIN host h ON h.id=w.host JOIN" \
	" profile p ON p.id=s.profile"

static const char *const queries[] = {
	"SELECT name, ledger, machine, hostname, named, heard, retired, doubled FROM host ORDER BY"
	" 1, 2, 3",
	"SELECT h.name, w.name, w.runtime, w.container_name, w.image, w.stage, w.visibility,"
	" p.hash, w.profile_source, w.dialect, w.refreshed, w.heuristic, w.revision,"
	" w.n_sightings, w.dropped, w.made FROM workload w JOIN host h ON h.id=w.host JOIN profile"
	" p ON p.id=w.profile ORDER BY 1, 2",
	"SELECT " KEY ", s.means, s.count, s.first, s.last, s.serial, s.own_filter, s.subjects,"
	" s.lifetimes, hex(r.keys)" SIGHTINGS
	" LEFT JOIN replayed r ON r.stretch=s.id AND r.workload=w.id ORDER BY 1, 2, 3, 4, 5, 6, 7",
	"SELECT " KEY ", e.comm, e.exe, e.ip, e.pid, e.time" SIGHTINGS
	" JOIN example e ON e.sighting=s.id ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
	"SELECT " KEY ", m.lifetime & 0xffffffffff, m.first" SIGHTINGS
	" JOIN making m ON m.sighting=s.id ORDER BY 1, 2, 3, 4, 5, 6, 7, 8",
	"SELECT " KEY ", u.kind, u.cause, u.name, u.first, u.last" SIGHTINGS
	" JOIN sighting_subject t ON t.sighting=s.id JOIN subject u ON u.id=t.subject"
	" ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
	"SELECT h.name, l.id & 0xffffffffff, l.kind, l.start, l.stop, l.count, l.revision, w.name"
	" FROM loss l JOIN host h ON h.id=l.host LEFT JOIN workload w ON w.id=l.workload"
	" ORDER BY 1, 2",
	"SELECT h.name, r.id & 0xffffffffff, r.boot, r.start, r.stop FROM run r JOIN host h ON"
	" h.id=r.host ORDER BY 1, 2",
	"SELECT h.name, w.name, f.id & 0xffffffffff, p.hash, f.name, f.kernel, f.start, f.stop,"
	" f.stop_seen, f.exit, f.joins, f.joined FROM lifetime f JOIN workload w ON"
	" w.id=f.workload JOIN host h ON h.id=f.host JOIN profile p ON p.id=f.profile ORDER BY 1,"
	" 2, 3",
	"SELECT h.name, w.name, o.hour, o.records, o.sightings, o.observed, o.complete FROM rollup"
	" o JOIN workload w ON w.id=o.workload JOIN host h ON h.id=w.host ORDER BY 1, 2, 3",
	"SELECT hash, json FROM profile ORDER BY 1",
	"SELECT value FROM meta WHERE key='replayed'",
};

static void run_sql(const char *path, const char *text, Buffer *ret)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW && ret) {
		for (int c = 0; c < sqlite3_column_count(s); c++)
			buffer_printf(ret, "%s|",
				      (const char *)sqlite3_column_text(s, c) ?: "NULL");
		buffer_add_char(ret, '\n');
	}
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	sqlite3_close(db);
}

static char *dump(const char *path)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (size_t i = 0; i < ELEMENTSOF(queries); i++) {
		buffer_add_str(&b, "--\n");
		run_sql(path, queries[i], &b);
	}
	assert_int_equal(buffer_error(&b), 0);
	return buffer_steal(&b);
}

/* What a person would do: the file of a ledger that is in use has a log beside it. */
static void copy_ledger(const char *path, const char *to)
{
	char text[256];

	snprintf(text, sizeof(text), "VACUUM INTO '%s'", to);
	run_sql(path, text, NULL);
}

static uint64_t ask(const char *path, const char *text)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	run_sql(path, text, &b);
	assert_int_equal(buffer_error(&b), 0);
	return strtoull(b.p, NULL, 10);
}

/* ---- merging ---- */

typedef struct Ledgers {
	char dir[64];
	char paths[HOSTS * COPIES + 4][128];
	size_t n, made;
} Ledgers;

static void ledgers_make(Ledgers *all, Folder *f)
{
	folder_make(f);
	*all = (Ledgers){ 0 };
	snprintf(all->dir, sizeof(all->dir), "%s", f->dir);
}

static const char *new_path(Ledgers *all, char *path)
{
	snprintf(path, 128, "%s/m%zu.db", all->dir, all->made++);
	return path;
}

static void merge(const char *to, const char *const *from, size_t n, LedgerMergeReport *ret)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
	LedgerMergeReport report;
	bool source = false;
	Diag d = { 0 };

	if (ledger_open_merge(to, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	for (size_t i = 0; i < n; i++) {
		_cleanup_(ledger_freep) Ledger *one = NULL;
		int r;

		if (ledger_open_reader(from[i], &one, &d) != 0)
			fail_msg("%s", d.text);
		r = ledger_merge_from(m, one, &source);
		if (r != 0)
			fail_msg("%s: %d %s %s", from[i], r, ledger_error(l), ledger_error(one));
	}
	assert_int_equal(ledger_merge_finish(m, ret ?: &report), 0);
	assert_int_equal(ledger_commit(l), 0);
	if (ret)
		ret->tellers = NULL;
}

/* ---- what daemons might have written ---- */

static int64_t pick_workload(Ledger *l, usec_t now)
{
	static const char *const names[] = { "docker:web", "docker:db", "unit:a.service" };
	static const char *const stages[] = { "log", "errno" };
	LedgerWorkload w = make_workload(names[random() % 3]);
	char profile[16], json[32];
	int64_t id = 0;

	snprintf(profile, sizeof(profile), "sha256:%ld", random() % 3);
	snprintf(json, sizeof(json), "{\"of\":\"%s\"}", profile);
	w.profile_hash = profile;
	w.profile_json = random() % 2 ? json : NULL;
	w.stage = stages[random() % 2];
	w.image = random() % 2 ? "nginx:1" : "nginx:2";
	w.now = now;
	assert_int_equal(ledger_put_workload(l, &w, &id), 0);
	return id;
}

static void make_calls(Ledger *l, int64_t workload, int64_t lifetime, usec_t now)
{
	int64_t subject = put_subject(l, workload, (unsigned)random() % 3), id;
	LedgerCall c = make_ledger_call(workload, subject, random() % 5, 1 + random() % 50);
	char comm[16];

	c.first = now - (usec_t)random() % 100;
	c.last = now;
	c.own_filter = random() % 2;
	c.serial = (uint32_t)random() % 1000;
	assert_true(ledger_add(l, &c, &id) >= 0);
	snprintf(comm, sizeof(comm), "c%ld", random() % 3);
	assert_int_equal(ledger_add_example(l, id, &(LedgerExample){ .comm = comm, .time = now }),
			 0);
	assert_int_equal(ledger_note_lifetime(l, id, lifetime, now, now), 0);
	assert_int_equal(
		ledger_add_hour(l, workload, &(LedgerHour){ .from = now, .records = c.count }), 0);
}

static int64_t make_lifetime(Ledger *l, int64_t workload, usec_t now)
{
	LedgerLifetime f = lifetime_of(workload, "sha256:1");
	int64_t id = 0;

	f.kernel = random() % 2 ? "6.1.0" : "6.2.0";
	f.from = now;
	assert_int_equal(ledger_begin_lifetime(l, &f, &id), 0);
	return id;
}

static int take_id(const LedgerLifetime *row, void *userdata)
{
	*(int64_t *)userdata = row->id;
	return 0;
}

/* One that an earlier copy has as running. */
static void end_one(Ledger *l, usec_t now)
{
	int64_t id = 0;

	assert_int_equal(ledger_each_open_lifetime(l, take_id, &id), 0);
	if (id == 0)
		return;
	assert_int_equal(ledger_note_join(l, id, now), 0);
	assert_int_equal(ledger_end_lifetime(l, id, now, true, LIFETIME_EXIT_FAILED), 0);
}

/* A daemon that runs for an hour, or some. */
static void live(Ledger *l, usec_t *now)
{
	int64_t run = 0, lifetime;
	unsigned steps = 1 + (unsigned)random() % 6;
	char boot[16];

	snprintf(boot, sizeof(boot), "boot-%ld", random());
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_begin_run(l, boot, *now, &run), 0);
	end_one(l, *now);
	for (unsigned i = 0; i < steps; i++) {
		int64_t workload = pick_workload(l, *now);

		*now += HOUR / 4;
		lifetime = make_lifetime(l, workload, *now);
		make_calls(l, workload, lifetime, *now);
		if (random() % 3 == 0)
			assert_int_equal(ledger_end_lifetime(l, lifetime, *now + 5, true,
							     LIFETIME_EXIT_GRACEFUL),
					 0);
		if (random() % 3 == 0)
			assert_int_equal(ledger_note_join(l, lifetime, *now), 0);
		if (random() % 2 == 0)
			assert_int_equal(
				ledger_add_loss(l, &(LedgerLoss){ "enobufs",
								  random() % 2 ? workload : 0,
								  *now - HOUR, *now,
								  (uint64_t)random() % 9 }),
				0);
		assert_int_equal(ledger_extend_run(l, run, *now), 0);
	}
	assert_int_equal(ledger_commit(l), 0);
}

/* The first two have one name, the second and third one machine, the last has no machine's id. */
static void make_host(Ledgers *all, unsigned i)
{
	static const char *const names[HOSTS] = { "web", "web", "db", "nobody" };
	static const char *const machines[HOSTS] = { MACHINE_A, MACHINE_B, MACHINE_B, "" };
	char path[128];
	usec_t now = NOW + (usec_t)random() % 10 * HOUR;

	snprintf(path, sizeof(path), "%s/host%u.db", all->dir, i);
	for (unsigned k = 0; k < COPIES; k++) {
		_cleanup_(ledger_freep) Ledger *l = NULL;
		char copy[128];
		Diag d = { 0 };

		if (ledger_open_writer(path, names[i], now, NULL, &l, &d) != 0)
			fail_msg("%s", d.text);
		assert_int_equal(ledger_know_machine(l, machines[i]), 0);
		live(l, &now);
		l = ledger_free(l);
		snprintf(copy, sizeof(copy), "%s/copy%u-%u.db", all->dir, i, k);
		copy_ledger(path, copy);
		memcpy(all->paths[all->n++], copy, sizeof(copy));
	}
}

static void make_hosts(Ledgers *all)
{
	for (unsigned i = 0; i < HOSTS; i++)
		make_host(all, i);
}

/* ---- the property ---- */

/* Each path at least once, some again, by way of ledgers in between. */
static void merge_anyhow(Ledgers *all, const char *to)
{
	char between[3][128];
	const char *list[3][2 * HOSTS * COPIES] = { 0 };
	size_t n[3] = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		size_t k = (size_t)random() % 3;

		list[k][n[k]++] = all->paths[i];
		k = (size_t)random() % 3;
		if (random() % 3 == 0)
			list[k][n[k]++] = all->paths[i];
	}
	for (size_t k = 0; k < 3; k++) {
		for (size_t i = n[k]; i > 1; i--) {
			size_t other = (size_t)random() % i;
			const char *kept = list[k][i - 1];

			list[k][i - 1] = list[k][other];
			list[k][other] = kept;
		}
		merge(new_path(all, between[k]), list[k], n[k], NULL);
	}
	/* some into what is there, some anew */
	merge(to, (const char *[]){ between[1] }, 1, NULL);
	merge(to, (const char *[]){ between[0], between[2], between[1] }, 3, NULL);
}

static void test_however_ledgers_are_merged_it_is_the_same(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= (UNIT_SHARE > 1 ? 1 : 2); seed++) {
		_cleanup_folder_ Folder f;
		_cleanup_free_ char *straight = NULL;
		const char *list[HOSTS * COPIES];
		char path[128];
		Ledgers all;

		srandom(seed);
		ledgers_make(&all, &f);
		make_hosts(&all);
		for (size_t i = 0; i < all.n; i++)
			list[i] = all.paths[i];
		merge(new_path(&all, path), list, all.n, NULL);
		straight = dump(path);
		for (unsigned k = 0; k < 2; k++) {
			_cleanup_free_ char *other = NULL;

			merge_anyhow(&all, new_path(&all, path));
			other = dump(path);
			assert_string_equal(straight, other);
		}
	}
}

/* The last copies have all, and what they say adds up. */
static void test_nothing_is_lost_and_nothing_twice(void **state)
{
	static const char *const sums[] = {
		"SELECT sum(count) FROM sighting", "SELECT count(*) FROM sighting",
		"SELECT count(*) FROM lifetime",   "SELECT count(*) FROM loss",
		"SELECT sum(stop-start) FROM run", "SELECT sum(records) FROM rollup",
		"SELECT count(*) FROM workload",   "SELECT count(*) FROM host WHERE name<>''",
		"SELECT count(*) FROM example",    "SELECT count(*) FROM making",
	};
	const char *list[HOSTS * COPIES];
	_cleanup_folder_ Folder f;
	LedgerMergeReport report;
	char path[128];
	Ledgers all;

	(void)state;
	srandom(7);
	ledgers_make(&all, &f);
	make_hosts(&all);
	for (size_t i = 0; i < all.n; i++)
		list[i] = all.paths[i];
	merge(new_path(&all, path), list, all.n, &report);
	for (size_t i = 0; i < ELEMENTSOF(sums); i++) {
		uint64_t sum = 0;

		for (size_t k = COPIES - 1; k < all.n; k += COPIES)
			sum += ask(all.paths[k], sums[i]);
		assert_true(sum > 0);
		assert_int_equal(ask(path, sums[i]), sum);
	}
	assert_int_equal(report.figures.records, ask(path, sums[0]));
	assert_int_equal(report.untold.records + report.untold.losses + report.untold.runs, 0);
}

/* ---- with what journals told ---- */

static void make_told(Ledgers *all, uint64_t count)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	char path[128];
	int64_t id, workload = 0;
	LedgerWorkload w = make_workload("podman:web");
	LedgerCall c;
	Diag d = { 0 };

	if (ledger_open_writer(new_path(all, path), "web1", NOW, NULL, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_know_machine(l, MACHINE_A), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_set_meta(l, "ledger_id", LEDGER_A), 0);
	assert_int_equal(ledger_put_workload(l, &w, &workload), 0);
	c = make_ledger_call(workload, 0, 39, count);
	c.profile_hash = "";
	assert_int_equal(ledger_add(l, &c, &id), LEDGER_NEW);
	assert_int_equal(ledger_commit(l), 0);
	l = ledger_free(l);
	copy_ledger(path, all->paths[all->n]);
}

static void make_journal(const char *path, uint64_t total, uint64_t count)
{
	_cleanup_(journal_replay_freep) JournalReplay *r = NULL;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	JournalReplayReport report;
	Diag d = { 0 };
	Entry e;

	assert_int_equal(ledger_open_journal(path, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(journal_replay_new(l, UINT32_MAX, NULL, &r), 0);
	entry_sighting(&e, LEDGER_A, "podman:web", 39, total, count);
	e.fields[JOURNAL_NAME_PROFILE] = SPAN_NULL;
	assert_int_equal(journal_replay_entry(r, e.fields, false, NOW), 0);
	assert_int_equal(journal_replay_finish(r, &report), 0);
	assert_int_equal(report.counts.rejected, 0);
	assert_int_equal(ledger_commit(l), 0);
}

static LedgerUntold meet(uint64_t seen, uint64_t total, uint64_t count, uint64_t *ret_records)
{
	_cleanup_folder_ Folder f;
	LedgerMergeReport report;
	char journal[128], out[128];
	Ledgers all;

	ledgers_make(&all, &f);
	snprintf(all.paths[0], sizeof(all.paths[0]), "%s/seen.db", f.dir);
	make_told(&all, seen);
	make_journal(new_path(&all, journal), total, count);
	merge(new_path(&all, out), (const char *[]){ journal, all.paths[0], journal }, 3, &report);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name<>''"), 1);
	assert_int_equal(report.figures.sightings, 1);
	*ret_records = report.figures.records;
	return report.untold;
}

static void test_a_journal_and_its_ledger_count_once(void **state)
{
	uint64_t records;

	(void)state;
	assert_int_equal(meet(30, 50, 20, &records).records, 0);
	assert_int_equal(records, 50);
	assert_int_equal(meet(80, 50, 20, &records).records, 0);
	assert_int_equal(records, 80);
	/* of 31 to 40 nobody tells when they were */
	assert_int_equal(meet(30, 50, 10, &records).records, 10);
	assert_int_equal(records, 50);
}

/* ---- hosts that are taken for each other ---- */

static void test_a_ledger_that_two_hosts_went_on_with_is_doubled(void **state)
{
	_cleanup_folder_ Folder f;
	char out[128];
	Ledgers all;
	usec_t now = NOW;

	(void)state;
	srandom(3);
	ledgers_make(&all, &f);
	for (unsigned i = 0; i < 2; i++) {
		_cleanup_(ledger_freep) Ledger *l = NULL;
		char path[128];
		Diag d = { 0 };

		if (ledger_open_writer(new_path(&all, path), "web", NOW, NULL, &l, &d) != 0)
			fail_msg("%s", d.text);
		assert_int_equal(ledger_know_machine(l, MACHINE_A), 0);
		assert_int_equal(ledger_set_meta(l, "ledger_id", LEDGER_A), 0);
		live(l, &now);
		l = ledger_free(l);
		snprintf(all.paths[i], sizeof(all.paths[i]), "%s/copy%u.db", f.dir, i);
		copy_ledger(path, all.paths[i]);
	}
	merge(new_path(&all, out), (const char *[]){ all.paths[0], all.paths[0] }, 2, NULL);
	assert_int_equal(ask(out, "SELECT sum(doubled) FROM host"), 0);
	merge(out, (const char *[]){ all.paths[1] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT sum(doubled) FROM host"), 1);
}

static void test_two_hosts_of_one_name_are_told_apart(void **state)
{
	_cleanup_folder_ Folder f;
	char out[128];
	Ledgers all;

	(void)state;
	srandom(5);
	ledgers_make(&all, &f);
	make_host(&all, 0);
	make_host(&all, 1);
	merge(new_path(&all, out), (const char *[]){ all.paths[0] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name='web'"), 1);
	merge(out, (const char *[]){ all.paths[COPIES] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name='web'"), 0);
	assert_int_equal(ask(out, "SELECT count(*) FROM host WHERE name LIKE 'web (ledger %'"), 2);
}

/* ---- what is refused ---- */

static void test_what_is_damaged_is_the_sources_fault(void **state)
{
	_cleanup_(ledger_freep) Ledger *l = NULL, *from = NULL;
	_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
	_cleanup_folder_ Folder f;
	bool source = false;
	char out[128];
	Diag d = { 0 };
	Ledgers all;

	(void)state;
	srandom(9);
	ledgers_make(&all, &f);
	make_host(&all, 0);
	run_sql(all.paths[0], "UPDATE sighting SET action=99", NULL);
	assert_int_equal(ledger_open_merge(new_path(&all, out), &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	assert_int_equal(ledger_open_reader(all.paths[0], &from, &d), 0);
	assert_int_equal(ledger_merge_from(m, from, &source), -EBADMSG);
	assert_true(source);
	m = ledger_merge_free(m);
	ledger_rollback(l);
}

static void test_who_is_retired_stays_so_until_it_speaks_again(void **state)
{
	_cleanup_folder_ Folder f;
	char out[128];
	Ledgers all;

	(void)state;
	srandom(11);
	ledgers_make(&all, &f);
	make_host(&all, 2);
	new_path(&all, out);
	merge(out, (const char *[]){ all.paths[0] }, 1, NULL);
	for (unsigned i = 0; i < 2; i++) {
		_cleanup_(ledger_freep) Ledger *l = NULL;
		_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
		LedgerMergeReport report;
		Diag d = { 0 };

		assert_int_equal(ledger_open_merge(out, &l, &d), 0);
		assert_int_equal(ledger_begin(l), 0);
		assert_int_equal(ledger_merge_new(l, &m), 0);
		assert_int_equal(ledger_merge_retire(m, "no such"), 0);
		assert_int_equal(ledger_merge_retire(m, "db"), 1);
		assert_int_equal(ledger_merge_finish(m, &report), 0);
		assert_int_equal(ledger_commit(l), 0);
	}
	assert_int_equal(ask(out, "SELECT retired>=heard FROM host WHERE name='db'"), 1);
	merge(out, (const char *[]){ all.paths[1] }, 1, NULL);
	assert_int_equal(ask(out, "SELECT retired>=heard FROM host WHERE name='db'"), 0);
}

/* Descriptors of ours on files whose name begins so. */
static unsigned open_files(const char *prefix)
{
	char name[64], target[512];
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++) {
		ssize_t length;

		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		length = readlink(name, target, sizeof(target));
		n += length > 0 && span_starts(span_make(target, (size_t)length), span_of(prefix));
	}
	return n;
}

/* The client does so: its figures are the merge's. */
static void test_a_ledger_may_end_before_its_merge(void **state)
{
	_cleanup_folder_ Folder f;
	Ledgers all = { 0 };
	char out[128];
	LedgerMerge *m = NULL;
	Ledger *l = NULL;
	Diag d = { 0 };

	(void)state;
	ledgers_make(&all, &f);
	assert_int_equal(ledger_open_merge(new_path(&all, out), &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	assert_int_equal(ledger_commit(l), 0);
	assert_true(open_files(out) > 0);
	ledger_free(l);
	ledger_merge_free(m);
	assert_int_equal(open_files(out), 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_ledger_may_end_before_its_merge),
	  cmocka_unit_test(test_however_ledgers_are_merged_it_is_the_same),
	  cmocka_unit_test(test_nothing_is_lost_and_nothing_twice),
	  cmocka_unit_test(test_a_journal_and_its_ledger_count_once),
	  cmocka_unit_test(test_a_ledger_that_two_hosts_went_on_with_is_doubled),
	  cmocka_unit_test(test_two_hosts_of_one_name_are_told_apart),
	  cmocka_unit_test(test_what_is_damaged_is_the_sources_fault),
	  cmocka_unit_test(test_who_is_retired_stays_so_until_it_speaks_again))
