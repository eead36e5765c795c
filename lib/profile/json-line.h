/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* One JSON object on one line, built in order (json-c behind it). Text may be any bytes: what is
 * not valid UTF-8 or not safe on a terminal is escaped first, see util/text.h. */
#include "util/span.h"

typedef struct JsonLine JsonLine;

/* NULL when out of memory; the setters accept NULL and do nothing. */
JsonLine *json_line_new(void);
JsonLine *json_line_free(JsonLine *j);
DEFINE_CLEANUP(JsonLine, json_line_free);

void json_line_text(JsonLine *j, const char *key, Span value);       /* a NULL .p is null */
void json_line_str(JsonLine *j, const char *key, const char *value); /* NULL is null */
/* As it is where it is printable ASCII: the name of a unit keeps systemd's own \xNN. */
void json_line_name(JsonLine *j, const char *key, const char *value);
void json_line_int(JsonLine *j, const char *key, int64_t value);
void json_line_uint(JsonLine *j, const char *key, uint64_t value);
void json_line_bool(JsonLine *j, const char *key, bool value);
void json_line_null(JsonLine *j, const char *key);
void json_line_time(JsonLine *j, const char *key, uint64_t usec); /* RFC 3339; 0 is null */

/* An object or an array under @key, owned by @j; setters on the returned handle fill it. In an
 * array the key of a setter is ignored. Valid until @j is freed. */
JsonLine *json_line_object(JsonLine *j, const char *key);
JsonLine *json_line_array(JsonLine *j, const char *key);

/* Writes the object and a newline. -ENOMEM when any step had failed, -EIO when writing did. */
int json_line_write(const JsonLine *j, FILE *f);
