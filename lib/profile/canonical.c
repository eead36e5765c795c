/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <json-c/json.h>

#include "profile/canonical.h"

#define CANONICAL_MAX ((size_t)1 << 20)
#define CANONICAL_DEPTH 32

static void json_putp(struct json_object **o)
{
	json_object_put(*o);
}

static void tokener_freep(struct json_tokener **t)
{
	if (*t)
		json_tokener_free(*t);
}

/* Keys that are not here come behind, in the order in which they stand. */
static const char *const order[] = {
	"defaultAction", "defaultErrnoRet", "architectures", "flags",    "listenerPath",
	"syscalls",      "names",           "action",        "errnoRet", "args",
	"index",         "value",           "valueTwo",      "op",
};

static bool is_ordered(const char *key)
{
	for (size_t i = 0; i < ELEMENTSOF(order); i++)
		if (strcmp(order[i], key) == 0)
			return true;
	return false;
}

static void add_break(Buffer *out, unsigned depth)
{
	buffer_add_char(out, '\n');
	for (unsigned i = 0; i < depth; i++)
		buffer_add_char(out, '\t');
}

static void add_text(Buffer *out, struct json_object *o)
{
	buffer_add_str(out, json_object_to_json_string_ext(
				    o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
				    ?: "null");
}

static void add_value(Buffer *out, struct json_object *o, unsigned depth);

static void add_member(Buffer *out, const char *key, struct json_object *value, unsigned depth,
		       bool *first)
{
	struct json_object *name = json_object_new_string(key);

	if (!*first)
		buffer_add_char(out, ',');
	*first = false;
	add_break(out, depth + 1);
	add_text(out, name);
	buffer_add_str(out, ": ");
	add_value(out, value, depth + 1);
	json_object_put(name);
}

static void add_object(Buffer *out, struct json_object *o, unsigned depth)
{
	struct json_object *value;
	bool first = true;

	buffer_add_char(out, '{');
	for (size_t i = 0; i < ELEMENTSOF(order); i++)
		if (json_object_object_get_ex(o, order[i], &value))
			add_member(out, order[i], value, depth, &first);
	json_object_object_foreach(o, key, other)
	{
		if (!is_ordered(key))
			add_member(out, key, other, depth, &first);
	}
	if (!first)
		add_break(out, depth);
	buffer_add_char(out, '}');
}

static void add_array(Buffer *out, struct json_object *o, unsigned depth)
{
	size_t n = json_object_array_length(o);

	buffer_add_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buffer_add_char(out, ',');
		add_break(out, depth + 1);
		add_value(out, json_object_array_get_idx(o, i), depth + 1);
	}
	if (n > 0)
		add_break(out, depth);
	buffer_add_char(out, ']');
}

static void add_value(Buffer *out, struct json_object *o, unsigned depth)
{
	if (json_object_is_type(o, json_type_object))
		add_object(out, o, depth);
	else if (json_object_is_type(o, json_type_array))
		add_array(out, o, depth);
	else
		add_text(out, o);
}

int canonical_profile(Span json, Buffer *out, Diag *d)
{
	_cleanup_(tokener_freep) struct json_tokener *tokener = NULL;
	_cleanup_(json_putp) struct json_object *o = NULL;

	if (json.n > CANONICAL_MAX)
		return diag_set(d, -EBADMSG, "the applied filter is larger than 1 MiB");
	tokener = json_tokener_new_ex(CANONICAL_DEPTH);
	if (!tokener)
		return -ENOMEM;
	o = json_tokener_parse_ex(tokener, json.p, (int)json.n);
	if (!json_object_is_type(o, json_type_object))
		return diag_set(d, -EBADMSG, "the applied filter is no JSON object");
	add_value(out, o, 0);
	buffer_add_char(out, '\n');
	return buffer_error(out);
}
