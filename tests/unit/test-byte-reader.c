/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "source/byte-reader.h"
#include "tests/unit/pack.h"
#include "tests/unit/unit.h"

#define TEXT_SIZE 300000

static void fill_text(char *text)
{
	for (size_t i = 0; i < TEXT_SIZE; i++)
		text[i] = i % 61 == 60 ? '\n' : (char)('a' + i * i % 23);
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

	assert_int_equal(byte_reader_new(fd, false, &r), 0);
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
	pack_gzip(&gzip, all, 6);
	pack_xz(&xz, all);
	assert_reads(buffer_span(&gzip), all);
	assert_reads(buffer_span(&xz), all);
	buffer_add(&twice, all);
	buffer_add(&twice, all);
	pack_gzip(&gzip, all, 6);
	pack_xz(&xz, all);
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
	pack_gzip(&packed[0], all, 6);
	pack_xz(&packed[1], all);
	for (size_t i = 0; i < ELEMENTSOF(packed); i++) {
		Span bytes = buffer_span(&packed[i]);

		for (size_t n = 6; n < bytes.n; n += 1 + bytes.n / 50) {
			_cleanup_buffer_ Buffer got = BUFFER_NULL;

			assert_int_equal(read_all(span_first(bytes, n), 4096, &got), -EBADMSG);
			assert_true(got.n == 0 || span_starts(all, buffer_span(&got)));
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

/* The first byte of the second member is all that has come of it. */
static void test_a_member_may_begin_anywhere(void **state)
{
	_cleanup_(byte_reader_freep) ByteReader *r = NULL;
	_cleanup_buffer_ Buffer gzip = BUFFER_NULL;
	size_t first;
	char room[16];
	int fds[2];

	(void)state;
	pack_gzip(&gzip, SPAN_LIT("one "), 6);
	first = gzip.n + 1;
	pack_gzip(&gzip, SPAN_LIT("two"), 6);
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(byte_reader_new(fds[0], false, &r), 0);
	assert_int_equal(write(fds[1], gzip.p, first), first);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 4);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), -EAGAIN);
	assert_int_equal(write(fds[1], gzip.p + first, gzip.n - first), gzip.n - first);
	close(fds[1]);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 3);
	assert_memory_equal(room, "two", 3);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 0);
	close(fds[0]);
}

static void test_what_follows_the_end_is_told(void **state)
{
	const struct {
		Span tail;
		int end;
	} cases[] = {
		{ SPAN_LIT("\0\0\0\0\0"), 0 },
		{ SPAN_LIT("\0\0x"), -EBADMSG },
		{ SPAN_LIT("\x1f"), -EBADMSG },
		{ SPAN_LIT("text\n"), -EBADMSG },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_buffer_ Buffer gzip = BUFFER_NULL, got = BUFFER_NULL;

		pack_gzip(&gzip, SPAN_LIT("line\n"), 6);
		buffer_add(&gzip, cases[i].tail);
		assert_int_equal(read_all(buffer_span(&gzip), 4096, &got), cases[i].end);
		assert_true(span_is(buffer_span(&got), "line\n"));
	}
}

/* A damaged checksum stands behind everything: all of the text is good, as far as can be known. */
static void test_what_stands_in_front_of_damage_is_read(void **state)
{
	static char text[TEXT_SIZE];
	_cleanup_buffer_ Buffer gzip = BUFFER_NULL, xz = BUFFER_NULL;
	Buffer *packed[] = { &gzip, &xz };
	Span all = span_make(text, TEXT_SIZE);

	(void)state;
	fill_text(text);
	pack_gzip(&gzip, all, 6);
	gzip.p[gzip.n - 8] ^= 1;
	pack_xz(&xz, all);
	xz.p[xz.n - 1] ^= 1;
	for (size_t i = 0; i < ELEMENTSOF(packed); i++) {
		_cleanup_buffer_ Buffer got = BUFFER_NULL;

		assert_int_equal(read_all(buffer_span(packed[i]), 1 << 20, &got), -EBADMSG);
		assert_true(span_starts(all, buffer_span(&got)));
		/* liblzma cannot say which of its last bytes are good. */
		assert_in_range(got.n, packed[i] == &gzip ? TEXT_SIZE : TEXT_SIZE - 4096,
				TEXT_SIZE);
	}
}

/* Its head asks for a dictionary of 4 GiB, with a checksum that is right. */
static void test_memory_is_not_given_without_limit(void **state)
{
	_cleanup_buffer_ Buffer xz = BUFFER_NULL, got = BUFFER_NULL;
	unsigned char *head, *filter;
	uint32_t sum;
	size_t n;

	(void)state;
	pack_xz(&xz, SPAN_LIT("text"));
	head = (unsigned char *)xz.p + 12;
	n = (head[0] + 1U) * 4;
	/* The filter's number, the size of its property, and the property: the dictionary. */
	filter = memchr(head + 2, 0x21, n - 2);
	assert_non_null(filter);
	assert_int_equal(filter[1], 1);
	filter[2] = 40;
	sum = htole32(lzma_crc32(head, n - 4, 0));
	memcpy(head + n - 4, &sum, 4);
	assert_int_equal(read_all(buffer_span(&xz), 4096, &got), -E2BIG);
}

static void test_a_pipe_is_not_waited_for(void **state)
{
	_cleanup_(byte_reader_freep) ByteReader *r = NULL;
	char room[16];
	int fds[2];

	(void)state;
	/* What would wait ends the test by the alarm. */
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(byte_reader_new(fds[0], true, &r), 0);
	alarm(10);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), -EAGAIN);
	assert_int_equal(write(fds[1], "t", 1), 1);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 1);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), -EAGAIN);
	close(fds[1]);
	assert_int_equal(byte_reader_read(r, room, sizeof(room)), 0);
	alarm(0);
	close(fds[0]);
}

UNIT_MAIN(cmocka_unit_test(test_each_form_gives_the_text),
	  cmocka_unit_test(test_what_was_cut_or_damaged_is_told),
	  cmocka_unit_test(test_a_member_may_begin_anywhere),
	  cmocka_unit_test(test_what_follows_the_end_is_told),
	  cmocka_unit_test(test_what_stands_in_front_of_damage_is_read),
	  cmocka_unit_test(test_memory_is_not_given_without_limit),
	  cmocka_unit_test(test_a_pipe_is_not_waited_for))
