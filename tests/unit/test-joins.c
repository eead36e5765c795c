/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/join-ring: what one thread notes another takes, in order; of too much the oldest goes. */
#include "daemon/joins.h"
#include "tests/unit/unit.h"

static void test_what_was_noted_is_taken_once_and_in_order(void **state)
{
	_cleanup_(join_ring_freep) JoinRing *ring = NULL;
	uint64_t at = 0, hash;

	(void)state;
	assert_int_equal(join_ring_new(&ring), 0);
	assert_false(join_ring_take(ring, &at, &hash));
	for (uint64_t i = 1; i <= 3; i++)
		join_ring_note(ring, i);
	for (uint64_t i = 1; i <= 3; i++) {
		assert_true(join_ring_take(ring, &at, &hash));
		assert_int_equal(hash, i);
	}
	assert_false(join_ring_take(ring, &at, &hash));
	assert_int_equal(at, join_ring_count(ring));
}

static void test_of_too_much_the_oldest_goes(void **state)
{
	_cleanup_(join_ring_freep) JoinRing *ring = NULL;
	uint64_t at = 0, hash, n = 0;

	(void)state;
	assert_int_equal(join_ring_new(&ring), 0);
	for (uint64_t i = 0; i < JOIN_RING_LENGTH + 5; i++)
		join_ring_note(ring, i);
	for (; join_ring_take(ring, &at, &hash); n++)
		assert_int_equal(hash, n + 5);
	assert_int_equal(n, JOIN_RING_LENGTH);
}

static void test_containers_are_told_apart_by_their_ids(void **state)
{
	(void)state;
	assert_int_equal(join_ring_hash(SPAN_LIT("a")), join_ring_hash(SPAN_LIT("a")));
	assert_int_not_equal(join_ring_hash(SPAN_LIT("a")), join_ring_hash(SPAN_LIT("b")));
}

/* A pass that is rolled back is made again. */
static void test_they_are_due_until_they_are_committed(void **state)
{
	_cleanup_(join_ring_freep) JoinRing *ring = NULL;
	Joins none = { 0 }, j = { 0 };
	uint64_t hash;

	(void)state;
	assert_int_equal(join_ring_new(&ring), 0);
	j.ring = ring;
	assert_false(joins_are_due(&none));
	assert_int_equal(joins_write(&none, 1), 0);
	assert_false(joins_are_due(&j));
	join_ring_note(ring, 7);
	assert_true(joins_are_due(&j));
	assert_true(join_ring_take(ring, &j.writing, &hash));
	assert_true(joins_are_due(&j));
	joins_committed(&j);
	assert_false(joins_are_due(&j));
}

UNIT_MAIN(cmocka_unit_test(test_what_was_noted_is_taken_once_and_in_order),
	  cmocka_unit_test(test_of_too_much_the_oldest_goes),
	  cmocka_unit_test(test_containers_are_told_apart_by_their_ids),
	  cmocka_unit_test(test_they_are_due_until_they_are_committed))
