/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "state/state-labels.h"

static Span value_of(json_object *o, const char *key)
{
	json_object *v = NULL;

	if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return SPAN_NULL;
	return span_make(json_object_get_string(v), (size_t)json_object_get_string_len(v));
}

bool state_labels_same(json_object *o, json_object *other, const char *key)
{
	Span a = value_of(o, key), b = value_of(other, key);

	return a.p && b.p && span_eq(a, b);
}

static int add(json_object *o, json_object *other, bool same, Labels *l)
{
	if (!json_object_is_type(o, json_type_object))
		return 0;
	json_object_object_foreach(o, key, ignored)
	{
		Span value = value_of(o, key);

		(void)ignored;
		if (value.p && state_labels_same(o, other, key) == same &&
		    labels_add(l, span_of(key), value) < 0)
			return -ENOMEM;
	}
	return 0;
}

int state_labels_add(json_object *o, json_object *without, Labels *l)
{
	return add(o, without, false, l);
}

int state_labels_add_common(json_object *o, json_object *with, Labels *l)
{
	return add(o, with, true, l);
}
