/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/progress: how far, how fast, how long still. tests/integration/client-progress.sh has the
 * terminal. */
#include <string.h>

#include "ctl/progress.h"
#include "tests/unit/unit.h"

static void assert_says(const Progress *p, uint64_t position, uint64_t count, uint64_t ms,
			const char *wanted)
{
	char text[PROGRESS_TEXT_MAX];

	assert_string_equal(progress_text(p, position, count, ms, 0, text), wanted);
}

static void test_of_a_known_whole_the_time_left_is_told(void **state)
{
	const Progress p = { .what = "lines", .total = 1000 };

	(void)state;
	assert_says(&p, 250, 500, 2000, "25 %, 6 s left: 500 lines, 250 per second");
	assert_says(&p, 1, 2, 1000000, "0 %, 11 d 13 h left: 2 lines, 0 per second");
	assert_says(&p, 0, 0, 1500, "0 %: 0 lines, 0 per second");
	assert_says(&p, 999, 3, 3000, "99 %, 0 s left: 3 lines, 1 per second");
}

static void test_more_than_the_whole_is_the_whole(void **state)
{
	const Progress p = { .what = "lines", .total = 1000 };

	(void)state;
	assert_says(&p, 5000, 7, 1000, "100 %, 0 s left: 7 lines, 7 per second");
	assert_says(&p, UINT64_MAX, 7, 0, "100 %, 0 s left: 7 lines, 7 per second");
}

static void test_without_a_whole_amount_and_rate_are_told(void **state)
{
	const Progress p = { .what = "lines" };

	(void)state;
	assert_says(&p, 0, 12345, 3000, "12345 lines, 4115 per second");
}

static void test_nothing_is_wider_than_the_terminal(void **state)
{
	const Progress p = { .what = "lines", .total = UINT64_MAX };
	char text[PROGRESS_TEXT_MAX];

	(void)state;
	for (size_t columns = 1; columns < 40; columns++)
		assert_int_equal(
			strlen(progress_text(&p, 1, UINT64_MAX / 1000, 1000, columns, text)),
			columns);
	assert_in_range(strlen(progress_text(&p, 1, UINT64_MAX / 1000, 1000, 0, text)), 40,
			PROGRESS_TEXT_MAX - 1);
}

static void test_without_a_terminal_nobody_waits(void **state)
{
	Progress p;

	(void)state;
	progress_terminal(-1);
	progress_start(&p, "lines", 1, true);
	assert_int_equal(p.fd, -1);
	progress_show(&p, 1, 1);
	progress_end(&p);
}

UNIT_MAIN(cmocka_unit_test(test_of_a_known_whole_the_time_left_is_told),
	  cmocka_unit_test(test_more_than_the_whole_is_the_whole),
	  cmocka_unit_test(test_without_a_whole_amount_and_rate_are_told),
	  cmocka_unit_test(test_nothing_is_wider_than_the_terminal),
	  cmocka_unit_test(test_without_a_terminal_nobody_waits))
