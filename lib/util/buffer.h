/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A growable byte buffer with an upper bound. After the first failure it stays failed (sticky), so
 * a caller checks once at the end with buffer_error(). .p is NUL-terminated whenever .n > 0. */
#include "util/span.h"

typedef struct Buffer {
	char *p;
	size_t n, allocated;
	size_t max; /* 0 = BUFFER_MAX_DEFAULT */
	int error;
} Buffer;

#define BUFFER_NULL ((Buffer){ 0 })
#define BUFFER_MAX_DEFAULT ((size_t)64 << 20)

void buffer_done(Buffer *b);
#define _cleanup_buffer_ _cleanup_(buffer_done)

void buffer_add(Buffer *b, Span s);
void buffer_add_str(Buffer *b, const char *s);
void buffer_add_char(Buffer *b, char c);
void buffer_printf(Buffer *b, const char *fmt, ...) _printf_(2, 3);

/* 0, -ENOMEM, or -E2BIG when the bound was reached. */
int buffer_error(const Buffer *b) _pure_;

/* The text as a NUL-terminated string that the caller frees; NULL when out of memory. The buffer
 * is empty afterwards. */
char *buffer_steal(Buffer *b) _must_check_;

static inline Span buffer_span(const Buffer *b)
{
	return (Span){ b->p, b->n };
}
