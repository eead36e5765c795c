/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/filter-base: over a made-up /proc, who has more filters than its container began with. */
#include <fcntl.h>

#include "daemon/filter-base.h"
#include "state/proc.h"
#include "tests/unit/state-tree.h"
#include "tests/unit/unit.h"

#define A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"
#define INIT 700

static void put_init(Tree *t, const char *id, char state, int filters)
{
	char text[256];

	snprintf(text, sizeof(text), "0::/docker/%s\n", id);
	tree_put(t, "proc/700/cgroup", text);
	snprintf(text, sizeof(text), "700 (x) %c 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n",
		 state);
	tree_put(t, "proc/700/stat", text);
	snprintf(text, sizeof(text), "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t%d\nThreads:\t1\n",
		 filters);
	tree_put(t, "proc/700/status", text);
}

static LineageAnswer of_container(const char *id)
{
	LineageAnswer a = { .key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" },
			    .init = INIT,
			    .init_start = 99 };

	snprintf(a.key.name, sizeof(a.key.name), "%s", id);
	return a;
}

static FilterBases *must_make(const Tree *t)
{
	FilterBases *b = NULL;

	assert_int_equal(filter_bases_new(t->proc_fd, &b), 0);
	return b;
}

static void test_more_filters_than_the_first_process_had(void **state)
{
	Tree *t = *state;
	_cleanup_(filter_bases_freep) FilterBases *b = must_make(t);
	LineageAnswer a = of_container(A);

	put_init(t, A, 'S', 1);
	assert_false(filter_bases_exceeds(b, &a, 1));
	assert_true(filter_bases_exceeds(b, &a, 2));
	assert_false(filter_bases_exceeds(b, &a, 0));
	/* one that the first process loads later is no part of what its runtime loaded */
	put_init(t, A, 'S', 2);
	assert_true(filter_bases_exceeds(b, &a, 2));
	/* with another first process it is another container, or the same started anew */
	a.init_start = 100;
	assert_false(filter_bases_exceeds(b, &a, 2));
	assert_true(filter_bases_exceeds(b, &a, 3));
}

static void test_without_a_first_process_nothing_is_known(void **state)
{
	Tree *t = *state;
	_cleanup_(filter_bases_freep) FilterBases *b = must_make(t);
	LineageAnswer a = of_container(A);

	a.init = 0;
	assert_false(filter_bases_exceeds(b, &a, 9));
	a.init = INIT;
	assert_false(filter_bases_exceeds(b, &a, 9));
	/* who has its pid by now is elsewhere */
	put_init(t, B, 'S', 1);
	assert_false(filter_bases_exceeds(b, &a, 9));
	/* what ends shows none */
	put_init(t, A, 'Z', 0);
	assert_false(filter_bases_exceeds(b, &a, 9));
	tree_put(t, "proc/700/status", "Name:\tx\n");
	assert_false(filter_bases_exceeds(b, &a, 9));
	put_init(t, A, 'S', 0);
	assert_true(filter_bases_exceeds(b, &a, 9));
}

#define WITH_TREE(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

UNIT_MAIN(WITH_TREE(test_more_filters_than_the_first_process_had),
	  WITH_TREE(test_without_a_first_process_nothing_is_known))
