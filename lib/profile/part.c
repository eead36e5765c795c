/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/part.h"
#include "profile/scan.h"

static void blank(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\n' && p[i] != '\r')
			p[i] = ' ';
}

int part_take(Span text, const char *at, Part *ret, Diag *d)
{
	_cleanup_scan_ Scan scan = { 0 };
	const ScanNode *node;
	char *copy;
	int r;

	r = scan_read(text, &scan, d);
	if (r < 0)
		return r;
	node = scan_at(&scan, at);
	if (!node)
		return diag_set_at(d, -EBADMSG, 1, 1, "there is nothing at %.200s in this file",
				   at);
	copy = span_dup(text);
	if (!copy)
		return -ENOMEM;
	blank(copy, node->begin);
	blank(copy + node->end, text.n - node->end);
	*ret = (Part){ copy, text.n, node->begin, node->end };
	return 0;
}

void part_done(Part *p)
{
	free(p->text);
	*p = (Part){ 0 };
}

int part_put(Span text, const Part *p, Span patched, Buffer *out)
{
	Span before = span_make(p->text, p->begin),
	     after = span_from(span_make(p->text, p->n), p->end);

	if (patched.n < before.n + after.n || !span_starts(patched, before) ||
	    !span_ends(patched, after))
		return -EINVAL;
	buffer_add(out, span_first(text, p->begin));
	buffer_add(out, span_first(span_from(patched, before.n), patched.n - before.n - after.n));
	buffer_add(out, span_from(text, p->end));
	return buffer_error(out);
}
