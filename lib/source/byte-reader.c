/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <lzma.h>
#include <poll.h>
#include <string.h>
#include <zlib.h>

#include "source/byte-reader.h"

#define INPUT_SIZE ((size_t)64 << 10)
#define LZMA_MEMORY_MAX ((uint64_t)128 << 20) /* xz -9 needs 65 MiB */
#define XZ_SLICE ((size_t)4 << 10)
#define GZIP_WITH_LARGEST_WINDOW (16 + MAX_WBITS)

typedef enum Form { FORM_UNKNOWN, FORM_PLAIN, FORM_GZIP, FORM_XZ } Form;

struct ByteReader {
	int fd;
	bool never_wait;
	Form form;
	bool ended;    /* nothing more comes from fd */
	bool finished; /* the compressed stream has ended properly */
	int failure;   /* of unpacking; told when what was good has been taken */
	uint64_t position;
	z_stream gzip;
	lzma_stream xz;
	size_t begin, end; /* of what input holds */
	unsigned char input[INPUT_SIZE];
};

static const struct {
	Form form;
	size_t n;
	unsigned char bytes[6];
} magics[] = {
	{ FORM_GZIP, 2, { 0x1f, 0x8b } },
	{ FORM_XZ, 6, { 0xfd, '7', 'z', 'X', 'Z', 0 } },
};

int byte_reader_new(int fd, bool never_wait, ByteReader **ret)
{
	ByteReader *b = calloc(1, sizeof(*b));

	if (!b)
		return -ENOMEM;
	b->fd = fd;
	b->never_wait = never_wait;
	*ret = b;
	return 0;
}

ByteReader *byte_reader_free(ByteReader *b)
{
	if (!b)
		return NULL;
	if (b->form == FORM_GZIP)
		inflateEnd(&b->gzip);
	if (b->form == FORM_XZ)
		lzma_end(&b->xz);
	free(b);
	return NULL;
}

/* A descriptor that is shared with others cannot be made non-blocking: ask before each read. */
static bool would_wait(const ByteReader *b)
{
	struct pollfd p = { .fd = b->fd, .events = POLLIN };

	return b->never_wait && poll(&p, 1, 0) == 0;
}

static ssize_t read_some(ByteReader *b, void *p, size_t n)
{
	ssize_t r;

	if (would_wait(b))
		return -EAGAIN;
	do
		r = read(b->fd, p, n);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	b->ended = r == 0;
	b->position += (uint64_t)r;
	return r;
}

/* More into input; 0 also at the end. */
static int fill(ByteReader *b)
{
	ssize_t r;

	if (b->ended)
		return 0;
	if (b->begin > 0) {
		memmove(b->input, b->input + b->begin, b->end - b->begin);
		b->end -= b->begin;
		b->begin = 0;
	}
	r = read_some(b, b->input + b->end, sizeof(b->input) - b->end);
	if (r > 0)
		b->end += (size_t)r;
	return r < 0 ? (int)r : 0;
}

static int start(ByteReader *b, Form form)
{
	b->form = form;
	if (form == FORM_GZIP && inflateInit2(&b->gzip, GZIP_WITH_LARGEST_WINDOW) != Z_OK) {
		b->form = FORM_PLAIN;
		return -ENOMEM;
	}
	if (form == FORM_XZ) {
		b->xz = (lzma_stream)LZMA_STREAM_INIT;
		if (lzma_stream_decoder(&b->xz, LZMA_MEMORY_MAX, LZMA_CONCATENATED) != LZMA_OK) {
			b->form = FORM_PLAIN;
			return -ENOMEM;
		}
	}
	return 0;
}

/* A line of text is decided by its first byte: a pipe need not wait for more. */
static int recognise(ByteReader *b)
{
	int r = fill(b);

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(magics); i++) {
		while (r == 0 && !b->ended && b->end > 0 && b->end < magics[i].n &&
		       memcmp(b->input, magics[i].bytes, b->end) == 0)
			r = fill(b);
		if (r == 0 && b->end >= magics[i].n &&
		    memcmp(b->input, magics[i].bytes, magics[i].n) == 0)
			return start(b, magics[i].form);
	}
	return r < 0 ? r : start(b, FORM_PLAIN);
}

static ssize_t read_plain(ByteReader *b, char *p, size_t n)
{
	size_t have = b->end - b->begin;

	if (have == 0)
		return b->ended ? 0 : read_some(b, p, n);
	n = MIN(n, have);
	memcpy(p, b->input + b->begin, n);
	b->begin += n;
	return (ssize_t)n;
}

/* What one step made. What is good in front of damage is given before the damage is told. */
static ssize_t made_by_step(ByteReader *b, size_t made, int failure)
{
	b->failure = failure;
	return made > 0 ? (ssize_t)made : failure;
}

/*
 * A file may hold several members, one behind the other, with zeros between: is there another one?
 * 1, 0 when more bytes must tell, or -EBADMSG.
 */
static int start_member(ByteReader *b)
{
	while (b->begin < b->end && b->input[b->begin] == 0)
		b->begin++;
	if (b->end - b->begin < 2 && !b->ended)
		return 0;
	if (b->begin == b->end)
		return 0;
	if (b->end - b->begin < 2 || memcmp(b->input + b->begin, "\x1f\x8b", 2) != 0 ||
	    inflateReset(&b->gzip) != Z_OK)
		return -EBADMSG;
	b->finished = false;
	return 1;
}

static ssize_t step_gzip(ByteReader *b, char *p, size_t n)
{
	int r = b->finished ? start_member(b) : 1;

	if (r <= 0)
		return made_by_step(b, 0, r);
	b->gzip.next_in = b->input + b->begin;
	b->gzip.avail_in = (uInt)(b->end - b->begin);
	b->gzip.next_out = (unsigned char *)p;
	b->gzip.avail_out = (uInt)n;
	r = inflate(&b->gzip, Z_NO_FLUSH);
	b->begin = b->end - b->gzip.avail_in;
	b->finished = r == Z_STREAM_END;
	if (r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR)
		r = 0;
	else
		r = r == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
	return made_by_step(b, n - b->gzip.avail_out, r);
}

static int lzma_failure(lzma_ret r)
{
	switch (r) {
	case LZMA_OK:
	case LZMA_STREAM_END:
	case LZMA_BUF_ERROR:
		return 0;
	case LZMA_MEMLIMIT_ERROR:
		return -E2BIG;
	case LZMA_MEM_ERROR:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}

/*
 * What liblzma has made in the call that meets damage is not to be trusted: a filter may not have
 * seen it. So it is given little room at a time.
 */
static ssize_t step_xz(ByteReader *b, char *p, size_t n)
{
	size_t made = 0, room;
	lzma_ret r;
	int failure;

	do {
		room = MIN(n - made, XZ_SLICE);
		b->xz.next_in = b->input + b->begin;
		b->xz.avail_in = b->end - b->begin;
		b->xz.next_out = (unsigned char *)p + made;
		b->xz.avail_out = room;
		r = lzma_code(&b->xz, b->ended ? LZMA_FINISH : LZMA_RUN);
		b->begin = b->end - b->xz.avail_in;
		b->finished = r == LZMA_STREAM_END;
		failure = lzma_failure(r);
		if (failure < 0)
			return made_by_step(b, made, failure);
		made += room - b->xz.avail_out;
	} while (r == LZMA_OK && b->xz.avail_out == 0 && made < n);
	return (ssize_t)made;
}

static ssize_t read_packed(ByteReader *b, char *p, size_t n)
{
	n = MIN(n, (size_t)1 << 30);
	for (;;) {
		bool over = b->ended && b->begin == b->end;
		ssize_t made;
		int r;

		if (b->failure < 0)
			return b->failure;
		if (over && b->finished)
			return 0;
		/* Also without input: there may be output for which there was no room. */
		made = b->form == FORM_XZ ? step_xz(b, p, n) : step_gzip(b, p, n);
		if (made != 0)
			return made;
		if (over && !b->finished)
			return -EBADMSG;
		r = fill(b);
		if (r < 0)
			return r;
	}
}

ssize_t byte_reader_read(ByteReader *b, char *p, size_t n)
{
	int r = b->form == FORM_UNKNOWN ? recognise(b) : 0;

	if (r < 0)
		return r;
	return b->form == FORM_PLAIN ? read_plain(b, p, n) : read_packed(b, p, n);
}

uint64_t byte_reader_position(const ByteReader *b)
{
	return b->position;
}

bool byte_reader_is_packed(Span head)
{
	for (size_t i = 0; i < ELEMENTSOF(magics); i++)
		if (head.n >= magics[i].n && memcmp(head.p, magics[i].bytes, magics[i].n) == 0)
			return true;
	return false;
}

const char *byte_reader_error(int r)
{
	return r == -EBADMSG ? "it is packed, and damaged or cut off"
	       : r == -E2BIG ? "unpacking it needs too much memory"
			     : strerror(-r);
}
