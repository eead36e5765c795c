/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Ledgers of several hosts, and what a merged one says. */
#include "evidence/journal-replay.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-merge.h"
#include "tests/unit/journal-help.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/ledger-query.h"
#include "tests/unit/lifetime-fixture.h"
#include "util/buffer.h"

#define HOSTS 4
#define COPIES 3 /* of each host's ledger, each later than the one before */
#define HOUR (3600 * USEC_PER_SEC)

/* What a person would do: the file of a ledger that is in use has a log beside it. */
static inline void copy_ledger(const char *path, const char *to)
{
	char text[256];

	snprintf(text, sizeof(text), "VACUUM INTO '%s'", to);
	ledger_query(path, NULL, text, NULL);
}

static inline uint64_t ask(const char *path, const char *text)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	ledger_query(path, NULL, text, &b);
	assert_int_equal(buffer_error(&b), 0);
	return strtoull(b.p, NULL, 10);
}

typedef struct Ledgers {
	char dir[64];
	char paths[HOSTS * COPIES + 4][128];
	size_t n, made;
} Ledgers;

static inline void ledgers_make(Ledgers *all, Folder *f)
{
	folder_make(f);
	*all = (Ledgers){ 0 };
	snprintf(all->dir, sizeof(all->dir), "%s", f->dir);
}

static inline const char *new_path(Ledgers *all, char *path)
{
	snprintf(path, 128, "%s/m%zu.db", all->dir, all->made++);
	return path;
}

static inline void merge(const char *to, const char *const *from, size_t n, LedgerMergeReport *ret)
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

static inline int64_t pick_workload(Ledger *l, usec_t now)
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

static inline void make_calls(Ledger *l, int64_t workload, int64_t lifetime, usec_t now)
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

static inline int64_t make_lifetime(Ledger *l, int64_t workload, usec_t now)
{
	LedgerLifetime f = lifetime_of(workload, "sha256:1");
	int64_t id = 0;

	f.kernel = random() % 2 ? "6.1.0" : "6.2.0";
	f.from = now;
	assert_int_equal(ledger_begin_lifetime(l, &f, &id), 0);
	return id;
}

static inline int take_id(const LedgerLifetime *row, void *userdata)
{
	*(int64_t *)userdata = row->id;
	return 0;
}

/* One that an earlier copy has as running. */
static inline void end_one(Ledger *l, usec_t now)
{
	int64_t id = 0;

	assert_int_equal(ledger_each_open_lifetime(l, take_id, &id), 0);
	if (id == 0)
		return;
	assert_int_equal(ledger_note_join(l, id, now), 0);
	assert_int_equal(ledger_end_lifetime(l, id, now, true, LIFETIME_EXIT_FAILED), 0);
}

/* A daemon that runs for an hour, or some. */
static inline void live(Ledger *l, usec_t *now)
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
static inline void make_host(Ledgers *all, unsigned i)
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
