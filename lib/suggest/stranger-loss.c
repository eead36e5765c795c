/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/stranger-loss.h"
#include "suggest/stranger.h"

/* A record is counted as lost a little behind its own time. */
#define MARGIN (60 * USEC_PER_SEC)

/* The loss is written when it is noticed, the calls a pass or two later. */
#define SETTLED (10 * USEC_PER_SEC)

void strangers_done(Strangers *s)
{
	free(s->rows);
	free(s->workloads);
	*s = (Strangers){ 0 };
}

static int take_sighting(const LedgerSightingRow *row, void *userdata)
{
	Strangers *s = userdata;

	if (s->n == s->allocated) {
		size_t n = s->allocated ? 2 * s->allocated : 32;
		Stranger *more = reallocarray(s->rows, n, sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->rows = more;
		s->allocated = n;
	}
	s->rows[s->n++] = (Stranger){ row->arch, row->nr, row->action, row->first, row->last };
	return 0;
}

static int take_workload(const LedgerWorkloadRow *row, void *userdata)
{
	Strangers *s = userdata;
	int64_t *more;

	if (strcmp(row->name, "unattributed") != 0)
		return 0;
	more = reallocarray(s->workloads, s->n_workloads + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->workloads = more;
	more[s->n_workloads++] = row->id;
	s->incomplete |= row->dropped > 0;
	return 0;
}

int strangers_read(Ledger *l, Strangers *ret)
{
	Strangers s = { 0 };
	int r = ledger_each_workload(l, take_workload, &s);

	for (size_t i = 0; r == 0 && i < s.n_workloads; i++)
		r = ledger_each_sighting(l, s.workloads[i], take_sighting, &s);
	if (r < 0) {
		strangers_done(&s);
		return r;
	}
	*ret = s;
	return 0;
}

static bool meets(usec_t from, usec_t to, const LedgerLoss *loss)
{
	return from <= loss->to + MARGIN && loss->from <= to + MARGIN;
}

/* What found no room is in no row of theirs. */
static bool lost_some(const Strangers *s, const LedgerLoss *losses, size_t n_losses,
		      const LedgerLoss *loss)
{
	for (size_t i = 0; i < n_losses; i++)
		for (size_t k = 0; k < s->n_workloads; k++)
			if (losses[i].workload == s->workloads[k] &&
			    meets(losses[i].from, losses[i].to, loss))
				return true;
	return false;
}

bool strangers_made(const Strangers *s, const LedgerLoss *losses, size_t n_losses,
		    const LedgerLoss *loss, const Profile *applied, usec_t now)
{
	bool found = false;

	if (strcmp(loss->kind, "unattributed") != 0 || loss->workload != 0 || !applied ||
	    s->incomplete || loss->to + SETTLED > now || lost_some(s, losses, n_losses, loss))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const Stranger *one = &s->rows[i];

		/* One without a time may be of any. */
		if (one->first != 0 && !meets(one->first, one->last, loss))
			continue;
		if (stranger_may_be_of(applied, one->arch, one->nr, one->action))
			return false;
		found = true;
	}
	return found;
}
