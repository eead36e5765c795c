/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only behind a risky call. From its first high-risk call on, a lifetime may be an intruder's; a
 * call is clean when some lifetime made it before that, or made no such call. What the runtime
 * calls to set a container up is no sign of anything.
 */
#include "suggest/suspect-private.h"

/* When a row was made first in a lifetime; without a known one, all that it was made in is taken as
 * one lifetime, 0. */
static bool made_in(const SuspectRow *row, int64_t lifetime, usec_t *ret)
{
	for (size_t i = 0; i < row->n_makings; i++)
		if (row->makings[i].lifetime == lifetime) {
			*ret = row->makings[i].first;
			return true;
		}
	if (row->n_makings == 0 && lifetime == 0) {
		*ret = row->first;
		return true;
	}
	/* Of one that was made in many, only the first are known: it is made in each, then. */
	*ret = 0;
	return row->n_makings == LEDGER_MAKINGS_MAX &&
	       lifetime > row->makings[LEDGER_MAKINGS_MAX - 1].lifetime;
}

/* Stamps are whole milliseconds; where both are first records, their serials tell more. */
static bool is_before(const SuspectRow *risky, usec_t then, const SuspectRow *row, usec_t time)
{
	if (then != time || then != risky->first || time != row->first || !risky->serial ||
	    !row->serial)
		return then < time;
	return (int32_t)(row->serial - risky->serial) > 0;
}

/* The name of what @row came behind in this lifetime, or NULL. */
static const char *find_before(const Suspects *s, const SuspectRow *row, int64_t lifetime,
			       usec_t time)
{
	for (size_t i = 0; i < s->n_risky; i++) {
		const SuspectRow *risky = s->risky[i];
		usec_t then;

		if (made_in(risky, lifetime, &then) && is_before(risky, then, row, time))
			return risky->name;
	}
	return NULL;
}

/* In each lifetime that is known to have made it? */
static const char *row_is_behind(const Suspects *s, const SuspectRow *row)
{
	const char *name = NULL;

	if (row->n_makings == 0)
		return row->first ? find_before(s, row, 0, row->first) : NULL;
	for (size_t i = 0; i < row->n_makings; i++) {
		name = find_before(s, row, row->makings[i].lifetime, row->makings[i].first);
		if (!name)
			return NULL;
	}
	return name;
}

static void find_risky(const SuspectInput *in, Suspects *s)
{
	for (size_t i = 0; i < in->n_rows; i++) {
		const SuspectRow *row = &in->rows[i];

		if (row->name && !row->trusted && row->origin != ORIGIN_RUNTIME_INIT &&
		    suspect_is_risky(in->risks, row->name))
			s->risky[s->n_risky++] = row;
	}
}

void suspect_mark_after_risk(const SuspectInput *in, Suspects *s)
{
	find_risky(in, s);
	for (size_t i = 0; i < s->n_calls && s->n_risky > 0; i++) {
		SuspectCall *c = &s->calls[i];
		const char *name = NULL;

		for (size_t k = 0; k < c->n_rows; k++) {
			const SuspectRow *row = c->rows[k];

			name = row->origin == ORIGIN_RUNTIME_INIT ? NULL : row_is_behind(s, row);
			if (!name)
				break;
		}
		if (!name)
			continue;
		c->found.marks |= 1U << MARK_AFTER_RISK;
		c->found.after = name;
	}
}
