/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/suspect-sightings.h"

static const char *name_of(const Sighting *s)
{
	return s->name[0] ? s->name : NULL;
}

static bool is_trusted(const Decisions *decisions, const Sighting *s)
{
	const Decision *d = decision_find(decisions, s->arch, name_of(s));

	return d && d->answer == DECISION_ALLOW;
}

int suspect_sightings(const SuspectPolicy *policy, const RiskSettings *risks,
		      const WorkloadWindow *window, usec_t now, Decisions decisions, Sightings *s)
{
	_cleanup_free_ SuspectRow *rows = calloc(s->n + 1, sizeof(*rows));
	_cleanup_free_ Suspicion *found = calloc(s->n + 1, sizeof(*found));
	const SuspectInput in = { .rows = rows,
				  .n_rows = s->n,
				  .lifetimes = window->lifetimes,
				  .n_lifetimes = window->n_lifetimes,
				  .policy = policy,
				  .risks = risks,
				  .now = now };
	int r;

	if (!rows || !found)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		rows[i] = (SuspectRow){ .arch = s->rows[i].arch,
					.nr = s->rows[i].nr,
					.name = name_of(&s->rows[i]),
					.origin = s->rows[i].origin,
					.first = s->rows[i].first,
					.serial = s->rows[i].serial,
					.subjects = s->rows[i].subjects,
					.trusted = is_trusted(&decisions, &s->rows[i]),
					.makings = s->rows[i].makings,
					.n_makings = s->rows[i].n_makings };
	r = suspect_find(&in, found);
	for (size_t i = 0; r == 0 && i < s->n; i++)
		s->rows[i].suspicion = found[i];
	return r;
}
