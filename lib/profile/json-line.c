/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <json-c/json.h>

#include "profile/json-line.h"
#include "profile/render.h"
#include "util/clock.h"
#include "util/text.h"

/* The root owns the json-c tree and every handle into it; a failed step anywhere fails the root, so
 * that a line is either whole or not written. */
struct JsonLine {
	json_object *value;
	JsonLine *root;
	JsonLine *next; /* root: first of its handles */
	bool array;
	bool failed; /* root only */
};

static JsonLine *handle_new(json_object *value, bool array)
{
	JsonLine *j = value ? calloc(1, sizeof(*j)) : NULL;

	if (!j)
		return NULL;
	*j = (JsonLine){ .value = value, .root = j, .array = array };
	return j;
}

JsonLine *json_line_new(void)
{
	json_object *value = json_object_new_object();
	JsonLine *j = handle_new(value, false);

	if (!j)
		json_object_put(value);
	return j;
}

JsonLine *json_line_free(JsonLine *j)
{
	if (!j)
		return NULL;
	json_object_put(j->value);
	while (j) {
		JsonLine *next = j->next;

		free(j);
		j = next;
	}
	return NULL;
}

/* Takes @value over. @null: a NULL value is meant, not out of memory. */
static bool put(JsonLine *j, const char *key, json_object *value, bool null)
{
	int r;

	if (!value && !null)
		r = -ENOMEM;
	else if (j->array)
		r = json_object_array_add(j->value, value);
	else
		r = json_object_object_add(j->value, key, value);
	if (r >= 0)
		return true;
	json_object_put(value);
	j->root->failed = true;
	return false;
}

static json_object *safe_text(Span s)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	text_escape(&b, s);
	if (buffer_error(&b) < 0 || b.n > INT32_MAX)
		return NULL;
	return json_object_new_string_len(b.n > 0 ? b.p : "", (int)b.n);
}

void json_line_text(JsonLine *j, const char *key, Span value)
{
	if (j)
		put(j, key, value.p ? safe_text(value) : NULL, !value.p);
}

void json_line_str(JsonLine *j, const char *key, const char *value)
{
	json_line_text(j, key, span_of(value));
}

void json_line_name(JsonLine *j, const char *key, const char *value)
{
	for (const char *c = value; c && *c; c++)
		if (*c < ' ' || *c > '~') {
			json_line_str(j, key, value);
			return;
		}
	if (j)
		put(j, key, value ? json_object_new_string(value) : NULL, !value);
}

void json_line_int(JsonLine *j, const char *key, int64_t value)
{
	if (j)
		put(j, key, json_object_new_int64(value), false);
}

void json_line_uint(JsonLine *j, const char *key, uint64_t value)
{
	if (j)
		put(j, key, json_object_new_uint64(value), false);
}

void json_line_bool(JsonLine *j, const char *key, bool value)
{
	if (j)
		put(j, key, json_object_new_boolean(value), false);
}

void json_line_null(JsonLine *j, const char *key)
{
	if (j)
		put(j, key, NULL, true);
}

void json_line_time(JsonLine *j, const char *key, uint64_t usec)
{
	char text[CLOCK_RFC3339_SIZE];

	json_line_str(j, key, usec > 0 ? clock_format_rfc3339(usec, text) : NULL);
}

static JsonLine *child(JsonLine *j, const char *key, json_object *value, bool array)
{
	JsonLine *c;

	if (!put(j, key, value, false))
		return NULL;
	c = handle_new(value, array);
	if (!c) {
		j->root->failed = true;
		return NULL;
	}
	c->root = j->root;
	c->next = j->root->next;
	j->root->next = c;
	return c;
}

JsonLine *json_line_object(JsonLine *j, const char *key)
{
	return j ? child(j, key, json_object_new_object(), false) : NULL;
}

JsonLine *json_line_array(JsonLine *j, const char *key)
{
	return j ? child(j, key, json_object_new_array(), true) : NULL;
}

int json_line_write(const JsonLine *j, FILE *f)
{
	const char *text;
	size_t n;

	if (!j || j->root->failed)
		return -ENOMEM;
	text = json_render(j->value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
	if (!text)
		return -ENOMEM;
	if (fwrite(text, 1, n, f) != n || fputc('\n', f) == EOF)
		return -EIO;
	return 0;
}
