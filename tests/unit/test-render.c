/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/render: without memory there is no text, instead of a part of it. That it is so at
 * each allocation is tests/integration/scarce.sh's. */
#include "profile/render.h"
#include "tests/unit/unit.h"

static void test_text_is_json_cs(void **state)
{
	static const char text[] = "{\"a\":[1,\"x\\n\",null,true],\"b\":{}}";
	json_object *o = json_tokener_parse(text);
	size_t n = 0;

	(void)state;
	assert_non_null(o);
	assert_string_equal(json_render(o, JSON_C_TO_STRING_PLAIN, &n), text);
	assert_int_equal(n, sizeof(text) - 1);
	json_object_put(o);
}

UNIT_MAIN(cmocka_unit_test(test_text_is_json_cs))
