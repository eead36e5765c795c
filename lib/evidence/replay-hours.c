/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "evidence/replay-hours.h"
#include "util/array.h"

#define HOUR (3600 * USEC_PER_SEC)

void replay_hours_done(ReplayHours *h)
{
	free(h->rows);
	*h = (ReplayHours){ 0 };
}

/* Where @from is, or belongs. */
static size_t place_of(const ReplayHours *h, usec_t from)
{
	size_t low = 0, high = h->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (h->rows[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int insert(ReplayHours *h, size_t i, usec_t from)
{
	LedgerHour *rows = array_room(h->rows, h->n, &h->allocated, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	memmove(rows + i + 1, rows + i, (h->n - i) * sizeof(*rows));
	rows[i] = (LedgerHour){ .from = from };
	h->rows = rows;
	h->n++;
	return 0;
}

static void drop_first(ReplayHours *h)
{
	h->n--;
	memmove(h->rows, h->rows + 1, h->n * sizeof(*h->rows));
}

LedgerHour *replay_hours_find(ReplayHours *h, usec_t time)
{
	usec_t from = time - time % HOUR;
	size_t i = h->last;

	if (i >= h->n || h->rows[i].from != from)
		i = place_of(h, from);
	if (i == h->n || h->rows[i].from != from)
		return NULL;
	h->last = i;
	return &h->rows[i];
}

int replay_hours_add(ReplayHours *h, usec_t time, uint64_t records)
{
	LedgerHour *hour = replay_hours_find(h, time);
	int r = 0;

	if (!hour)
		r = insert(h, place_of(h, time - time % HOUR), time - time % HOUR);
	if (r < 0)
		return r;
	/* It may be the one that has no room. */
	if (h->n > h->max)
		drop_first(h);
	hour = replay_hours_find(h, time);
	if (hour)
		hour->records += records;
	return 0;
}
