/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/journal-replay: entries in any order, some of them twice, over one replay or several,
 * make one and the same ledger, and only seccompd's own make any. */

#include "evidence/journal-replay.h"
#include "tests/unit/journal-help.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/ledger-query.h"
#include "util/buffer.h"

#define ENTRIES_MAX 512

/* ---- a ledger as text, without the numbers of its rows ---- */

static const char *const queries[] = {
	"SELECT h.name, w.name, w.runtime, w.container_name, w.image, w.stage, w.visibility, "
	"p.hash,"
	" w.profile_source, w.dialect, w.refreshed, w.heuristic, w.revision, w.n_sightings,"
	" w.dropped, w.made FROM workload w JOIN host h ON h.id=w.host JOIN profile p ON"
	" p.id=w.profile ORDER BY 1, 2",
	"SELECT h.name, w.name, p.hash, s.arch, s.nr, s.action, s.origin, s.means, s.count, "
	"s.first,"
	" s.last, s.serial, s.own_filter, hex(r.keys) FROM sighting s JOIN workload w ON"
	" w.id=s.workload JOIN host h ON h.id=w.host JOIN profile p ON p.id=s.profile"
	" LEFT JOIN replayed r ON r.stretch=s.id AND r.workload=w.id ORDER BY 1, 2, 3, 4, 5, 6, 7",
	"SELECT h.name, l.id & 0xffffffffff, l.kind, l.start, l.stop, l.count, l.revision, w.name"
	" FROM loss l JOIN host h ON h.id=l.host LEFT JOIN workload w ON w.id=l.workload"
	" ORDER BY 1, 2",
	"SELECT h.name, r.id & 0xffffffffff, r.boot, r.start, r.stop FROM run r JOIN host h ON"
	" h.id=r.host ORDER BY 1, 2",
	"SELECT h.name, f.id & 0xffffffffff, w.name, p.hash, f.name, f.kernel, f.start, f.stop,"
	" f.stop_seen, f.exit, f.joins, f.joined FROM lifetime f JOIN workload w ON"
	" w.id=f.workload JOIN host h ON h.id=f.host JOIN profile p ON p.id=f.profile ORDER BY 1,"
	" 2",
	"SELECT h.name, w.name, s.nr, s.subjects, s.lifetimes, m.lifetime & 0xffffffffff, m.first"
	" FROM making m JOIN sighting s ON s.id=m.sighting JOIN workload w ON w.id=s.workload JOIN"
	" host h ON h.id=w.host ORDER BY 1, 2, 3, 6",
	"SELECT h.name, hex(r.keys) FROM replayed r JOIN host h ON h.id=r.stretch"
	" WHERE r.workload=0 ORDER BY 1",
	"SELECT value FROM meta WHERE key='replayed'",
	"SELECT name, ledger, machine, hostname, named, heard, retired, doubled FROM host ORDER BY "
	"1",
	"SELECT hash, json FROM profile ORDER BY 1",
};

static void dump(const Folder *f, Buffer *ret)
{
	for (size_t i = 0; i < ELEMENTSOF(queries); i++)
		ledger_query(f->path, NULL, queries[i], ret);
}

/* ---- a replay ---- */

/* of the last replay */
static size_t n_tellers;

static void replay(const Folder *f, const Entry *const *entries, size_t n, const char *only,
		   JournalReplayReport *ret)
{
	_cleanup_(journal_replay_freep) JournalReplay *r = NULL;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Diag d = { 0 };

	assert_int_equal(ledger_open_journal(f->path, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(journal_replay_new(l, UINT32_MAX, only, &r), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(
			journal_replay_entry(r, entries[i]->fields, false, entries[i]->time), 0);
	assert_int_equal(journal_replay_finish(r, ret), 0);
	assert_int_equal(ledger_commit(l), 0);
	n_tellers = ret->tellers->n;
	ret->tellers = NULL;
}

/* ---- what daemons might have written ---- */

typedef struct Entries {
	Entry rows[ENTRIES_MAX];
	size_t n;
} Entries;

static Entry *next_entry(Entries *all)
{
	assert_true(all->n < ENTRIES_MAX);
	return &all->rows[all->n++];
}

static void done_entry(Entries *all, Entry *e, const char *machine, const char *host)
{
	/* each its own; clocks are set back, too */
	e->time = NOW + all->n + (usec_t)random() % 1000 * ENTRIES_MAX;
	entry_set(e, JOURNAL_NAME_MACHINE, machine);
	entry_set(e, JOURNAL_NAME_HOSTNAME, host);
}

/* The first so many of those that there will be. */
static void write_makings(Entry *e, unsigned n)
{
	char list[256] = "";
	size_t at = 0;

	for (unsigned i = 1; i <= n; i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%u=%s", i > 1 ? " " : "", i,
				       i == 2 ? "-" : "2023-11-14T22:13:20.000001Z");
	entry_number(e, JOURNAL_NAME_MADE_BY, n);
	entry_number(e, JOURNAL_NAME_MADE_IN_COUNT, MIN(n, 3U));
	if (n > 0)
		entry_set(e, JOURNAL_NAME_MADE_IN, list);
}

static void write_lifetimes(Entries *all, const char *ledger, const char *machine, const char *host)
{
	static const char *const lists[] = {
		"1 2023-11-14T22:13:20.000001Z seen - - - 0 - a\n"
		"2 2023-11-14T22:13:20.000002Z found - - - 0 - b",
		"1 2023-11-14T22:13:20.000001Z seen - - - 2 2023-11-14T22:13:21.000000Z a",
		"2 2023-11-14T22:13:20.000002Z found 2023-11-14T22:13:30.000000Z missed unknown 0 "
		"- b",
		"1 2023-11-14T22:13:20.000001Z seen 2023-11-14T22:13:31.000000Z seen killed 2 "
		"2023-11-14T22:13:21.000000Z a\n"
		"3 2023-11-14T22:13:32.000000Z seen - - - 0 - a",
	};

	for (unsigned i = 0; i < ELEMENTSOF(lists); i++) {
		Entry *e = next_entry(all);

		/* the third never came */
		entry_lifetimes(e, ledger, "podman:ran", i + 1 + (i > 1), lists[i]);
		if (i % 2)
			entry_set(e, JOURNAL_NAME_PROFILE_JSON, i == 1 ? "{}" : "{\"b\":1}");
		if (i == 0)
			e->fields[JOURNAL_NAME_PROFILE] = SPAN_NULL;
		done_entry(all, e, machine, host);
	}
}

static void write_sightings(Entries *all, const char *ledger, const char *machine, const char *host)
{
	static const char *const workloads[] = { "podman:web", "podman:db", "unit:a.service" };

	for (unsigned nr = 0; nr < 6; nr++) {
		uint64_t total = 0;
		unsigned n = 1 + (unsigned)random() % 5;

		for (unsigned i = 0; i < n; i++) {
			Entry *e = next_entry(all);
			uint64_t count = 1 + (uint64_t)random() % 500;

			total += count;
			entry_sighting(e, ledger, workloads[nr % 3], nr, total, count);
			if (nr != 5) {
				entry_time(e, JOURNAL_NAME_FIRST, NOW + (usec_t)random() % 9);
				entry_time(e, JOURNAL_NAME_LAST, NOW + 10 + (usec_t)random() % 9);
			}
			write_makings(e, i);
			done_entry(all, e, machine, host);
			/* some entries never came through */
			if (random() % 8 == 0)
				all->n--;
		}
	}
}

static void write_history(Entries *all, const char *ledger, const char *machine, const char *host)
{
	static const char *const stages[] = { "log", "errno", "kill" };

	for (unsigned i = 1; i <= 6; i++) {
		Entry *e = next_entry(all);

		entry_run(e, ledger, (i + 2) / 3, NOW + i / 3, NOW + 10 * i);
		done_entry(all, e, machine, host);
		e = next_entry(all);
		entry_loss(e, ledger, 1 + i % 3, i, NOW - i, NOW + i, i % 2 ? "unknown" : "4");
		if (i % 3 == 1) {
			e->fields[JOURNAL_NAME_LOSS] = SPAN_LIT("sighting-limit");
			entry_set(e, JOURNAL_NAME_WORKLOAD, i == 4 ? "podman:web" : "podman:lost");
		}
		done_entry(all, e, machine, host);
		e = next_entry(all);
		entry_stage(e, ledger, i % 2 ? "podman:web" : "podman:idle", i, stages[i % 3]);
		done_entry(all, e, machine, host);
	}
}

static void write_forged(Entries *all)
{
	Entry *e = next_entry(all);

	entry_sighting(e, LEDGER_A, "podman:web", 1, 1000000, 1000000);
	entry_set(e, JOURNAL_NAME_UNIT, "user@1000.service");
	done_entry(all, e, MACHINE_A, "web1");
	e = next_entry(all);
	entry_sighting(e, LEDGER_A, "podman:web", 1, 1000000, 1000000);
	e->fields[JOURNAL_NAME_NR] = SPAN_NULL;
	done_entry(all, e, MACHINE_A, "web1");
}

static void write_all(Entries *all)
{
	all->n = 0;
	write_sightings(all, LEDGER_A, MACHINE_A, "web1");
	write_history(all, LEDGER_A, MACHINE_A, "web1");
	write_lifetimes(all, LEDGER_A, MACHINE_A, "web1");
	write_sightings(all, LEDGER_B, MACHINE_A, "web1");
	write_history(all, LEDGER_B, MACHINE_B, "web2");
	write_sightings(all, LEDGER_A, MACHINE_B, "web1");
	write_forged(all);
}

/* ---- properties ---- */

static size_t shuffle(const Entries *all, const Entry **ret)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		for (long times = random() % 4 ?: 1; times > 0; times--)
			ret[n++] = &all->rows[i];
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)random() % i;
		const Entry *e = ret[i - 1];

		ret[i - 1] = ret[k];
		ret[k] = e;
	}
	return n;
}

static void must_equal(const Folder *a, const Folder *b)
{
	_cleanup_buffer_ Buffer one = BUFFER_NULL, two = BUFFER_NULL;

	dump(a, &one);
	dump(b, &two);
	assert_string_equal(one.p, two.p);
}

static void test_order_repeats_and_cuts_make_no_difference(void **state)
{
	static const Entry *order[3 * ENTRIES_MAX];
	static Entries all;

	(void)state;
	for (unsigned round = 0; round < 12 / UNIT_SHARE; round++) {
		_cleanup_folder_ Folder straight, mixed;
		JournalReplayReport report, again;
		size_t n, cut;

		srandom(round);
		write_all(&all);
		folder_make(&straight);
		folder_make(&mixed);
		for (size_t i = 0; i < all.n; i++)
			order[i] = &all.rows[i];
		replay(&straight, order, all.n, NULL, &report);
		assert_int_equal(report.counts.forged, 1);
		assert_int_equal(report.counts.rejected, 1);
		assert_int_equal(n_tellers, 4);
		assert_int_equal(report.figures.lifetimes, 3);
		assert_int_equal(report.untold.entries, 1);
		n = shuffle(&all, order);
		cut = (size_t)random() % n;
		replay(&mixed, order + cut, n - cut, NULL, &again);
		replay(&mixed, order, cut, NULL, &again);
		must_equal(&straight, &mixed);
		assert_memory_equal(&report.figures, &again.figures, sizeof(report.figures));
		assert_memory_equal(&report.untold, &again.untold, sizeof(report.untold));
		/* and nothing is new now */
		replay(&mixed, order, n, NULL, &again);
		assert_false(again.changed);
		assert_int_equal(again.counts.again + again.counts.forged + again.counts.rejected,
				 n);
		must_equal(&straight, &mixed);
	}
}

static void take_one(const Entry *e, const char *only, JournalReplayReport *ret)
{
	_cleanup_folder_ Folder f;

	folder_make(&f);
	replay(&f, &e, 1, only, ret);
}

static void test_forger_is_the_first_that_is_known(void **state)
{
	_cleanup_folder_ Folder f;
	JournalReplayReport report;
	Entry nobody, one, other;
	const Entry *const all[] = { &nobody, &one, &other };

	(void)state;
	folder_make(&f);
	entry_sighting(&nobody, LEDGER_A, "podman:web", 1, 10, 10);
	entry_set(&nobody, JOURNAL_NAME_UID, "1000");
	one = other = nobody;
	entry_set(&one, JOURNAL_NAME_UID, "1001");
	entry_set(&one, JOURNAL_NAME_COMM, "one");
	entry_set(&other, JOURNAL_NAME_UID, "1002");
	entry_set(&other, JOURNAL_NAME_COMM, "other");
	replay(&f, all, 1, NULL, &report);
	assert_string_equal(report.forger.uid, "1000");
	assert_string_equal(report.forger.comm, "");
	replay(&f, all, 3, NULL, &report);
	assert_int_equal(report.counts.forged, 3);
	assert_string_equal(report.forger.uid, "1001");
	assert_string_equal(report.forger.comm, "one");
}

static void test_each_entry_is_counted_for_what_it_is(void **state)
{
	JournalReplayReport report;
	Entry e;

	(void)state;
	entry_sighting(&e, LEDGER_A, "podman:web", 1, 10, 10);
	take_one(&e, NULL, &report);
	assert_true(report.changed);
	assert_int_equal(report.figures.records, 10);
	assert_int_equal(n_tellers, 1);
	take_one(&e, LEDGER_B, &report);
	assert_false(report.changed);
	assert_int_equal(report.counts.other, 1);
	assert_int_equal(n_tellers, 0);
	entry_set(&e, JOURNAL_NAME_UID, "1000");
	entry_set(&e, JOURNAL_NAME_EXE, "/usr/bin/logger");
	entry_set(&e, JOURNAL_NAME_COMM, "logger");
	take_one(&e, NULL, &report);
	assert_false(report.changed);
	assert_int_equal(report.counts.genuine, 0);
	assert_int_equal(report.counts.forged, 1);
	assert_string_equal(report.forger.uid, "1000");
	assert_string_equal(report.forger.exe, "/usr/bin/logger");
	assert_string_equal(report.forger.comm, "logger");
	assert_string_equal(report.forger.unit, "seccompd.service");
	entry_sighting(&e, LEDGER_A, "podman:web", 1, 10, 10);
	entry_set(&e, JOURNAL_NAME_TOTAL, "x");
	take_one(&e, NULL, &report);
	assert_int_equal(report.counts.rejected, 1);
	assert_string_equal(report.fault.field, "SECCOMP_TOTAL");
	entry_begin(&e, SECCOMPD_MESSAGE_GATE_CHANGED, LEDGER_A);
	take_one(&e, NULL, &report);
	assert_int_equal(report.counts.other, 1);
}

static void test_a_host_has_its_name_and_two_of_one_name_have_two(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_folder_ Folder f;
	const Entry *order[3];
	JournalReplayReport report;
	Entry rows[3];

	(void)state;
	folder_make(&f);
	for (unsigned i = 0; i < 3; i++) {
		entry_sighting(&rows[i], i == 2 ? LEDGER_B : LEDGER_A, "podman:web", 1, 10, 10);
		entry_set(&rows[i], JOURNAL_NAME_MACHINE, i == 1 ? MACHINE_B : MACHINE_A);
		entry_set(&rows[i], JOURNAL_NAME_HOSTNAME, i == 2 ? "db1" : "web1");
		order[i] = &rows[i];
	}
	replay(&f, order, 3, NULL, &report);
	assert_int_equal(report.figures.workloads, 3);
	dump(&f, &b);
	assert_non_null(strstr(b.p, "db1|podman:web|"));
	assert_non_null(
		strstr(b.p, "web1 (ledger " LEDGER_A ", machine " MACHINE_A ")|podman:web"));
	assert_non_null(
		strstr(b.p, "web1 (ledger " LEDGER_A ", machine " MACHINE_B ")|podman:web"));
}

static void test_a_field_that_was_cut_makes_no_entry(void **state)
{
	_cleanup_(journal_replay_freep) JournalReplay *r = NULL;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_folder_ Folder f;
	Diag d = { 0 };
	Entry e;

	(void)state;
	folder_make(&f);
	assert_int_equal(ledger_open_journal(f.path, &l, &d), 0);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(journal_replay_new(l, UINT32_MAX, NULL, &r), 0);
	entry_sighting(&e, LEDGER_A, "podman:web", 1, 10, 10);
	assert_int_equal(journal_replay_entry(r, e.fields, true, NOW), 0);
	assert_int_equal(journal_replay_counts(r)->rejected, 1);
	ledger_rollback(l);
}

UNIT_MAIN(cmocka_unit_test(test_order_repeats_and_cuts_make_no_difference),
	  cmocka_unit_test(test_forger_is_the_first_that_is_known),
	  cmocka_unit_test(test_each_entry_is_counted_for_what_it_is),
	  cmocka_unit_test(test_a_host_has_its_name_and_two_of_one_name_have_two),
	  cmocka_unit_test(test_a_field_that_was_cut_makes_no_entry))
