/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-follow.h"
#include "evidence/ledger-private.h"

int ledger_changes(Ledger *l, int64_t *ret)
{
	return ledger_query_int(l, "PRAGMA data_version", ret);
}

static int followed_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const LedgerFollowedFunction *function = f;
	int64_t arch = sqlite3_column_int64(s, 3), action = sqlite3_column_int64(s, 5),
		origin = sqlite3_column_int64(s, 6);
	LedgerFollowed row = {
		.id = sqlite3_column_int64(s, 0),
		.workload = sqlite3_column_int64(s, 1),
		.workload_name = ledger_column_text(s, 2),
		.arch = (uint32_t)arch,
		.nr = sqlite3_column_int64(s, 4),
		.action = (Action)action,
		.origin = (Origin)origin,
		.count = ledger_column_u64(s, 7),
		.first = ledger_column_u64(s, 8),
		.last = ledger_column_u64(s, 9),
		.host = ledger_column_text(s, 10),
	};

	if (!ledger_call_is_sane(arch, action, origin, MEANS_NONE))
		return -EBADMSG;
	return (*function)(&row, userdata);
}

int ledger_each_recent(Ledger *l, int64_t after, usec_t since, LedgerFollowedFunction f,
		       void *userdata)
{
	const LedgerArg args[] = { ARG_INT(after), ARG_INT(since) };

	return ledger_walk(l, SQL_EACH_RECENT, args, ELEMENTSOF(args), followed_row, &f, userdata);
}

int ledger_each_newest(Ledger *l, const char *workload, usec_t since, uint32_t limit,
		       LedgerFollowedFunction f, void *userdata)
{
	const LedgerArg args[] = { ARG_TEXT(workload), ARG_INT(since), ARG_INT(limit) };

	return ledger_walk(l, SQL_EACH_NEWEST, args, ELEMENTSOF(args), followed_row, &f, userdata);
}

int ledger_last_sighting(Ledger *l, int64_t *ret)
{
	int64_t id = 0;
	int r = ledger_run_plain(l, SQL_LAST_SIGHTING, &id);

	if (r < 0)
		return r;
	*ret = id;
	return 0;
}

typedef struct FreshWalk {
	int (*f)(int64_t workload, uint64_t n, void *userdata);
} FreshWalk;

static int fresh_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const FreshWalk *w = f;

	return w->f(sqlite3_column_int64(s, 0), ledger_column_u64(s, 1), userdata);
}

int ledger_each_fresh(Ledger *l, usec_t since,
		      int (*f)(int64_t workload, uint64_t n, void *userdata), void *userdata)
{
	FreshWalk w = { f };

	return ledger_walk(l, SQL_EACH_FRESH, &ARG_INT(since), 1, fresh_row, &w, userdata);
}

typedef struct StageWalk {
	int (*f)(const LedgerStage *row, void *userdata);
} StageWalk;

static int stage_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const StageWalk *w = f;
	LedgerStage row = {
		.id = sqlite3_column_int64(s, 0),
		.name = ledger_column_text(s, 1),
		.stage = ledger_column_text(s, 2),
		.visibility = ledger_column_text(s, 3),
		.profile_hash = ledger_column_text(s, 4),
		.host = ledger_column_text(s, 5),
	};

	return w->f(&row, userdata);
}

int ledger_each_stage(Ledger *l, int (*f)(const LedgerStage *row, void *userdata), void *userdata)
{
	StageWalk w = { f };

	return ledger_walk(l, SQL_EACH_STAGE, NULL, 0, stage_row, &w, userdata);
}
