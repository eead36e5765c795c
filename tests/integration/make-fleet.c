/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * make-fleet DIR HOSTS WORKLOADS DAYS: a ledger DIR/N.db for each of so many hosts, as their
 * daemons leave them after so many days up to now. All run the same workloads under the same
 * filters, each of which runs anew every day; which calls they made is not the same on any two
 * hosts in a row.
 */
#undef NDEBUG
#include <assert.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "audit/arch.h"
#include "evidence/ledger-history.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger.h"
#include "state/roots.h"
#include "tests/unit/lifetime-fixture.h"
#include "util/parse.h"

#define HOUR (3600 * USEC_PER_SEC)
#define DAY (24 * HOUR)
#define CALLS 24 /* of each workload */
#define KINDS 5  /* of hosts */

#define FILTER                                                                     \
	"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\"]," \
	"\"action\":\"SCMP_ACT_ALLOW\"}]}"

typedef struct Fleet {
	const char *dir;
	uint64_t hosts, workloads, days;
	usec_t now;
} Fleet;

typedef struct Making {
	const Fleet *fleet;
	Ledger *ledger;
	uint64_t kind;
	int64_t workload, subject, lifetime;
	const char *name, *profile;
} Making;

static void add_call(const Making *m, uint64_t k)
{
	LedgerCall call = { .workload = m->workload,
			    .subject = m->subject,
			    .profile_hash = m->profile,
			    .arch = ARCH_WORD_X86_64,
			    .nr = (int64_t)(20 + k),
			    .action = ACTION_LOG,
			    .origin = ORIGIN_WORKLOAD,
			    .means = MEANS_PROC,
			    .count = 1 + m->kind + k,
			    .first = m->fleet->now - m->fleet->days * DAY + k * HOUR / CALLS,
			    .last = m->fleet->now - k * USEC_PER_SEC };
	LedgerExample e = {
		.comm = "app", .exe = "/usr/bin/app", .ip = 0x7f01, .pid = 42, .time = call.last
	};
	int64_t sighting;

	assert(ledger_add(m->ledger, &call, &sighting) >= 0);
	assert(ledger_add_example(m->ledger, sighting, &e) >= 0);
	assert(ledger_note_lifetime(m->ledger, sighting, m->lifetime, call.first, call.last) >= 0);
}

static void add_day(Making *m, usec_t from, bool is_last)
{
	char incarnation[24];
	LedgerLifetime f = lifetime_of(m->workload, m->profile);
	LedgerHour hour = { .records = 3, .observed = HOUR, .complete = HOUR };

	snprintf(incarnation, sizeof(incarnation), "%" PRIu64, from);
	f.incarnation = incarnation;
	f.name = m->name;
	f.from = from;
	assert(ledger_begin_lifetime(m->ledger, &f, &m->lifetime) == 0);
	if (!is_last)
		assert(ledger_end_lifetime(m->ledger, m->lifetime, from + DAY - HOUR, true,
					   LIFETIME_EXIT_GRACEFUL) == 0);
	for (hour.from = from; hour.from < from + DAY; hour.from += HOUR)
		assert(ledger_add_hour(m->ledger, m->workload, &hour) == 0);
}

static void add_workload(Ledger *l, const Fleet *fleet, uint64_t kind, uint64_t i)
{
	char name[32], profile[24];
	Making m = { .fleet = fleet, .ledger = l, .kind = kind, .name = name, .profile = profile };
	LedgerWorkload w = { .name = name,
			     .runtime = "docker",
			     .container_name = name,
			     .image = "app:1",
			     .stage = "log",
			     .visibility = "full",
			     .profile_hash = profile,
			     .profile_json = FILTER,
			     .dialect = "docker",
			     .now = fleet->now };
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };

	snprintf(name, sizeof(name), "docker:app-%" PRIu64, i);
	snprintf(profile, sizeof(profile), "aa%" PRIu64, i);
	snprintf(key.name, sizeof(key.name), "%064" PRIx64, i);
	assert(ledger_put_workload(l, &w, &m.workload) >= 0);
	assert(ledger_put_subject(l, m.workload, &key, "/x", true, fleet->now, &m.subject) >= 0);
	for (uint64_t day = fleet->days; day > 0; day--)
		add_day(&m, fleet->now - day * DAY, day == 1);
	for (uint64_t k = 0; k < CALLS; k++)
		if ((kind + k) % KINDS != 0)
			add_call(&m, k);
}

/* What runs on this host is no part of a test. */
static void hide_host(Ledger *l)
{
	char key[64];

	for (size_t i = 0; state_roots_name(i); i++) {
		snprintf(key, sizeof(key), "state.%s", state_roots_name(i));
		assert(ledger_set_meta(l, key, "nonexistent") == 0);
	}
}

/* One whose calls are those of @kind. */
static void make_template(const Fleet *fleet, const char *path, uint64_t kind)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int64_t run;
	Diag d;

	assert(ledger_open_writer(path, "template", fleet->now, NULL, &l, &d) == 0);
	assert(ledger_begin(l) == 0);
	hide_host(l);
	assert(ledger_begin_run(l, "boot", fleet->now - fleet->days * DAY - HOUR, &run) == 0);
	assert(ledger_extend_run(l, run, fleet->now) == 0);
	for (uint64_t i = 1; i <= fleet->workloads; i++)
		add_workload(l, fleet, kind, i);
	assert(ledger_commit(l) == 0);
}

/* As a person copies one, when the template is called as the host is. */
static void make_host(const Fleet *fleet, sqlite3 *db, uint64_t host)
{
	char *text =
		sqlite3_mprintf("UPDATE host SET name='host-%llu', machine='%032llx';"
				"UPDATE meta SET value='%032llx' WHERE key='ledger_id';"
				"VACUUM INTO '%q/%llu.db'",
				(unsigned long long)host, (unsigned long long)host,
				(unsigned long long)host, fleet->dir, (unsigned long long)host);

	assert(text && sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_free(text);
}

int main(int argc, char **argv)
{
	Fleet fleet = { .now = (usec_t)time(NULL) * USEC_PER_SEC };
	char path[4096];
	sqlite3 *db;

	assert(argc == 5);
	fleet.dir = argv[1];
	assert(parse_u64(span_of(argv[2]), &fleet.hosts) == 0);
	assert(parse_u64(span_of(argv[3]), &fleet.workloads) == 0);
	assert(parse_u64(span_of(argv[4]), &fleet.days) == 0);
	for (uint64_t kind = 1; kind <= MIN(fleet.hosts, (uint64_t)KINDS); kind++) {
		snprintf(path, sizeof(path), "%s/template-%" PRIu64, fleet.dir, kind);
		make_template(&fleet, path, kind);
		assert(sqlite3_open(path, &db) == SQLITE_OK);
		assert(sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL) == SQLITE_OK);
		for (uint64_t host = kind; host <= fleet.hosts; host += KINDS)
			make_host(&fleet, db, host);
		assert(sqlite3_close(db) == SQLITE_OK);
		assert(unlink(path) == 0);
		snprintf(path, sizeof(path), "%s/template-%" PRIu64 ".lock", fleet.dir, kind);
		assert(unlink(path) == 0);
	}
	return 0;
}
