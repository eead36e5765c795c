/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/span.h"

int span_compare(Span a, Span b)
{
	int r = a.n > 0 && b.n > 0 ? memcmp(a.p, b.p, MIN(a.n, b.n)) : 0;

	return r != 0 ? r : (a.n > b.n) - (a.n < b.n);
}

bool span_split(Span *rest, char sep, Span *part)
{
	const char *at;

	if (!rest->p)
		return false;
	at = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
	if (!at) {
		*part = *rest;
		*rest = SPAN_NULL;
		return true;
	}
	*part = span_make(rest->p, (size_t)(at - rest->p));
	*rest = span_from(*rest, part->n + 1);
	return true;
}

ssize_t span_rfind(Span a, Span needle)
{
	const char *at;

	if (needle.n == 0 || a.n < needle.n)
		return -1;
	for (size_t end = a.n - needle.n + 1; end > 0; end = (size_t)(at - a.p)) {
		at = memrchr(a.p, needle.p[0], end);
		if (!at)
			return -1;
		if (memcmp(at, needle.p, needle.n) == 0)
			return at - a.p;
	}
	return -1;
}

ssize_t span_find(Span a, Span needle)
{
	const char *at;

	if (needle.n == 0 || a.n < needle.n)
		return -1;
	at = memmem(a.p, a.n, needle.p, needle.n);
	return at ? at - a.p : -1;
}

bool span_copy(Span a, char *buf, size_t size)
{
	size_t n = MIN(a.n, size - 1);

	if (n > 0)
		memcpy(buf, a.p, n);
	buf[n] = '\0';
	return n == a.n && strlen(buf) == n;
}

char *span_dup(Span a)
{
	char *copy = malloc(a.n + 1);

	if (!copy)
		return NULL;
	if (a.n > 0)
		memcpy(copy, a.p, a.n);
	copy[a.n] = '\0';
	return copy;
}
