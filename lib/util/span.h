/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A borrowed stretch of bytes: never owned, never NUL-terminated, may hold any byte. */
#include <string.h>
#include "util/macro.h"

typedef struct Span {
	const char *p;
	size_t n;
} Span;

#define SPAN_NULL ((Span){ NULL, 0 })
#define SPAN_LIT(s) ((Span){ (s), sizeof(s) - 1 })

static inline Span span_make(const char *p, size_t n)
{
	return (Span){ p, n };
}

static inline Span span_of(const char *s)
{
	return (Span){ s, s ? strlen(s) : 0 };
}

static inline bool span_eq(Span a, Span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool span_is(Span a, const char *s)
{
	return span_eq(a, span_of(s));
}

/* As strcmp(): below, equal, above 0. */
int span_compare(Span a, Span b) _pure_;

static _always_inline_ bool span_starts(Span a, Span prefix)
{
	return prefix.n == 0 || (a.n >= prefix.n && memcmp(a.p, prefix.p, prefix.n) == 0);
}

static inline bool span_ends(Span a, Span suffix)
{
	return suffix.n == 0 ||
	       (a.n >= suffix.n && memcmp(a.p + a.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* The part of @a from byte @n on; empty when @a is shorter. */
static inline Span span_from(Span a, size_t n)
{
	return n >= a.n ? (Span){ a.p + a.n, 0 } : (Span){ a.p + n, a.n - n };
}

/* The first @n bytes of @a, or all of it. */
static inline Span span_first(Span a, size_t n)
{
	return (Span){ a.p, n < a.n ? n : a.n };
}

/* Removes @prefix from the front of @a if it is there; says whether it was. */
static _always_inline_ bool span_skip(Span *a, Span prefix)
{
	if (!span_starts(*a, prefix))
		return false;
	*a = (Span){ a->p + prefix.n, a->n - prefix.n };
	return true;
}

/* Cuts the part of @rest before @sep into @part and moves @rest behind @sep. Without @sep the
 * whole of @rest is the part. False when @rest is exhausted (its .p is NULL). */
bool span_split(Span *rest, char sep, Span *part);

/* Offset of the last occurrence of @needle in @a, or -1. */
ssize_t span_rfind(Span a, Span needle) _pure_;

/* Offset of the first occurrence of @needle in @a, or -1. */
ssize_t span_find(Span a, Span needle) _pure_;

/* Copies @a into @buf, cut to @size - 1 bytes, NUL-terminated. False when it was cut or holds NUL. */
bool span_copy(Span a, char *buf, size_t size);

/* A new NUL-terminated copy that the caller frees; NULL when out of memory. */
char *span_dup(Span a) _must_check_;
