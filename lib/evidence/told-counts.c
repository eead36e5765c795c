/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/told-counts.h"

/* The first stretch that ends at @count or behind it. */
static size_t find(const ToldCounts *t, uint64_t count)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->rows[middle].to < count)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void replace(ToldCounts *t, size_t at, size_t n, ToldStretch by)
{
	memmove(t->rows + at + 1, t->rows + at + n, (t->n - at - n) * sizeof(*t->rows));
	t->rows[at] = by;
	t->n = t->n + 1 - n;
}

static void forget_shortest_hole(ToldCounts *t)
{
	size_t shortest = 1;

	for (size_t i = 2; i < t->n; i++)
		if (t->rows[i].from - t->rows[i - 1].to <
		    t->rows[shortest].from - t->rows[shortest - 1].to)
			shortest = i;
	replace(t, shortest - 1, 2,
		(ToldStretch){ t->rows[shortest - 1].from, t->rows[shortest].to });
}

bool told_counts_add(ToldCounts *t, uint64_t from, uint64_t to)
{
	size_t at = find(t, from), end = at;

	if (at < t->n && t->rows[at].from <= from && t->rows[at].to >= to)
		return false;
	for (; end < t->n && t->rows[end].from <= to; end++) {
		from = MIN(from, t->rows[end].from);
		to = MAX(to, t->rows[end].to);
	}
	replace(t, at, end - at, (ToldStretch){ from, to });
	if (t->n > TOLD_STRETCHES_MAX)
		forget_shortest_hole(t);
	return true;
}

uint64_t told_counts_greatest(const ToldCounts *t)
{
	return t->n > 0 ? t->rows[t->n - 1].to : 0;
}

uint64_t told_counts_missing(const ToldCounts *t)
{
	uint64_t missing = 0, end = 0;

	for (size_t i = 0; i < t->n; i++) {
		missing += t->rows[i].from - end;
		end = t->rows[i].to;
	}
	return missing;
}

static void write_number(Buffer *b, uint64_t n)
{
	for (; n > 0x7f; n >>= 7)
		buffer_add_char(b, (char)(n | 0x80));
	buffer_add_char(b, (char)n);
}

void told_counts_write(const ToldCounts *t, Buffer *out)
{
	uint64_t end = 0;

	for (size_t i = 0; i < t->n; i++) {
		write_number(out, t->rows[i].from - end);
		write_number(out, t->rows[i].to - t->rows[i].from);
		end = t->rows[i].to;
	}
}

/* Adds the next distance to @*at. */
static int read_number(Span *bytes, uint64_t *at)
{
	uint64_t n = 0;
	unsigned shift = 0;
	unsigned char c;

	do {
		if (bytes->n == 0 || shift > 56)
			return -EBADMSG;
		c = (unsigned char)*bytes->p;
		n |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
		*bytes = span_from(*bytes, 1);
	} while (c & 0x80);
	/* one form only for each number */
	if ((c == 0 && shift > 7) || __builtin_add_overflow(*at, n, at))
		return -EBADMSG;
	return 0;
}

int told_counts_read(Span bytes, ToldCounts *ret)
{
	uint64_t at = 0;

	ret->n = 0;
	while (bytes.n > 0) {
		ToldStretch s;

		if (read_number(&bytes, &at) < 0)
			return -EBADMSG;
		s.from = at;
		if (read_number(&bytes, &at) < 0)
			return -EBADMSG;
		s.to = at;
		if (s.from == s.to || ret->n == TOLD_STRETCHES_MAX ||
		    (ret->n > 0 && s.from == ret->rows[ret->n - 1].to))
			return -EBADMSG;
		ret->rows[ret->n++] = s;
	}
	return 0;
}
