/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any bytes as a file that may be packed: how they arrive and how much is asked for at a time
 * changes neither what comes out nor how it ends. And what was packed comes out as it was, in how
 * many members whatever. What comes out is bounded here, since a small file may hold a huge one.
 */
#include <errno.h>
#include <fcntl.h>

#include "source/byte-reader.h"
#include "tests/unit/pack.h"
#include "util/hash.h"

#define OUTPUT_MAX ((size_t)256 << 10)
#define PACKED_MAX ((size_t)2 << 10)
#define MEMBERS 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Outcome {
	Buffer text;
	ssize_t end; /* 0, -errno, or 1 when OUTPUT_MAX was reached */
} Outcome;

static void check(bool good)
{
	if (!good)
		abort();
}

/* Reads until nothing more is there for now. */
static void take_all(ByteReader *r, size_t step, Outcome *ret)
{
	_cleanup_free_ char *room = malloc(step);

	check(room);
	while (ret->text.n < OUTPUT_MAX) {
		size_t want = MIN(step, OUTPUT_MAX - ret->text.n);

		ret->end = byte_reader_read(r, room, want);
		check(ret->end <= (ssize_t)want);
		if (ret->end <= 0)
			return;
		buffer_add(&ret->text, span_make(room, (size_t)ret->end));
	}
	ret->end = 1;
}

/* Once more at the end: it stays. */
static void check_end(ByteReader *r, Outcome *o, size_t size)
{
	char byte;

	check(byte_reader_position(r) <= size);
	if (o->end <= 0)
		check(byte_reader_read(r, &byte, 1) == o->end);
	if (o->end == 0)
		check(byte_reader_position(r) == size);
}

/* Through a pipe, @piece bytes at a time. */
static Outcome read_in_pieces(Span text, size_t piece, size_t step)
{
	_cleanup_(byte_reader_freep) ByteReader *r = NULL;
	Outcome o = { .end = -EAGAIN };
	size_t all = text.n;
	int fds[2];

	check(pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0 && byte_reader_new(fds[0], false, &r) == 0);
	while (o.end == -EAGAIN && text.n > 0) {
		Span part = span_first(text, piece);

		check(write(fds[1], part.p, part.n) == (ssize_t)part.n);
		text = span_from(text, part.n);
		take_all(r, step, &o);
	}
	close(fds[1]);
	if (o.end == -EAGAIN)
		take_all(r, step, &o);
	check_end(r, &o, all);
	close(fds[0]);
	return o;
}

static Outcome read_at_once(Span text)
{
	return read_in_pieces(text, text.n, OUTPUT_MAX);
}

/* What liblzma has unpacked in the call that meets damage is thrown away. */
static void check_same(Outcome *a, Outcome *b, bool may_keep_back)
{
	size_t n = MIN(a->text.n, b->text.n);

	check(a->end == b->end);
	check(a->text.n == b->text.n || (may_keep_back && a->end < 0));
	check(span_eq(span_first(buffer_span(&a->text), n), span_first(buffer_span(&b->text), n)));
	buffer_done(&a->text);
	buffer_done(&b->text);
}

static void check_unpacked(Span packed, Span text, size_t piece)
{
	Outcome whole = read_at_once(packed), pieces = read_in_pieces(packed, piece, 100);

	check(whole.end == 0 && span_eq(buffer_span(&whole.text), text));
	check_same(&whole, &pieces, false);
}

static void check_packed(Span text, uint64_t seed)
{
	_cleanup_buffer_ Buffer gzip = BUFFER_NULL, xz = BUFFER_NULL;
	Span rest = text;

	while (rest.n > 0) {
		Span part = span_first(rest, 1 + text.n / (1 + seed % MEMBERS));

		pack_gzip(&gzip, part, (int)(seed >> 8 & 1));
		rest = span_from(rest, part.n);
	}
	check_unpacked(buffer_span(&gzip), text, 1 + seed % 40);
	if (seed % 8 != 0)
		return;
	pack_xz(&xz, text);
	check_unpacked(buffer_span(&xz), text, 1 + seed % 40);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = span_make((const char *)data, size);
	uint64_t seed = hash_bytes(text, 1);
	Outcome whole, pieces;

	/* A pipe takes no more without a reader. */
	if (size == 0 || size > 60000)
		return 0;
	whole = read_at_once(text);
	pieces = read_in_pieces(text, 1 + seed % (size / 8 + 1), 1 + (seed >> 32) % 5000);
	check_same(&whole, &pieces, data[0] == 0xfd);
	if (size <= PACKED_MAX)
		check_packed(text, seed);
	return 0;
}
