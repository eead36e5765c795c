/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger-merge: ledgers of any history, in any order, often or once, make the same
 * one. */
#include "tests/unit/merge-world.h"

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

static char *dump(const char *path)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (size_t i = 0; i < ELEMENTSOF(queries); i++) {
		buffer_add_str(&b, "--\n");
		ledger_query(path, NULL, queries[i], &b);
	}
	assert_int_equal(buffer_error(&b), 0);
	return buffer_steal(&b);
}

static void make_hosts(Ledgers *all)
{
	for (unsigned i = 0; i < HOSTS; i++)
		make_host(all, i);
}

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

UNIT_MAIN(cmocka_unit_test(test_however_ledgers_are_merged_it_is_the_same),
	  cmocka_unit_test(test_nothing_is_lost_and_nothing_twice))
