/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/unit-bus.c: a bus that failed is asked again soon, then less and less often. */
#include <errno.h>

#include "daemon/unit-bus.h"
#include "tests/unit/unit.h"

#define START (1000 * USEC_PER_SEC)

static int ask(UnitBus *b, usec_t after)
{
	_cleanup_unit_filter_ UnitFilter filter = { 0 };

	return unit_bus_read(b, "x.service", START + after * USEC_PER_SEC, &filter);
}

static void test_a_bus_that_fails_is_left_alone_for_a_while(void **state)
{
	static const struct {
		usec_t after;
		bool rests;
	} cases[] = {
		{ 0, false },  { 1, true },
		{ 4, true },   { 6, false },  /* 5 s */
		{ 15, true },  { 17, false }, /* 10 s */
		{ 36, true },  { 38, false }, /* 20 s */
		{ 77, true },  { 79, false }, /* 40 s */
		{ 138, true }, { 140, false },
		{ 199, true }, { 201, false }, /* a minute, for ever */
	};
	_cleanup_(unit_bus_freep) UnitBus *b = NULL;

	(void)state;
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	assert_int_equal(unit_bus_new(NULL, &b), 0);
	assert_false(unit_bus_rests(b));
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		int r = ask(b, cases[i].after);

		if (r >= 0 || (r == -EHOSTDOWN) != cases[i].rests)
			fail_msg("after %u s: %d", (unsigned)cases[i].after, r);
		assert_true(unit_bus_rests(b));
	}
}

UNIT_MAIN(cmocka_unit_test(test_a_bus_that_fails_is_left_alone_for_a_while))
