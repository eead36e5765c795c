/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/journal-limit: never more than the limit in any stretch of time, and a share for each. */
#include "daemon/journal-limit.h"
#include "tests/unit/unit.h"

#define NOW (1000 * USEC_PER_SEC)

/* As many as it lets through. */
static unsigned flood(JournalLimit *l, JournalClass class, usec_t now)
{
	unsigned n = 0;

	for (; journal_limit_room(l, class, now) > 0; n++)
		journal_limit_note(l, class, now);
	return n;
}

static void test_a_crowd_leaves_the_others_their_shares(void **state)
{
	JournalLimit l = { 0 };
	unsigned n = flood(&l, JOURNAL_NEW, NOW);

	(void)state;
	assert_true(n >= JOURNAL_LIMIT / 4);
	assert_int_equal(flood(&l, JOURNAL_NEW, NOW + 1), 0);
	for (unsigned c = 0; c < _JOURNAL_CLASS_MAX; c++) {
		unsigned got = flood(&l, (JournalClass)c, NOW + 2);

		assert_true(c == JOURNAL_NEW ? got == 0 : got >= 4);
		n += got;
	}
	assert_int_equal(n, JOURNAL_LIMIT);
}

static void test_no_stretch_of_time_has_more(void **state)
{
	usec_t sent[4 * JOURNAL_LIMIT];
	JournalLimit l = { 0 };
	size_t n = 0;

	(void)state;
	/* steady pressure, of a class that changes */
	for (usec_t t = 0; t < 3 * JOURNAL_LIMIT_PERIOD; t += JOURNAL_LIMIT_PERIOD / 97) {
		JournalClass c = (JournalClass)((t / 7) % _JOURNAL_CLASS_MAX);

		for (unsigned k = 0; k < 11 && journal_limit_room(&l, c, NOW + t) > 0; k++) {
			journal_limit_note(&l, c, NOW + t);
			assert_true(n < ELEMENTSOF(sent));
			sent[n++] = t;
		}
	}
	assert_true(n > 2 * JOURNAL_LIMIT);
	for (size_t i = 0; i + JOURNAL_LIMIT < n; i++)
		assert_true(sent[i + JOURNAL_LIMIT] >= sent[i] + JOURNAL_LIMIT_PERIOD);
}

static void test_a_clock_that_was_set_back_stops_nothing(void **state)
{
	JournalLimit l = { 0 };

	(void)state;
	assert_true(flood(&l, JOURNAL_LOST, NOW) > 0);
	assert_int_equal(journal_limit_room(&l, JOURNAL_LOST, NOW), 0);
	assert_true(journal_limit_room(&l, JOURNAL_LOST, NOW / 2) > 0);
}

UNIT_MAIN(cmocka_unit_test(test_a_crowd_leaves_the_others_their_shares),
	  cmocka_unit_test(test_no_stretch_of_time_has_more),
	  cmocka_unit_test(test_a_clock_that_was_set_back_stops_nothing))
