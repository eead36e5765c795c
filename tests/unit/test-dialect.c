/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/dialect.c */
#include <errno.h>

#include "profile/dialect.h"
#include "tests/unit/unit.h"

static void test_names_and_dialects_are_one_to_one(void **state)
{
	Dialect d;

	(void)state;
	for (unsigned i = 0; i < _DIALECT_MAX; i++) {
		assert_int_equal(dialect_from_name(span_of(dialect_name((Dialect)i)), &d), 0);
		assert_int_equal(d, i);
	}
	assert_int_equal(dialect_from_name(SPAN_LIT("kubernetes"), &d), 0);
	assert_int_equal(d, DIALECT_OCI);
	assert_int_equal(dialect_from_name(SPAN_LIT("Docker"), &d), -EINVAL);
	assert_int_equal(dialect_from_name(SPAN_LIT(""), &d), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test(test_names_and_dialects_are_one_to_one))
