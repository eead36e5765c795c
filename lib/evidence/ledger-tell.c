/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "evidence/ledger-private.h"
#include "util/parse.h"

#define META_SEQUENCE "told_sequence"

int ledger_get_id(Ledger *l, char ret[static LEDGER_ID_SIZE])
{
	return ledger_get_meta(l, "ledger_id", ret, LEDGER_ID_SIZE);
}

/* ---- sightings ---- */

int ledger_mark_new(Ledger *l, bool killed, uint32_t of_one, uint32_t limit)
{
	int64_t n = 0;
	int r = ledger_run(l, SQL_TELL_SHARES, &n, ARG_INT(killed));

	if (r < 0 || n == 0 || limit == 0)
		return MIN(r, 0);
	of_one = MIN(of_one, MAX((uint32_t)(limit / n), 1U));
	r = ledger_run(l, SQL_TELL_MARK_NEW, NULL, ARG_INT(killed), ARG_INT(of_one),
		       ARG_INT(limit));
	return r < 0 ? r : sqlite3_changes(l->db);
}

int ledger_mark_grown(Ledger *l, usec_t before, uint32_t limit)
{
	uint32_t n = 0;

	for (int killed = 1; killed >= 0 && n < limit; killed--) {
		int r = ledger_run(l, SQL_TELL_MARK, NULL, ARG_INT(killed), ARG_INT(before),
				   ARG_INT(limit - n));

		if (r < 0)
			return r;
		n += (uint32_t)sqlite3_changes(l->db);
	}
	return (int)n;
}

typedef struct TellingWalk {
	int (*f)(const LedgerTelling *t, void *userdata);
} TellingWalk;

static int telling_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const TellingWalk *w = f;
	int64_t kind = sqlite3_column_int64(s, 6), arch = sqlite3_column_int64(s, 8),
		action = sqlite3_column_int64(s, 10), origin = sqlite3_column_int64(s, 11),
		means = sqlite3_column_int64(s, 12);
	LedgerTelling t = {
		.sighting = sqlite3_column_int64(s, 0),
		.workload = ledger_column_text(s, 1),
		.container_name = ledger_column_text(s, 2),
		.image = ledger_column_text(s, 3),
		.stage = ledger_column_text(s, 4),
		.profile_hash = ledger_column_text(s, 5),
		.kind = (SubjectKind)kind,
		.subject = ledger_column_text(s, 7),
		.arch = (uint32_t)arch,
		.nr = sqlite3_column_int64(s, 9),
		.action = (Action)action,
		.origin = (Origin)origin,
		.means = (Means)means,
		.total = ledger_column_u64(s, 13),
		.serial = (uint32_t)ledger_column_u64(s, 14),
		.delta = ledger_column_u64(s, 15),
		.own_filter = ledger_column_u64(s, 16),
		.first = ledger_column_u64(s, 17),
		.last = ledger_column_u64(s, 18),
		.new = sqlite3_column_int64(s, 19) != 0,
		.subjects = (uint32_t)ledger_column_u64(s, 20),
		.lifetimes = (uint32_t)ledger_column_u64(s, 21),
	};

	if (kind < 0 || kind >= _SUBJECT_KIND_MAX ||
	    !ledger_call_is_sane(arch, action, origin, means))
		return -EBADMSG;
	return w->f(&t, userdata);
}

int ledger_each_telling(Ledger *l, int (*f)(const LedgerTelling *t, void *userdata), void *userdata)
{
	TellingWalk w = { f };

	return ledger_walk(l, SQL_EACH_TELLING, NULL, 0, telling_row, &w, userdata);
}

int ledger_set_sighting_told(Ledger *l, int64_t sighting, usec_t now)
{
	return ledger_run(l, SQL_SIGHTING_TOLD, NULL, ARG_INT(sighting), ARG_INT(MAX(now, 1U)));
}

int ledger_tell_clock(Ledger *l, usec_t now)
{
	return ledger_run(l, SQL_SIGHTING_CLOCK, NULL, ARG_INT(MAX(now, 1U)));
}

/* ---- workloads ---- */

typedef struct WorkloadWalk {
	int (*f)(const LedgerUntoldWorkload *w, void *userdata);
} WorkloadWalk;

static int workload_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const WorkloadWalk *w = f;
	LedgerUntoldWorkload row = {
		.id = sqlite3_column_int64(s, 0),
		.name = ledger_column_text(s, 1),
		.runtime = ledger_column_text(s, 2),
		.container_name = ledger_column_text(s, 3),
		.image = ledger_column_text(s, 4),
		.stage = ledger_column_text(s, 5),
		.visibility = ledger_column_text(s, 6),
		.profile_hash = ledger_column_text(s, 7),
		.profile_source = ledger_column_text(s, 8),
		.dialect = ledger_column_text(s, 9),
		.heuristic = sqlite3_column_int64(s, 10) != 0,
		.revision = ledger_column_u64(s, 11),
		.told = ledger_column_u64(s, 12),
		.told_stage = ledger_column_text(s, 13),
		.told_visibility = ledger_column_text(s, 14),
	};

	return w->f(&row, userdata);
}

int ledger_each_untold_workload(Ledger *l, usec_t before, usec_t now, uint32_t limit,
				int (*f)(const LedgerUntoldWorkload *w, void *userdata),
				void *userdata)
{
	const LedgerArg args[] = { ARG_INT(before), ARG_INT(now), ARG_INT(limit) };
	WorkloadWalk w = { f };

	return ledger_walk(l, SQL_EACH_UNTOLD_WORKLOAD, args, ELEMENTSOF(args), workload_row, &w,
			   userdata);
}

int ledger_set_workload_told(Ledger *l, int64_t id, uint64_t revision, bool blind_spot, usec_t now)
{
	return ledger_run(l, SQL_WORKLOAD_TOLD, NULL, ARG_INT(id), ARG_INT(now),
			  ARG_INT(blind_spot), ARG_INT(revision));
}

int ledger_set_blind_spot_told(Ledger *l, int64_t id, uint64_t revision, usec_t now)
{
	return ledger_run(l, SQL_BLIND_SPOT_TOLD, NULL, ARG_INT(id), ARG_INT(now),
			  ARG_INT(revision));
}

/* ---- gates ---- */

int ledger_next_gate(Ledger *l, int64_t after, int64_t *ret_id)
{
	return ledger_run(l, SQL_NEXT_GATE, ret_id, ARG_INT(after));
}

int ledger_get_gate(Ledger *l, int64_t id, GateVerdict *ret)
{
	int64_t gate = -1;
	int r = ledger_run(l, SQL_GATE_GET, &gate, ARG_INT(id));

	*ret = gate >= 0 && gate < _GATE_VERDICT_MAX ? (GateVerdict)gate : GATE_NEVER_TOLD;
	return MIN(r, 0);
}

int ledger_set_gate(Ledger *l, int64_t id, GateVerdict told)
{
	return ledger_run(l, SQL_GATE_SET, NULL, ARG_INT(id),
			  ARG_INT(told < _GATE_VERDICT_MAX ? (int)told : -1));
}

/* ---- losses ---- */

typedef struct LossWalk {
	int (*f)(const LedgerUntoldLoss *loss, void *userdata);
} LossWalk;

static int loss_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const LossWalk *w = f;
	LedgerUntoldLoss row = {
		.id = sqlite3_column_int64(s, 0),
		.kind = ledger_column_text(s, 1),
		.workload = ledger_column_text(s, 2),
		.from = ledger_column_u64(s, 3),
		.to = ledger_column_u64(s, 4),
		.count = sqlite3_column_type(s, 5) == SQLITE_NULL ? LEDGER_COUNT_UNKNOWN
								  : ledger_column_u64(s, 5),
		.revision = ledger_column_u64(s, 6),
		.longer = sqlite3_column_int64(s, 7) != 0,
	};

	return w->f(&row, userdata);
}

int ledger_each_untold_loss(Ledger *l, usec_t before, usec_t longer_before, usec_t now,
			    uint32_t limit, int (*f)(const LedgerUntoldLoss *loss, void *userdata),
			    void *userdata)
{
	const LedgerArg args[] = { ARG_INT(longer_before), ARG_INT(before), ARG_INT(now),
				   ARG_INT(limit) };
	LossWalk w = { f };

	return ledger_walk(l, SQL_EACH_UNTOLD_LOSS, args, ELEMENTSOF(args), loss_row, &w, userdata);
}

int ledger_set_loss_told(Ledger *l, int64_t id, uint64_t revision, usec_t now)
{
	return ledger_run(l, SQL_LOSS_TOLD, NULL, ARG_INT(id), ARG_INT(now), ARG_INT(revision));
}

/* ---- lifetimes ---- */

typedef struct LifetimeWalk {
	int (*f)(const LedgerUntoldLifetime *row, void *userdata);
} LifetimeWalk;

static int lifetime_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const LifetimeWalk *w = f;
	LedgerUntoldLifetime row = {
		.workload = ledger_column_text(s, LEDGER_LIFETIME_N),
		.profile = sqlite3_column_int64(s, LEDGER_LIFETIME_N + 1),
		.revision = ledger_column_u64(s, LEDGER_LIFETIME_N + 2),
	};
	int r = ledger_read_lifetime(s, &row.f);

	return r < 0 ? r : w->f(&row, userdata);
}

int ledger_each_untold_lifetime(Ledger *l, int64_t after, uint32_t limit,
				int (*f)(const LedgerUntoldLifetime *row, void *userdata),
				void *userdata)
{
	const LedgerArg args[] = { ARG_INT(after), ARG_INT(limit) };
	LifetimeWalk w = { f };

	return ledger_walk(l, SQL_EACH_UNTOLD_LIFETIME, args, ELEMENTSOF(args), lifetime_row, &w,
			   userdata);
}

int ledger_set_lifetime_told(Ledger *l, int64_t id, uint64_t revision)
{
	return ledger_run(l, SQL_LIFETIME_TOLD, NULL, ARG_INT(id), ARG_INT(revision));
}

int ledger_get_sequence(Ledger *l, uint64_t *ret)
{
	char text[24];
	int r = ledger_get_meta(l, META_SEQUENCE, text, sizeof(text));

	if (r < 0 || parse_u64(span_of(text), ret) < 0)
		*ret = 0;
	return r;
}

int ledger_set_sequence(Ledger *l, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	return ledger_set_meta(l, META_SEQUENCE, text);
}

/* ---- runs ---- */

typedef struct RunWalk {
	int (*f)(const LedgerUntoldRun *run, void *userdata);
} RunWalk;

static int run_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const RunWalk *w = f;
	LedgerUntoldRun row = {
		.id = sqlite3_column_int64(s, 0),
		.boot = ledger_column_text(s, 1),
		.from = ledger_column_u64(s, 2),
		.to = ledger_column_u64(s, 3),
		.told = ledger_column_u64(s, 4),
	};

	return w->f(&row, userdata);
}

int ledger_each_untold_run(Ledger *l, usec_t longer, uint32_t limit,
			   int (*f)(const LedgerUntoldRun *run, void *userdata), void *userdata)
{
	const LedgerArg args[] = { ARG_INT(longer), ARG_INT(limit) };
	RunWalk w = { f };

	return ledger_walk(l, SQL_EACH_UNTOLD_RUN, args, ELEMENTSOF(args), run_row, &w, userdata);
}

int ledger_set_run_told(Ledger *l, int64_t id, usec_t to)
{
	return ledger_run(l, SQL_RUN_TOLD, NULL, ARG_INT(id), ARG_INT(to));
}
