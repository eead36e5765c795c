/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "util/buffer.h"

void buffer_done(Buffer *b)
{
	free(b->p);
	*b = BUFFER_NULL;
}

static bool buffer_reserve(Buffer *b, size_t more)
{
	size_t max = b->max ? b->max : BUFFER_MAX_DEFAULT, want;
	char *p;

	if (b->error)
		return false;
	if (more > max - b->n) {
		b->error = -E2BIG;
		return false;
	}
	if (b->n + more < b->allocated)
		return true;
	want = MAX(b->n + more + 1, b->allocated + b->allocated / 2);
	p = realloc(b->p, want);
	if (!p) {
		b->error = -ENOMEM;
		return false;
	}
	b->p = p;
	b->allocated = want;
	return true;
}

void buffer_add(Buffer *b, Span s)
{
	if (!buffer_reserve(b, s.n))
		return;
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void buffer_add_str(Buffer *b, const char *s)
{
	buffer_add(b, span_of(s));
}

void buffer_add_char(Buffer *b, char c)
{
	buffer_add(b, span_make(&c, 1));
}

void buffer_printf(Buffer *b, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		b->error = b->error ? b->error : -ENOMEM;
		return;
	}
	buffer_add(b, span_make(text, (size_t)n));
}

int buffer_error(const Buffer *b)
{
	return b->error;
}

char *buffer_steal(Buffer *b)
{
	char *p;

	if (!b->p)
		buffer_add(b, SPAN_LIT(""));
	p = b->error ? NULL : STEAL(b->p);
	buffer_done(b);
	return p;
}
