/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/line-input.c: lines from a pipe, until the end or a signal. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "ctl/line-input.h"
#include "tests/unit/unit.h"

static int ends[2];

static int set_up(void **state)
{
	(void)state;
	return pipe2(ends, O_CLOEXEC);
}

static int tear_down(void **state)
{
	(void)state;
	close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
	return 0;
}

static void say(const char *text)
{
	assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
}

static void expect(LineInput *in, const char *wanted)
{
	char *line = line_input_read(in);

	if (wanted)
		assert_string_equal(line ?: "(the end)", wanted);
	else
		assert_null(line);
	free(line);
}

static void test_lines_come_one_by_one(void **state)
{
	_cleanup_line_input_ LineInput in = LINE_INPUT_NULL;

	(void)state;
	assert_int_equal(line_input_open(ends[0], &in), 0);
	assert_false(in.any);
	say("a\n\n  two words\t\r\nb\nhal");
	expect(&in, "a");
	expect(&in, "");
	expect(&in, "two words");
	expect(&in, "b");
	say("f\n");
	expect(&in, "half");
	assert_true(in.any && !in.ended);
}

static void test_half_a_line_is_no_answer(void **state)
{
	_cleanup_line_input_ LineInput in = LINE_INPUT_NULL;

	(void)state;
	assert_int_equal(line_input_open(ends[0], &in), 0);
	say("d\nall");
	close(ends[1]);
	ends[1] = -1;
	expect(&in, "d");
	expect(&in, NULL);
	assert_true(in.ended);
	expect(&in, NULL);
}

static void test_a_signal_ends_the_dialogue_and_not_the_program(void **state)
{
	static const int signals[] = { SIGINT, SIGHUP, SIGTERM };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(signals); i++) {
		_cleanup_line_input_ LineInput in = LINE_INPUT_NULL;

		assert_int_equal(line_input_open(ends[0], &in), 0);
		assert_int_equal(kill(getpid(), signals[i]), 0);
		expect(&in, NULL);
		assert_true(in.ended);
	}
}

static void test_long_lines_are_cut(void **state)
{
	_cleanup_line_input_ LineInput in = LINE_INPUT_NULL;
	char text[LINE_INPUT_MAX + 10];
	char *line;

	(void)state;
	assert_int_equal(line_input_open(ends[0], &in), 0);
	memset(text, 'x', sizeof(text));
	assert_int_equal(write(ends[1], text, sizeof(text)), (ssize_t)sizeof(text));
	say("\nq\n");
	line = line_input_read(&in);
	assert_int_equal(strlen(line), LINE_INPUT_MAX);
	free(line);
	expect(&in, "xxxxxxxxxx");
	expect(&in, "q");
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(test_lines_come_one_by_one, set_up, tear_down),
	  cmocka_unit_test_setup_teardown(test_half_a_line_is_no_answer, set_up, tear_down),
	  cmocka_unit_test_setup_teardown(test_a_signal_ends_the_dialogue_and_not_the_program,
					  set_up, tear_down),
	  cmocka_unit_test_setup_teardown(test_long_lines_are_cut, set_up, tear_down))
