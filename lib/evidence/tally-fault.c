/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "evidence/tally-private.h"

static const char *const names[_TALLY_FAULT_MAX] = {
	[TALLY_FAULT_LEDGER] = "ledger",   [TALLY_FAULT_CONFIG] = "config",
	[TALLY_FAULT_RESTART] = "restart", [TALLY_FAULT_JOURNAL] = "journal",
	[TALLY_FAULT_METRICS] = "metrics",
};

const char *tally_fault_name(TallyFaultKind kind)
{
	return names[kind];
}

/* Whoever looks on takes the words for good only while there is a time. */
void tally_set_fault(Tally *t, TallyFaultKind kind, const char *reason, usec_t now)
{
	TallyFault *f = &tally_totals(t)->faults[kind];
	usec_t since = f->since;

	if (!reason) {
		tally_put64(&f->since, 0);
		return;
	}
	if (since != 0 && strncmp(f->reason, reason, sizeof(f->reason) - 1) == 0)
		return;
	tally_put64(&f->since, 0);
	snprintf(f->reason, sizeof(f->reason), "%s", reason);
	tally_put64(&f->since, since ? since : now);
}
