/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "evidence/stretches.h"

void stretches_done(Stretches *s)
{
	free(s->rows);
}

int stretches_new(size_t max, Stretches *ret)
{
	*ret = (Stretches){ .rows = calloc(max + 1, sizeof(Stretch)) };
	return ret->rows ? 0 : -ENOMEM;
}

void stretches_add(Stretches *s, int64_t host, usec_t from, usec_t to)
{
	if (from < to)
		s->rows[s->n++] = (Stretch){ host, from, to };
}

static int by_start(const void *a, const void *b)
{
	const Stretch *x = a, *y = b;

	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

void stretches_join(Stretches *s)
{
	size_t kept = 0;

	if (s->n > 1)
		qsort(s->rows, s->n, sizeof(*s->rows), by_start);
	for (size_t i = 0; i < s->n; i++)
		if (kept > 0 && s->rows[i].host == s->rows[kept - 1].host &&
		    s->rows[i].from <= s->rows[kept - 1].to)
			s->rows[kept - 1].to = MAX(s->rows[kept - 1].to, s->rows[i].to);
		else
			s->rows[kept++] = s->rows[i];
	s->n = kept;
}

int stretches_cross(const Stretches *a, const Stretches *b, Stretches *ret)
{
	int r = stretches_new(a->n + b->n, ret);

	for (size_t i = 0, k = 0; r == 0 && i < a->n && k < b->n;) {
		const Stretch *x = &a->rows[i], *y = &b->rows[k];

		if (x->host == y->host)
			stretches_add(ret, x->host, MAX(x->from, y->from), MIN(x->to, y->to));
		if (x->host != y->host ? x->host < y->host : x->to < y->to)
			i++;
		else
			k++;
	}
	return r;
}

int stretches_length(const Stretches *s, usec_t *ret)
{
	_cleanup_stretches_ Stretches all = { 0 };
	int r = stretches_new(s->n, &all);

	for (size_t i = 0; r == 0 && i < s->n; i++)
		stretches_add(&all, 0, s->rows[i].from, s->rows[i].to);
	if (r < 0)
		return r;
	stretches_join(&all);
	*ret = 0;
	for (size_t i = 0; i < all.n; i++)
		*ret += all.rows[i].to - all.rows[i].from;
	return 0;
}
