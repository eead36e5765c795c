/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <sys/mman.h>
#include <zlib.h>

#include "source/byte-reader.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

#define TEXT_SIZE 300000

static void fill_text(char *text)
{
	for (size_t i = 0; i < TEXT_SIZE; i++)
		text[i] = i % 61 == 60 ? '\n' : (char)('a' + i * i % 23);
}

static void add_gzip(Buffer *b, Span text)
{
	z_stream z = { 0 };
	size_t size = text.n + 1024;
	_cleanup_free_ char *out = malloc(size);

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = (unsigned char *)out;
	z.avail_out = (uInt)size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buffer_add(b, span_make(out, size - z.avail_out));
	deflateEnd(&z);
}

static void add_xz(Buffer *b, Span text)
{
	size_t size = text.n + 1024, n = 0;
	_cleanup_free_ char *out = malloc(size);

	assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL,
						 (const unsigned char *)text.p, text.n,
						 (unsigned char *)out, &n, size),
			 LZMA_OK);
	buffer_add(b, span_make(out, n));
}

static int file_of(Span bytes)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* All that comes out of @bytes, read @step at a time; the last answer. */
static ssize_t read_all(Span bytes, size_t step, Buffer *ret)
{
	_cleanup_(byte_reader_freep) ByteReader *r = NULL;
	_cleanup_free_ char *room = malloc(step);
	_cleanup_close_ int fd = file_of(bytes);
	ssize_t n;

	assert_int_equal(byte_reader_new(fd, &r), 0);
	while ((n = byte_reader_read(r, room, step)) > 0)
		buffer_add(ret, span_make(room, (size_t)n));
	assert_true(byte_reader_position(r) <= bytes.n);
	if (n == 0) {
		assert_int_equal(byte_reader_position(r), bytes.n);
		assert_int_equal(byte_reader_read(r, room, step), 0);
	}
	return n;
}

static void assert_reads(Span bytes, Span wanted)
{
	static const size_t steps[] = { 100, 4096, 1 << 20 };

	for (size_t i = 0; i < ELEMENTSOF(steps); i++) {
		_cleanup_buffer_ Buffer got = BUFFER_NULL;

		assert_int_equal(read_all(bytes, steps[i], &got), 0);
		assert_true(span_eq(buffer_span(&got), wanted));
	}
}

static void test_each_form_gives_the_text(void **state)
{
	static char text[TEXT_SIZE];
	_cleanup_buffer_ Buffer gzip = BUFFER_NULL, xz = BUFFER_NULL, twice = BUFFER_NULL;
	Span all = span_make(text, TEXT_SIZE);

	(void)state;
	fill_text(text);
	assert_reads(all, all);
	assert_reads(SPAN_LIT("\x1f"), SPAN_LIT("\x1f"));
	assert_reads(SPAN_LIT("\xfd"
			      "7zX, a text"),
		     SPAN_LIT("\xfd"
			      "7zX, a text"));
	assert_reads(SPAN_LIT(""), SPAN_LIT(""));
	add_gzip(&gzip, all);
	add_xz(&xz, all);
	assert_reads(buffer_span(&gzip), all);
	assert_reads(buffer_span(&xz), all);
	buffer_add(&twice, all);
	buffer_add(&twice, all);
	add_gzip(&gzip, all);
	add_xz(&xz, all);
	assert_reads(buffer_span(&gzip), buffer_span(&twice));
	assert_reads(buffer_span(&xz), buffer_span(&twice));
}

static void test_what_was_cut_or_damaged_is_told(void **state)
{
	static char text[TEXT_SIZE];
	Buffer packed[2] = { BUFFER_NULL, BUFFER_NULL };
	Span all = span_make(text, TEXT_SIZE);

	(void)state;
	fill_text(text);
	add_gzip(&packed[0], all);
	add_xz(&packed[1], all);
	for (size_t i = 0; i < ELEMENTSOF(packed); i++) {
		Span bytes = buffer_span(&packed[i]);

		for (size_t n = 6; n < bytes.n; n += 1 + bytes.n / 50) {
			_cleanup_buffer_ Buffer got = BUFFER_NULL;

			assert_int_equal(read_all(span_first(bytes, n), 4096, &got), -EBADMSG);
			assert_true(span_starts(all, buffer_span(&got)));
		}
		for (size_t n = bytes.n / 2; n < bytes.n - 8; n += 1 + bytes.n / 20) {
			_cleanup_buffer_ Buffer got = BUFFER_NULL;

			packed[i].p[n] ^= 0x55;
			assert_int_equal(read_all(bytes, 4096, &got), -EBADMSG);
			packed[i].p[n] ^= 0x55;
		}
		buffer_done(&packed[i]);
	}
}

static void test_a_pipe_is_not_waited_for(void **state)
{
	_cleanup_(byte_reader_freep) ByteReader *r = NULL;
	char room[16];
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(byte_reader_new(fds[0], &r), 0);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), -EAGAIN);
	assert_int_equal(write(fds[1], "t", 1), 1);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 1);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), -EAGAIN);
	close(fds[1]);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 0);
	close(fds[0]);
}

UNIT_MAIN(cmocka_unit_test(test_each_form_gives_the_text),
	  cmocka_unit_test(test_what_was_cut_or_damaged_is_told),
	  cmocka_unit_test(test_a_pipe_is_not_waited_for))
