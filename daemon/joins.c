/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/joins.h"

bool joins_are_due(const Joins *j)
{
	return j->ring && join_ring_count(j->ring) != j->written;
}

/* One whose container is not known, or is over, has no lifetime to belong to; one whose lifetime
 * has no row yet comes with that, and so do all behind it. */
int joins_write(Joins *j, usec_t now)
{
	uint64_t hash;
	int r = 0;

	j->writing = j->written;
	j->waits = false;
	while (r == 0 && j->ring) {
		uint64_t at = j->writing;
		int64_t row;

		if (!join_ring_take(j->ring, &j->writing, &hash))
			break;
		row = lifetimes_row_by_hash(j->lifetimes, hash);
		if (row == -EAGAIN) {
			j->writing = at;
			j->waits = true;
			break;
		}
		if (row > 0)
			r = ledger_note_join(j->ledger, row, now);
	}
	return r;
}

bool joins_wait(const Joins *j)
{
	return j->waits;
}

void joins_committed(Joins *j)
{
	j->written = j->writing;
}
