/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/source/line-reader: bytes to lines, whatever the sizes of the reads. */
#include "source/line-reader.h"
#include "tests/unit/unit.h"

static void feed(LineReader *r, const char *text, size_t n)
{
	size_t room;
	char *p = line_reader_room(r, &room);

	assert_true(n <= room);
	memcpy(p, text, n);
	line_reader_fed(r, n);
}

static void test_lines_are_whole_whatever_the_reads(void **state)
{
	static const char text[] = "one\r\n\ntwo\nlast";
	static const char *const want[] = { "one", "", "two", "last" };

	(void)state;
	for (size_t step = 1; step < sizeof(text); step++) {
		LineReader r;
		LineText line;
		size_t n = 0;

		assert_int_equal(line_reader_init(&r), 0);
		for (size_t at = 0; at < sizeof(text) - 1; at += step) {
			feed(&r, text + at, MIN(step, sizeof(text) - 1 - at));
			for (; line_reader_next(&r, &line); n++)
				assert_true(span_is(line.text, want[n]));
		}
		assert_int_equal(n, 3);
		assert_true(line_reader_last(&r, &line));
		assert_true(span_is(line.text, want[3]));
		assert_false(line_reader_last(&r, &line));
		line_reader_done(&r);
	}
}

static void test_a_long_line_is_cut_once_and_the_next_is_whole(void **state)
{
	static char block[LINE_READER_MAX];
	LineReader r;
	LineText line;
	unsigned too_long = 0, whole = 0;

	(void)state;
	memset(block, 'x', sizeof(block));
	assert_int_equal(line_reader_init(&r), 0);
	for (unsigned i = 0; i < 20; i++) {
		feed(&r, block, sizeof(block));
		while (line_reader_next(&r, &line)) {
			assert_true(line.too_long);
			assert_int_equal(line.text.n, LINE_READER_MAX);
			too_long++;
		}
	}
	feed(&r, "tail\nnext\n", 10);
	for (; line_reader_next(&r, &line); whole++)
		assert_true(!line.too_long && span_is(line.text, "next"));
	assert_int_equal(too_long, 1);
	assert_int_equal(whole, 1);
	assert_false(line_reader_last(&r, &line));
	line_reader_done(&r);
}

static void test_there_is_always_room_after_the_lines_were_taken(void **state)
{
	LineReader r;
	LineText line;
	size_t room;

	(void)state;
	assert_int_equal(line_reader_init(&r), 0);
	for (unsigned i = 0; i < 64; i++) {
		char *p = line_reader_room(&r, &room);

		assert_true(room > 0);
		memset(p, 'y', room);
		line_reader_fed(&r, room);
		while (line_reader_next(&r, &line))
			assert_true(line.too_long);
	}
	line_reader_done(&r);
}

UNIT_MAIN(cmocka_unit_test(test_lines_are_whole_whatever_the_reads),
	  cmocka_unit_test(test_a_long_line_is_cut_once_and_the_next_is_whole),
	  cmocka_unit_test(test_there_is_always_room_after_the_lines_were_taken))
