/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/edits.h"

/* E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), bounded: lists that
 * differ in more items than this are told as one replaced block. */
#define EDITS_MAX 1024

/* What the common start and end of both lists leave over. */
typedef struct Middle {
	const Span *a, *b;
	int n, m;
	bool *deleted, *inserted; /* one for each item of a and of b */
} Middle;

/* Row d of the trace holds how far along a each diagonal -d to d came with d edits. */
static int *row_of(int *trace, int d)
{
	return trace + d * d + d; /* rows 0 to d - 1 have d * d entries */
}

/* Diagonal @k is reached from the one above (an item of b inserted), not from the left. */
static bool goes_down(const int *previous, int k, int d)
{
	return k == -d || (k != d && previous[k - 1] < previous[k + 1]);
}

static int run_on(const Middle *m, int x, int k)
{
	while (x < m->n && x - k < m->m && span_eq(m->a[x], m->b[x - k]))
		x++;
	return x;
}

static bool fill_row(const Middle *m, int *trace, int d)
{
	int *row = row_of(trace, d), *previous = d > 0 ? row_of(trace, d - 1) : NULL, x;

	for (int k = -d; k <= d; k += 2) {
		if (!previous)
			x = 0;
		else
			x = goes_down(previous, k, d) ? previous[k + 1] : previous[k - 1] + 1;
		row[k] = run_on(m, x, k);
		if (row[k] >= m->n && row[k] - k >= m->m)
			return true;
	}
	return false;
}

static void mark_path(Middle *m, int *trace, int d)
{
	int x = m->n, y = m->m;

	for (; d > 0; d--) {
		const int *previous = row_of(trace, d - 1);
		int k = x - y;
		bool down = goes_down(previous, k, d);

		k += down ? 1 : -1;
		x = previous[k];
		y = x - k;
		if (down)
			m->inserted[y] = true;
		else
			m->deleted[x] = true;
	}
}

static int mark_edits(Middle *m)
{
	int limit = MIN(m->n + m->m, EDITS_MAX), d = 0;
	_cleanup_free_ int *trace =
		calloc((size_t)(limit + 1) * (size_t)(limit + 1), sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	while (d <= limit && !fill_row(m, trace, d))
		d++;
	if (d <= limit) {
		mark_path(m, trace, d);
		return 0;
	}
	memset(m->deleted, true, (size_t)m->n);
	memset(m->inserted, true, (size_t)m->m);
	return 0;
}

int edits_find(const Span *a, size_t n, const Span *b, size_t m, Edits *ret)
{
	size_t head = 0, tail = 0, least = MIN(n, m);
	Edits e = { .deleted = calloc(n + m + 1, sizeof(bool)) };
	Middle middle;
	int r;

	if (!e.deleted)
		return -ENOMEM;
	e.inserted = e.deleted + n;
	while (head < least && span_eq(a[head], b[head]))
		head++;
	while (tail < least - head && span_eq(a[n - tail - 1], b[m - tail - 1]))
		tail++;
	middle = (Middle){
		a + head,         b + head,         (int)(n - head - tail), (int)(m - head - tail),
		e.deleted + head, e.inserted + head
	};
	r = mark_edits(&middle);
	if (r < 0)
		free(e.deleted);
	else
		*ret = e;
	return r;
}

void edits_done(Edits *e)
{
	free(e->deleted);
	*e = (Edits){ 0 };
}
