/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* RFC 6902 as far as our patches go (test, add, remove, replace), on json-c's trees. */
#include <json-c/json.h>

#include "util/parse.h"

static inline struct json_object *eval_parse(Span text)
{
	struct json_tokener *t = json_tokener_new_ex(64);
	struct json_object *o = t ? json_tokener_parse_ex(t, text.p, (int)text.n) : NULL;

	if (t)
		json_tokener_free(t);
	return o;
}

/* ~0 and ~1 resolved, in place. */
static inline char *eval_step(char *step)
{
	char *to = step;

	for (const char *p = step; *p; p++)
		if (*p == '~' && (p[1] == '0' || p[1] == '1'))
			*to++ = *++p == '0' ? '~' : '/';
		else
			*to++ = *p;
	*to = '\0';
	return step;
}

/* What @path names; it is cut in pieces. */
static inline bool eval_get(struct json_object *doc, char *path, struct json_object **ret)
{
	uint32_t index;

	if (!path[0]) {
		*ret = doc;
		return true;
	}
	for (char *step = path + 1, *next; step; step = next) {
		next = strchr(step, '/');
		if (next)
			*next++ = '\0';
		if (json_object_is_type(doc, json_type_object)) {
			if (!json_object_object_get_ex(doc, eval_step(step), &doc))
				return false;
			continue;
		}
		if (!json_object_is_type(doc, json_type_array) ||
		    parse_u32(span_of(step), &index) < 0 || index >= json_object_array_length(doc))
			return false;
		doc = json_object_array_get_idx(doc, index);
	}
	*ret = doc;
	return true;
}

static inline bool eval_in_array(struct json_object *array, const char *op, uint32_t at,
				 struct json_object *value)
{
	size_t n = json_object_array_length(array);
	bool add = strcmp(op, "add") == 0;

	if (at >= n + add)
		return false;
	if (strcmp(op, "remove") == 0)
		return json_object_array_del_idx(array, at, 1) == 0;
	for (size_t i = n; add && i > at; i--)
		json_object_array_put_idx(array, i,
					  json_object_get(json_object_array_get_idx(array, i - 1)));
	return json_object_array_put_idx(array, at, json_object_get(value)) == 0;
}

static inline bool eval_in_object(struct json_object *object, const char *op, const char *key,
				  struct json_object *value)
{
	if (strcmp(op, "add") != 0 && !json_object_object_get_ex(object, key, NULL))
		return false;
	json_object_object_del(object, key);
	return strcmp(op, "remove") == 0 ||
	       json_object_object_add(object, key, json_object_get(value)) == 0;
}

static inline bool eval_op(struct json_object *doc, struct json_object *o)
{
	struct json_object *op, *path, *value = NULL, *target = NULL;
	char text[8192], *step;
	uint32_t index;

	if (!json_object_object_get_ex(o, "op", &op) ||
	    !json_object_object_get_ex(o, "path", &path) ||
	    strlen(json_object_get_string(path)) >= sizeof(text))
		return false;
	json_object_object_get_ex(o, "value", &value);
	strcpy(text, json_object_get_string(path));
	if (strcmp(json_object_get_string(op), "test") == 0)
		return eval_get(doc, text, &target) && json_object_equal(target, value);
	step = strrchr(text, '/');
	if (!step)
		return false;
	*step++ = '\0';
	if (!eval_get(doc, text, &target))
		return false;
	eval_step(step);
	if (json_object_is_type(target, json_type_array))
		return parse_u32(span_of(step), &index) == 0 &&
		       eval_in_array(target, json_object_get_string(op), index, value);
	return json_object_is_type(target, json_type_object) &&
	       eval_in_object(target, json_object_get_string(op), step, value);
}

/* Changes @doc; false when a test fails, or a place is not there. The document itself is never
 * replaced. */
static inline bool eval_patch(struct json_object *doc, Span text)
{
	struct json_object *patch = eval_parse(text);
	bool ok = json_object_is_type(patch, json_type_array);

	for (size_t i = 0; ok && i < json_object_array_length(patch); i++)
		ok = eval_op(doc, json_object_array_get_idx(patch, i));
	json_object_put(patch);
	return ok;
}
