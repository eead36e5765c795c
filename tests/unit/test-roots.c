/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/roots: the table leaves no place out. */
#include "state/roots.h"
#include "tests/unit/unit.h"

static void test_every_place_has_its_name(void **state)
{
	const size_t n = (offsetof(StateRoots, guarded) - offsetof(StateRoots, docker_root)) /
			 sizeof(char *);
	const char *const *first;
	StateRoots roots = { 0 };
	size_t i;

	(void)state;
	for (i = 0; state_roots_name(i); i++) {
		assert_non_null(state_roots_place(&roots, i));
		assert_null(*state_roots_place(&roots, i));
		*state_roots_place(&roots, i) = state_roots_name(i);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(state_roots_name(i), state_roots_name(k));
	}
	assert_int_equal(i, n);
	assert_null(state_roots_place(&roots, i));
	first = &roots.docker_root;
	for (i = 0; i < n; i++)
		assert_non_null(first[i]);
}

UNIT_MAIN(cmocka_unit_test(test_every_place_has_its_name))
