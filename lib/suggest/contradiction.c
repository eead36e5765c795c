/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "suggest/contradiction.h"
#include "suggest/own-filter.h"

static bool counts(const Observed *o)
{
	return o->under_applied && o->nr >= 0 && o->own_filter < o->count;
}

int contradiction_find(Span applied, bool unconfined, const ProfileContext *context,
		       const Observed *observed, size_t n, Contradiction *ret)
{
	_cleanup_own_filter_ OwnFilter filter = { 0 };
	Contradiction c = { 0 };
	int r;

	r = own_filter_init(applied, unconfined, context, &filter);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		const Observed *o = &observed[i];

		if (!counts(o) || own_filter_may_give(&filter, o->arch, o->nr, o->action))
			continue;
		if (c.records == 0)
			c.action = o->action;
		c.records += o->count - o->own_filter;
	}
	*ret = c;
	return c.records > 0;
}
