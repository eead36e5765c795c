/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* JSON in one form only: keys in the order of their bytes, no blanks. Two filters that were written
 * out by different programs become the same text. */
#include <json-c/json.h>

#include "util/buffer.h"

/* Appends @o; NULL is null. -ENOMEM, -E2BIG as the buffer. */
int normal_write(struct json_object *o, Buffer *out);
