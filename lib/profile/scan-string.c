/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The value of a string token. Names rarely hold an escape; json-c resolves those that do. */
#include <errno.h>
#include <json-c/json.h>

#include "profile/scan.h"

static void json_putp(struct json_object **o)
{
	json_object_put(*o);
}

static void tokener_freep(struct json_tokener **t)
{
	if (*t)
		json_tokener_free(*t);
}

static int unescape(Span token, char **ret)
{
	_cleanup_(tokener_freep) struct json_tokener *tokener = json_tokener_new_ex(2);
	_cleanup_(json_putp) struct json_object *o = NULL;
	size_t n;

	if (!tokener)
		return -ENOMEM;
	o = json_tokener_parse_ex(tokener, token.p, (int)token.n);
	if (!o || !json_object_is_type(o, json_type_string))
		return -EINVAL;
	n = (size_t)json_object_get_string_len(o);
	if (strlen(json_object_get_string(o)) != n)
		return -EINVAL;
	*ret = span_dup(span_make(json_object_get_string(o), n));
	return *ret ? 0 : -ENOMEM;
}

int scan_string(const Scan *s, const ScanNode *node, char **ret)
{
	Span token = span_make(s->text.p + node->begin, node->end - node->begin);

	if (node->kind != SCAN_STRING)
		return -EINVAL;
	if (memchr(token.p, '\\', token.n))
		return unescape(token, ret);
	*ret = span_dup(span_make(token.p + 1, token.n - 2));
	return *ret ? 0 : -ENOMEM;
}
