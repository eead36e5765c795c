/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Packs text, for the tests of what unpacks it. */
#include <lzma.h>
#include <zlib.h>

#include "util/buffer.h"

static inline void pack_must(bool good)
{
	if (!good)
		abort();
}

/* Adds @text as one member of a gzip file. */
static inline void pack_gzip(Buffer *b, Span text, int level)
{
	z_stream z = { 0 };
	size_t size = text.n + text.n / 1000 + 1024;
	_cleanup_free_ char *out = malloc(size);

	pack_must(out && deflateInit2(&z, level, Z_DEFLATED, 16 + MAX_WBITS, 8,
				      Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = (unsigned char *)out;
	z.avail_out = (uInt)size;
	pack_must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buffer_add(b, span_make(out, size - z.avail_out));
	deflateEnd(&z);
}

/* Adds @text as one stream of an xz file. */
static inline void pack_xz(Buffer *b, Span text)
{
	size_t size = text.n + text.n / 100 + 1024, n = 0;
	_cleanup_free_ char *out = malloc(size);

	pack_must(out &&
		  lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, (const unsigned char *)text.p,
					  text.n, (unsigned char *)out, &n, size) == LZMA_OK);
	buffer_add(b, span_make(out, n));
}
