/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/normal.h"
#include "profile/render.h"

typedef struct Member {
	const char *key;
	struct json_object *value;
} Member;

static int compare_members(const void *a, const void *b)
{
	return strcmp(((const Member *)a)->key, ((const Member *)b)->key);
}

static int write_key(const char *key, Buffer *out)
{
	struct json_object *o = json_object_new_string(key);
	const char *text;
	size_t n;

	if (!o)
		return -ENOMEM;
	text = json_render(o, JSON_C_TO_STRING_PLAIN, &n);
	if (text)
		buffer_add(out, span_make(text, n));
	json_object_put(o);
	buffer_add_char(out, ':');
	return text ? 0 : -ENOMEM;
}

static int write_object(struct json_object *o, Buffer *out)
{
	size_t n = (size_t)json_object_object_length(o), i = 0;
	_cleanup_free_ Member *members = calloc(n + 1, sizeof(*members));
	int r;

	if (!members)
		return -ENOMEM;
	json_object_object_foreach(o, key, value) members[i++] = (Member){ key, value };
	qsort(members, n, sizeof(*members), compare_members);
	buffer_add_char(out, '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buffer_add_char(out, ',');
		r = write_key(members[i].key, out);
		if (r == 0)
			r = normal_write(members[i].value, out);
		if (r < 0)
			return r;
	}
	buffer_add_char(out, '}');
	return buffer_error(out);
}

static int write_array(struct json_object *o, Buffer *out)
{
	int r;

	buffer_add_char(out, '[');
	for (size_t i = 0; i < json_object_array_length(o); i++) {
		if (i > 0)
			buffer_add_char(out, ',');
		r = normal_write(json_object_array_get_idx(o, i), out);
		if (r < 0)
			return r;
	}
	buffer_add_char(out, ']');
	return buffer_error(out);
}

int normal_write(struct json_object *o, Buffer *out)
{
	const char *scalar;
	size_t n;

	if (json_object_is_type(o, json_type_object))
		return write_object(o, out);
	if (json_object_is_type(o, json_type_array))
		return write_array(o, out);
	scalar = json_render(o, JSON_C_TO_STRING_PLAIN, &n);
	if (!scalar)
		return -ENOMEM;
	buffer_add(out, span_make(scalar, n));
	return buffer_error(out);
}
