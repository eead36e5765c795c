/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what ran, the hours of the ledger. */
#include <errno.h>

#include "daemon/lifetime-private.h"

typedef struct Stretch {
	int64_t workload;
	usec_t from, to;
} Stretch;

static int by_workload(const void *a, const void *b)
{
	const Stretch *x = a, *y = b;

	if (x->workload != y->workload)
		return x->workload < y->workload ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* What ran since the last time; ended ones were there for a part of it. What comes while a pass is
 * on its way is for the next. */
static size_t list_running(const Lifetimes *t, usec_t now, Stretch *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (const LifetimeEntry *e = t->buckets[i]; e; e = e->next) {
			Stretch s = { e->workload, MAX(e->from, t->rolled),
				      e->to ? MIN(e->to, now) : now };

			if (e->workload != 0 && s.from < s.to)
				ret[n++] = s;
		}
	return n;
}

/* Instances side by side are one stretch of their workload. */
int lifetime_write_hours(Lifetimes *t, usec_t now, bool clean)
{
	_cleanup_free_ Stretch *rows = calloc(t->n + 1, sizeof(*rows));
	size_t n;
	int r = 0;

	if (!rows)
		return -ENOMEM;
	n = t->rolled ? list_running(t, now, rows) : 0;
	qsort(rows, n, sizeof(*rows), by_workload);
	for (size_t i = 0, k; r == 0 && i < n; i = k) {
		usec_t sum = 0, to = 0;

		for (k = i; k < n && rows[k].workload == rows[i].workload; k++) {
			usec_t from = MAX(rows[k].from, to);

			sum += rows[k].to > from ? rows[k].to - from : 0;
			to = MAX(to, rows[k].to);
		}
		r = ledger_add_hour(t->setup.ledger, rows[i].workload,
				    &(LedgerHour){ .from = rows[i].from,
						   .observed = sum,
						   .complete = clean ? sum : 0 });
	}
	t->writing_rolled = now;
	return r;
}
