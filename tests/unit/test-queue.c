/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/queue: bounded, in order, and never waiting. */
#include <poll.h>
#include <pthread.h>

#include "daemon/queue.h"
#include "tests/unit/unit.h"

static bool is_readable(const Queue *q)
{
	struct pollfd p = { .fd = queue_fd(q), .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void test_a_full_queue_refuses_and_recovers(void **state)
{
	_cleanup_(queue_freep) Queue *q = NULL;
	QueueExample e = { 0 };

	(void)state;
	assert_int_equal(queue_new(&q), 0);
	assert_false(is_readable(q));
	for (e.slot = 0; e.slot < QUEUE_LENGTH; e.slot++)
		assert_true(queue_push(q, &e));
	assert_false(queue_has_room(q));
	assert_false(queue_push(q, &e));
	assert_true(is_readable(q));
	queue_acknowledge(q);
	assert_false(is_readable(q));
	assert_true(queue_pop(q, &e));
	assert_int_equal(e.slot, 0);
	assert_true(queue_push(q, &(QueueExample){ .slot = 7777 }));
	for (uint32_t i = 1; i < QUEUE_LENGTH; i++) {
		assert_true(queue_pop(q, &e));
		assert_int_equal(e.slot, i);
	}
	assert_true(queue_pop(q, &e));
	assert_int_equal(e.slot, 7777);
	assert_false(queue_pop(q, &e));
}

#define ITEMS 200000

static void *produce(void *userdata)
{
	for (uint32_t i = 0; i < ITEMS;)
		i += queue_push(userdata, &(QueueExample){ .slot = i });
	return NULL;
}

static void test_two_threads_keep_order_and_lose_nothing_that_was_taken(void **state)
{
	_cleanup_(queue_freep) Queue *q = NULL;
	pthread_t thread;
	QueueExample e;

	(void)state;
	assert_int_equal(queue_new(&q), 0);
	assert_int_equal(pthread_create(&thread, NULL, produce, q), 0);
	for (uint32_t i = 0; i < ITEMS;) {
		if (!queue_pop(q, &e))
			continue;
		assert_int_equal(e.slot, i);
		i++;
	}
	pthread_join(thread, NULL);
}

UNIT_MAIN(cmocka_unit_test(test_a_full_queue_refuses_and_recovers),
	  cmocka_unit_test(test_two_threads_keep_order_and_lose_nothing_that_was_taken))
