/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The rules of a profile as json-c reads them: what a patch has changed of them. */
#include <json-c/json.h>
#include <string.h>

static inline struct json_object *parse(const char *text, size_t n)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	o = json_tokener_parse_ex(tokener, text, (int)n);
	json_tokener_free(tokener);
	return o;
}

static inline struct json_object *rules_of(struct json_object *root)
{
	struct json_object *rules = NULL, *spec;

	if (json_object_object_get_ex(root, "kind", NULL) &&
	    json_object_object_get_ex(root, "spec", &spec))
		root = spec;
	json_object_object_get_ex(root, "syscalls", &rules);
	return rules;
}

static inline struct json_object *names_of(struct json_object *rules, size_t i)
{
	struct json_object *names = NULL;

	json_object_object_get_ex(json_object_array_get_idx(rules, i), "names", &names);
	return names;
}

static inline bool has_text(struct json_object *names, const char *text)
{
	for (size_t i = 0; names && i < json_object_array_length(names); i++)
		if (strcmp(json_object_get_string(json_object_array_get_idx(names, i)), text) == 0)
			return true;
	return false;
}

/* All but its names. */
static inline char *shape_of(struct json_object *rules, size_t i)
{
	struct json_object *copy =
		json_tokener_parse(json_object_to_json_string(json_object_array_get_idx(rules, i)));
	char *text;

	json_object_object_del(copy, "names");
	text = strdup(json_object_to_json_string(copy));
	json_object_put(copy);
	return text;
}

static inline bool same_shape(struct json_object *a, size_t i, struct json_object *b, size_t k)
{
	_cleanup_free_ char *x = shape_of(a, i), *y = shape_of(b, k);

	return strcmp(x, y) == 0;
}

static inline size_t count_of(struct json_object *names)
{
	return names ? json_object_array_length(names) : 0;
}
