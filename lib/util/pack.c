/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "util/pack.h"

/* A piece is two lengths, of bytes and of zeros behind them, and the bytes. */
typedef struct Piece {
	uint16_t bytes, zeros;
} Piece;

/* Fewer zeros than a piece's head takes are bytes like others. */
#define RUN_MIN (sizeof(Piece) + 1)

static size_t zeros_at(const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] == 0)
		i++;
	return MIN(i, (size_t)UINT16_MAX);
}

/* How many bytes come before a run of zeros that is worth leaving out. */
static size_t bytes_at(const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i < n && i < UINT16_MAX) {
		size_t zeros = zeros_at(p + i, MIN(n - i, RUN_MIN));

		if (zeros == RUN_MIN || (zeros > 0 && i + zeros == n))
			break;
		i += MAX(zeros, (size_t)1);
	}
	return MIN(i, (size_t)UINT16_MAX);
}

void pack_zeros(const void *from, size_t n, Buffer *out)
{
	const unsigned char *p = from;

	while (n > 0) {
		size_t bytes = bytes_at(p, n), zeros = zeros_at(p + bytes, n - bytes);
		Piece piece = { (uint16_t)bytes, (uint16_t)zeros };

		buffer_add(out, span_make((const char *)&piece, sizeof(piece)));
		buffer_add(out, span_make((const char *)p, bytes));
		p += bytes + zeros;
		n -= bytes + zeros;
	}
}

int unpack_zeros(Span packed, void *to, size_t n)
{
	unsigned char *p = to;
	Piece piece;

	while (packed.n >= sizeof(piece)) {
		memcpy(&piece, packed.p, sizeof(piece));
		packed = span_from(packed, sizeof(piece));
		if (piece.bytes > packed.n || (size_t)piece.bytes + piece.zeros > n)
			return -EBADMSG;
		memcpy(p, packed.p, piece.bytes);
		memset(p + piece.bytes, 0, piece.zeros);
		p += piece.bytes + piece.zeros;
		n -= (size_t)piece.bytes + piece.zeros;
		packed = span_from(packed, piece.bytes);
	}
	return packed.n == 0 && n == 0 ? 0 : -EBADMSG;
}
