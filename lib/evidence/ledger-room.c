/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Room for one more sighting of a workload. Containers that share one share its room: when it is
 * full, whoever has introduced most by far gives way, the newest first, so that no flood of one
 * pushes out what another made or will make. What a container's own program did and what was
 * brought into it are two.
 */
#include <errno.h>

#include "evidence/ledger-private.h"

/* Of the limit, at a time: looking for it costs as much for one as for many. */
#define BATCH_SHARE 16

typedef struct Share {
	int64_t maker, origin, n;
} Share;

typedef struct Shares {
	Share own, largest;
} Shares;

static int share_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	Share row = { sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
		      sqlite3_column_int64(s, 2) };
	Shares *all = userdata;

	(void)f;
	if (row.n > all->largest.n)
		all->largest = row;
	if (row.maker == all->own.maker && row.origin == all->own.origin)
		all->own.n = row.n;
	return 0;
}

/* Each of them goes with all that belongs to it; the number of their records in *ret. */
static int evict(Ledger *l, int64_t workload, const Share *from, int64_t n, uint64_t *ret)
{
	static const LedgerSql steps[] = { SQL_ROOM_UNTIE, SQL_ROOM_EXAMPLES, SQL_ROOM_MAKINGS,
					   SQL_ROOM_EVICT };
	const LedgerArg args[] = { ARG_INT(workload), ARG_INT(from->maker), ARG_INT(from->origin),
				   ARG_INT(n) };
	int64_t records = 0;
	int r = ledger_run_args(l, SQL_ROOM_RECORDS, args, ELEMENTSOF(args), &records);

	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(steps); i++)
		r = ledger_run_args(l, steps[i], args, ELEMENTSOF(args), NULL);
	if (r < 0)
		return r;
	n = sqlite3_changes(l->db);
	r = ledger_run(l, SQL_WORKLOAD_DROP, NULL, ARG_INT(workload), ARG_INT(records));
	if (r >= 0)
		r = ledger_run(l, SQL_WORKLOAD_SHRANK, NULL, ARG_INT(workload), ARG_INT(n));
	*ret = (uint64_t)records;
	return r < 0 ? r : n > 0;
}

/* One that floods asks again with each of its calls. */
static bool was_refused(const Ledger *l, const LedgerCall *c)
{
	return l->refused.workload == c->workload && l->refused.maker == c->subject &&
	       l->refused.origin == (int64_t)c->origin;
}

int ledger_make_room(Ledger *l, const LedgerCall *c, uint64_t *ret_dropped)
{
	Shares all = { .own = { c->subject, (int64_t)c->origin, 0 } };
	LedgerArg of = ARG_INT(c->workload);
	int64_t room = 0, n;
	int r;

	*ret_dropped = 0;
	r = ledger_run(l, SQL_WORKLOAD_ROOM, &room, ARG_INT(c->workload),
		       ARG_INT(l->limits.sightings_per_workload));
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	if (room || was_refused(l, c))
		return room != 0;
	r = ledger_walk(l, SQL_ROOM_SHARES, &of, 1, share_row, NULL, &all);
	if (r < 0)
		return r;
	n = MIN((all.largest.n - all.own.n) / 2,
		MAX((int64_t)l->limits.sightings_per_workload / BATCH_SHARE, 1));
	r = n > 0 ? evict(l, c->workload, &all.largest, n, ret_dropped) : 0;
	if (r == 0) {
		l->refused.workload = c->workload;
		l->refused.maker = c->subject;
		l->refused.origin = (int64_t)c->origin;
	}
	return r;
}
