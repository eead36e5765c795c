/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/labels: bounded, and no label reads as another. */
#include "tests/unit/unit.h"
#include "who/labels.h"

static void test_labels_are_found_by_their_whole_key(void **state)
{
	_cleanup_labels_ Labels l = { 0 };

	(void)state;
	assert_null(labels_get(NULL, "a"));
	assert_null(labels_get(&l, "a"));
	assert_int_equal(labels_add(&l, SPAN_LIT("ab"), SPAN_LIT("1")), 0);
	assert_int_equal(labels_add(&l, SPAN_LIT("a"), SPAN_LIT("")), 0);
	assert_int_equal(labels_add(&l, SPAN_LIT("c"), SPAN_LIT("a")), 0);
	assert_string_equal(labels_get(&l, "ab"), "1");
	assert_string_equal(labels_get(&l, "a"), "");
	assert_string_equal(labels_get(&l, "c"), "a");
	assert_null(labels_get(&l, "1"));
	assert_null(labels_get(&l, ""));
}

static void test_what_finds_no_room_is_counted(void **state)
{
	_cleanup_labels_ Labels many = { 0 }, large = { 0 };
	char key[16], value[LABELS_BYTES_MAX];

	(void)state;
	for (int i = 0; i < LABELS_MAX + 3; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		assert_int_equal(labels_add(&many, span_of(key), SPAN_LIT("v")),
				 i < LABELS_MAX ? 0 : LABELS_DROPPED);
	}
	assert_int_equal(many.dropped, 3);
	assert_string_equal(labels_get(&many, "k63"), "v");
	assert_null(labels_get(&many, "k64"));

	memset(value, 'v', sizeof(value));
	assert_int_equal(labels_add(&large, SPAN_LIT("k"), span_make(value, sizeof(value) - 2)),
			 LABELS_DROPPED);
	assert_int_equal(labels_add(&large, SPAN_LIT("k"), span_make(value, sizeof(value) - 3)), 0);
	assert_int_equal(labels_add(&large, SPAN_LIT("x"), SPAN_LIT("")), LABELS_DROPPED);
	assert_int_equal(strlen(labels_get(&large, "k")), sizeof(value) - 3);
}

static void test_a_nul_makes_no_second_label(void **state)
{
	_cleanup_labels_ Labels l = { 0 };

	(void)state;
	assert_int_equal(labels_add(&l, SPAN_LIT("k"), SPAN_LIT("v\0tier\0db")), LABELS_DROPPED);
	assert_int_equal(labels_add(&l, SPAN_LIT("tier\0x"), SPAN_LIT("db")), LABELS_DROPPED);
	assert_int_equal(labels_add(&l, SPAN_LIT(""), SPAN_LIT("db")), LABELS_DROPPED);
	assert_null(labels_get(&l, "tier"));
	assert_int_equal(l.dropped, 3);
}

static void test_a_copy_is_its_own(void **state)
{
	_cleanup_labels_ Labels l = { .dropped = 2 }, copy = { 0 }, empty = { 0 };

	(void)state;
	assert_int_equal(labels_copy(&empty, &copy), 0);
	assert_int_equal(copy.n, 0);
	assert_int_equal(labels_add(&l, SPAN_LIT("k"), SPAN_LIT("v")), 0);
	assert_int_equal(labels_copy(&l, &copy), 0);
	labels_done(&l);
	assert_string_equal(labels_get(&copy, "k"), "v");
	assert_int_equal(copy.dropped, 2);
}

UNIT_MAIN(cmocka_unit_test(test_a_copy_is_its_own),
	  cmocka_unit_test(test_labels_are_found_by_their_whole_key),
	  cmocka_unit_test(test_what_finds_no_room_is_counted),
	  cmocka_unit_test(test_a_nul_makes_no_second_label))
