/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "who/labels.h"

void labels_done(Labels *l)
{
	buffer_done(&l->text);
	*l = (Labels){ 0 };
}

static bool is_usable(Span s)
{
	return s.n == 0 || !memchr(s.p, '\0', s.n);
}

int labels_add(Labels *l, Span key, Span value)
{
	if (key.n == 0 || !is_usable(key) || !is_usable(value) || l->n == LABELS_MAX ||
	    key.n + value.n + 2 > LABELS_BYTES_MAX - l->text.n) {
		l->dropped++;
		return LABELS_DROPPED;
	}
	buffer_add(&l->text, key);
	buffer_add_char(&l->text, '\0');
	buffer_add(&l->text, value);
	buffer_add_char(&l->text, '\0');
	if (buffer_error(&l->text) < 0)
		return -ENOMEM;
	l->n++;
	return 0;
}

int labels_copy(const Labels *from, Labels *ret)
{
	Labels copy = { .n = from->n, .dropped = from->dropped };

	if (from->n > 0)
		buffer_add(&copy.text, buffer_span(&from->text));
	if (buffer_error(&copy.text) < 0) {
		labels_done(&copy);
		return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

const char *labels_get(const Labels *l, const char *key)
{
	const char *p = l ? l->text.p : NULL;

	for (unsigned i = 0; l && i < l->n; i++) {
		const char *value = p + strlen(p) + 1;

		if (strcmp(p, key) == 0)
			return value;
		p = value + strlen(value) + 1;
	}
	return NULL;
}
