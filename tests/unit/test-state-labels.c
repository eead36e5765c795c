/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/state-labels: from JSON objects, the image's told from the container's. */
#include "state/state-file.h"
#include "state/state-labels.h"
#include "tests/unit/unit.h"

static json_object *parse(const char *text)
{
	json_object *o = json_tokener_parse(text);

	assert_non_null(o);
	return o;
}

static void test_what_the_image_brings_comes_last(void **state)
{
	_cleanup_json_ json_object *all = parse("{\"a\":\"1\",\"b\":\"2\",\"c\":3,\"d\":\"4\"}");
	_cleanup_json_ json_object *image = parse("{\"a\":\"1\",\"b\":\"other\"}");
	_cleanup_labels_ Labels own = { 0 }, common = { 0 };

	(void)state;
	assert_int_equal(state_labels_add(all, image, &own), 0);
	assert_int_equal(own.n, 2);
	assert_string_equal(labels_get(&own, "b"), "2");
	assert_string_equal(labels_get(&own, "d"), "4");
	assert_int_equal(state_labels_add_common(all, image, &common), 0);
	assert_int_equal(common.n, 1);
	assert_string_equal(labels_get(&common, "a"), "1");
	assert_true(state_labels_same(all, image, "a"));
	assert_false(state_labels_same(all, image, "b"));
	assert_false(state_labels_same(all, image, "d"));
	assert_false(state_labels_same(all, NULL, "a"));
}

static void test_no_object_has_no_labels(void **state)
{
	_cleanup_json_ json_object *array = parse("[\"a\"]");
	_cleanup_labels_ Labels l = { 0 };

	(void)state;
	assert_int_equal(state_labels_add(NULL, NULL, &l), 0);
	assert_int_equal(state_labels_add(array, NULL, &l), 0);
	assert_int_equal(state_labels_add_common(array, array, &l), 0);
	assert_int_equal(l.n, 0);
}

static void test_a_nul_in_a_value_is_seen(void **state)
{
	_cleanup_json_ json_object *o = parse("{\"a\":\"x\\u0000y\",\"b\":\"x\"}");
	_cleanup_json_ json_object *other = parse("{\"a\":\"x\"}");
	_cleanup_labels_ Labels l = { 0 };
	char text[64];

	(void)state;
	assert_int_equal(state_labels_add(o, NULL, &l), 0);
	assert_null(labels_get(&l, "a"));
	assert_int_equal(l.dropped, 1);
	assert_false(state_labels_same(o, other, "a"));
	state_json_copy(o, "a", text, sizeof(text));
	assert_string_not_equal(text, "x");
}

UNIT_MAIN(cmocka_unit_test(test_what_the_image_brings_comes_last),
	  cmocka_unit_test(test_no_object_has_no_labels),
	  cmocka_unit_test(test_a_nul_in_a_value_is_seen))
