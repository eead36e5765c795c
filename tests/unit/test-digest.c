/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/digest.c: FIPS 180-2's examples. */
#include "profile/digest.h"
#include "tests/unit/unit.h"

static void test_sha256_of_the_standard(void **state)
{
	char hex[DIGEST_SIZE];

	(void)state;
	assert_int_equal(digest_sha256(SPAN_LIT("abc"), hex), 0);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(digest_sha256(SPAN_NULL, hex), 0);
	assert_string_equal(hex,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

UNIT_MAIN(cmocka_unit_test(test_sha256_of_the_standard))
