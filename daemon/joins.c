/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/joins.h"

bool joins_are_due(const Joins *j)
{
	return j->ring && join_ring_count(j->ring) != j->written;
}

/* One whose container is not known, or is over, has no lifetime to belong to. */
int joins_write(Joins *j, usec_t now)
{
	uint64_t hash;
	int r = 0;

	j->writing = j->written;
	while (r == 0 && j->ring && join_ring_take(j->ring, &j->writing, &hash)) {
		int64_t row = lifetimes_row_by_hash(j->lifetimes, hash);

		if (row != 0)
			r = ledger_note_join(j->ledger, row, now);
	}
	return r;
}

void joins_committed(Joins *j)
{
	j->written = j->writing;
}
