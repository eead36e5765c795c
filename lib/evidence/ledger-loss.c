/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Losses, runs and hours. */
#include <errno.h>

#include "evidence/ledger-private.h"

#define HOUR (3600 * USEC_PER_SEC)

static LedgerArg arg_count(uint64_t n)
{
	return n == LEDGER_COUNT_UNKNOWN ? ARG_NULL : ARG_INT(MIN(n, LEDGER_COUNT_MAX));
}

static LedgerArg arg_workload(int64_t workload)
{
	return workload == 0 ? ARG_NULL : ARG_INT(workload);
}

/* ---- losses ---- */

static int widen(Ledger *l, int64_t row, const LedgerLoss *loss)
{
	return ledger_run(l, SQL_LOSS_WIDEN, NULL, ARG_INT(row), ARG_INT(loss->from),
			  ARG_INT(loss->to), arg_count(loss->count));
}

static int is_full(Ledger *l)
{
	int64_t n = 0;
	int r = ledger_run_plain(l, SQL_LOSS_COUNT, &n);

	return r < 0 ? r : n >= LEDGER_LOSSES_MAX;
}

/* A daemon that loses something every second must not fill the disk with saying so. */
static int find_to_widen(Ledger *l, const LedgerLoss *loss, int64_t *ret)
{
	int r;

	r = ledger_run(l, SQL_LOSS_NEXT_TO, ret, ARG_INT(l->host), ARG_TEXT(loss->kind),
		       arg_workload(loss->workload), ARG_INT(loss->from), ARG_INT(loss->to),
		       arg_count(loss->count));
	if (r != 0)
		return r;
	r = is_full(l);
	if (r <= 0)
		return r;
	r = ledger_run(l, SQL_LOSS_NEWEST, ret, ARG_INT(l->host), ARG_TEXT(loss->kind),
		       arg_workload(loss->workload));
	if (r <= 0)
		return r;
	r = ledger_run(l, SQL_META_INCREMENT, NULL, ARG_TEXT("joined_losses"));
	return r < 0 ? r : 1;
}

int ledger_add_loss(Ledger *l, const LedgerLoss *loss)
{
	int64_t row = 0;
	int r = find_to_widen(l, loss, &row);

	if (r < 0)
		return r;
	if (r > 0)
		return widen(l, row, loss);
	return ledger_run(l, SQL_LOSS_ADD, NULL, ARG_INT(l->host), ARG_TEXT(loss->kind),
			  arg_workload(loss->workload), ARG_INT(loss->from), ARG_INT(loss->to),
			  arg_count(loss->count));
}

int ledger_size_loss(Ledger *l, const char *kind, uint64_t count)
{
	int r = is_full(l);

	/* The row may have been widened by others, whose sizes nobody knows any more. */
	if (r != 0)
		return MIN(r, 0);
	return ledger_run(l, SQL_LOSS_SIZE, NULL, ARG_INT(l->host), ARG_TEXT(kind),
			  arg_count(count));
}

typedef struct LossWalk {
	int (*f)(const LedgerLoss *row, void *userdata);
} LossWalk;

static int loss_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const LossWalk *w = f;
	LedgerLoss row = {
		.kind = ledger_column_text(s, 0),
		.workload = sqlite3_column_int64(s, 1),
		.from = ledger_column_u64(s, 2),
		.to = ledger_column_u64(s, 3),
		.count = sqlite3_column_type(s, 4) == SQLITE_NULL ? LEDGER_COUNT_UNKNOWN
								  : ledger_column_u64(s, 4),
		.host = sqlite3_column_int64(s, 5),
	};

	return w->f(&row, userdata);
}

int ledger_each_loss(Ledger *l, int (*f)(const LedgerLoss *row, void *userdata), void *userdata)
{
	LossWalk w = { f };

	return ledger_walk(l, SQL_EACH_LOSS, NULL, 0, loss_row, &w, userdata);
}

/* ---- runs ---- */

/* Deletes one entry by @forget, and counts it, when @count says @max or more. */
static int make_room(Ledger *l, LedgerSql count, LedgerSql forget, const LedgerArg *args, size_t n,
		     int64_t max, const char *meta)
{
	int64_t have = 0;
	int r = ledger_run_args(l, count, args, n, &have);

	if (r < 0 || have < max)
		return r < 0 ? r : 0;
	r = ledger_run_args(l, forget, args, n, NULL);
	return r < 0 ? r : ledger_run(l, SQL_META_INCREMENT, NULL, ARG_TEXT(meta));
}

int ledger_begin_run(Ledger *l, const char *boot, usec_t now, int64_t *ret)
{
	int r = make_room(l, SQL_RUN_COUNT, SQL_RUN_FORGET, NULL, 0, LEDGER_RUNS_MAX,
			  "dropped_runs");

	if (r == 0)
		r = ledger_run(l, SQL_RUN_ADD, NULL, ARG_INT(l->host), ARG_TEXT(boot),
			       ARG_INT(now));
	if (r < 0)
		return r;
	*ret = sqlite3_last_insert_rowid(l->db);
	return 0;
}

int ledger_extend_run(Ledger *l, int64_t run, usec_t now)
{
	return ledger_run(l, SQL_RUN_EXTEND, NULL, ARG_INT(run), ARG_INT(now));
}

typedef struct RunWalk {
	int (*f)(const LedgerRun *row, void *userdata);
} RunWalk;

static int run_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const RunWalk *w = f;
	LedgerRun row = {
		.boot = ledger_column_text(s, 0),
		.from = ledger_column_u64(s, 1),
		.to = ledger_column_u64(s, 2),
		.host = sqlite3_column_int64(s, 3),
	};

	return w->f(&row, userdata);
}

int ledger_each_run(Ledger *l, int (*f)(const LedgerRun *row, void *userdata), void *userdata)
{
	RunWalk w = { f };

	return ledger_walk(l, SQL_EACH_RUN, NULL, 0, run_row, &w, userdata);
}

/* ---- hours ---- */

int ledger_add_hour(Ledger *l, int64_t workload, const LedgerHour *hour)
{
	const LedgerArg args[] = {
		ARG_INT(workload),        ARG_INT(hour->from / HOUR), ARG_INT(hour->records),
		ARG_INT(hour->sightings), ARG_INT(hour->observed),    ARG_INT(hour->complete),
	};
	int r = ledger_run_args(l, SQL_HOUR_GROW, args, ELEMENTSOF(args), NULL);

	if (r < 0 || sqlite3_changes(l->db) > 0)
		return r;
	r = make_room(l, SQL_HOUR_COUNT, SQL_HOUR_FORGET, args, 1, LEDGER_HOURS_PER_WORKLOAD,
		      "dropped_hours");
	if (r == 0)
		r = make_room(l, SQL_HOUR_COUNT_ALL, SQL_HOUR_FORGET_OF_ALL, NULL, 0,
			      LEDGER_HOURS_MAX, "dropped_hours");
	return r < 0 ? r : ledger_run_args(l, SQL_HOUR_ADD, args, ELEMENTSOF(args), NULL);
}

typedef struct HourWalk {
	int (*f)(const LedgerHour *row, void *userdata);
} HourWalk;

static int hour_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const HourWalk *w = f;
	LedgerHour row = {
		.from = ledger_column_u64(s, 0) * HOUR,
		.records = ledger_column_u64(s, 1),
		.sightings = ledger_column_u64(s, 2),
		.observed = ledger_column_u64(s, 3),
		.complete = ledger_column_u64(s, 4),
	};

	return w->f(&row, userdata);
}

int ledger_each_hour(Ledger *l, int64_t workload, usec_t since,
		     int (*f)(const LedgerHour *row, void *userdata), void *userdata)
{
	const LedgerArg args[] = { ARG_INT(workload), ARG_INT(since / HOUR) };
	HourWalk w = { f };

	return ledger_walk(l, SQL_EACH_HOUR, args, ELEMENTSOF(args), hour_row, &w, userdata);
}
