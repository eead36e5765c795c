/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A workload of which all was seen, for long enough: two instances side by side, one after the
 * other renewed, and a call of low risk four weeks ago. */
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/lifetime-fixture.h"

#define DAY (86400 * USEC_PER_SEC)

static inline void put_calls(Ledger *l, int64_t workload, int64_t nr, usec_t first)
{
	LedgerCall c = make_ledger_call(workload, put_subject(l, workload, 1), nr, 1);
	int64_t id;

	c.first = first;
	c.last = NOW - DAY;
	assert_true(ledger_add(l, &c, &id) >= 0);
	c.origin = ORIGIN_EXEC;
	assert_true(ledger_add(l, &c, &id) >= 0);
}

/* Within a transaction. */
static inline int64_t put_watched(Ledger *l, const char *name)
{
	LedgerWorkload w = make_workload(name);
	LedgerLifetime f = lifetime_of(0, w.profile_hash);
	int64_t id;

	w.profile_json = "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["
			 "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}]}";
	assert_int_equal(ledger_put_workload(l, &w, &f.workload), 0);
	put_calls(l, f.workload, 27, NOW - 29 * DAY);
	for (usec_t i = 0; i < 4; i++) {
		f.name = i % 2 ? "one" : "two";
		f.from = NOW - (30 - 6 * i) * DAY;
		assert_int_equal(ledger_begin_lifetime(l, &f, &id), 0);
		assert_int_equal(
			ledger_end_lifetime(l, id, f.from + 10 * DAY, true, LIFETIME_EXIT_GRACEFUL),
			0);
	}
	return f.workload;
}

/* The daemon has watched all the time. */
static inline void put_run(Ledger *l)
{
	int64_t run;

	assert_int_equal(ledger_begin_run(l, "boot", NOW - 31 * DAY, &run), 0);
	assert_int_equal(ledger_extend_run(l, run, NOW), 0);
}
