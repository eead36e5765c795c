/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* json-c's text of a value, whole or not at all. */
#include <json-c/json.h>

/* NULL when out of memory: json-c leaves out what found no room in its buffer, and says nothing.
 * The text is @o's. */
const char *json_render(struct json_object *o, int flags, size_t *ret_n);
