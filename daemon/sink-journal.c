/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/journal-send.h"
#include "daemon/sink-journal.h"

void sink_journal_renewed(SinkJournal *s)
{
	s->told.n = s->told.n_lifetimes = 0;
	s->told.sequence = 0;
}

static int mark_row(Ledger *l, ToldKind kind, int64_t id, uint64_t as, usec_t now)
{
	switch (kind) {
	case TOLD_SIGHTING:
		return ledger_set_sighting_told(l, id, now);
	case TOLD_WORKLOAD:
	case TOLD_BUT_BLIND_SPOT:
		return ledger_set_workload_told(l, id, as, kind == TOLD_BUT_BLIND_SPOT, now);
	case TOLD_BLIND_SPOT:
		return ledger_set_blind_spot_told(l, id, as, now);
	case TOLD_LOSS:
		return ledger_set_loss_told(l, id, as, now);
	case TOLD_RUN:
		return ledger_set_run_told(l, id, as);
	case TOLD_GATE_READY:
		return ledger_set_gate(l, id, GATE_READY);
	case TOLD_GATE_NOT_READY:
		return ledger_set_gate(l, id, GATE_NOT_READY);
	case TOLD_GATE_UNKNOWN:
		return ledger_set_gate(l, id, GATE_UNKNOWN);
	default:
		return ledger_set_gate(l, id, GATE_NEVER_TOLD);
	}
}

static int mark_lifetimes(const ToldList *told, Ledger *ledger)
{
	int r = told->sequence > 0 ? ledger_set_sequence(ledger, told->sequence) : 0;

	for (unsigned i = 0; r >= 0 && i < told->n_lifetimes; i++)
		r = ledger_set_lifetime_told(ledger, told->lifetimes[i].id,
					     told->lifetimes[i].revision);
	return r;
}

/* Before this is done nothing more is sent, or a full disk would have the same told for ever. */
static int mark_told(SinkJournal *s, Ledger *ledger, usec_t now)
{
	int r;

	if (s->told.n == 0 && s->told.sequence == 0)
		return 0;
	r = ledger_begin(ledger);
	for (unsigned i = 0; r >= 0 && i < s->told.n; i++)
		r = mark_row(ledger, s->told.rows[i].kind, s->told.rows[i].id, s->told.rows[i].as,
			     now);
	if (r >= 0)
		r = mark_lifetimes(&s->told, ledger);
	if (r >= 0)
		r = ledger_commit(ledger);
	if (r < 0) {
		ledger_rollback(ledger);
		return r;
	}
	sink_journal_renewed(s);
	return 0;
}

/* What is rare goes before what is frequent: when journald is slow, the first get through. */
static int tell_all(Teller *t)
{
	static int (*const kinds[])(Teller *) = { tell_lifetimes, tell_losses,    tell_gates,
						  tell_runs,      tell_sightings, tell_workloads };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(kinds); i++)
		r = kinds[i](t);
	return r;
}

static int tell(SinkJournal *s, Ledger *ledger, usec_t now, bool final)
{
	_cleanup_close_ int fd = -1;
	Teller t = { .ledger = ledger,
		     .risks = s->risks,
		     .limit = &s->limit,
		     .told = &s->told,
		     .gates = &s->gates,
		     .lifetimes = &s->lifetimes,
		     .now = now,
		     .final = final,
		     .patience_ms = s->patience_ms };
	int r = journal_connect(s->socket ? s->socket : JOURNAL_SOCKET, &fd), e;

	if (r < 0)
		return r;
	t.fd = fd;
	r = ledger_get_id(ledger, t.ledger_id);
	if (r >= 0)
		r = ledger_get_sequence(ledger, &t.sequence);
	if (r >= 0)
		r = tell_all(&t);
	buffer_done(&t.message);
	e = mark_told(s, ledger, now);
	/* A queue that is full is no fault as long as it moves. */
	if (r == -EAGAIN && t.n_sent > 0)
		r = 0;
	return r < 0 ? r : e < 0 ? e : (int)t.n_sent;
}

int sink_journal_tell(SinkJournal *s, Ledger *ledger, usec_t now, bool final)
{
	int r = mark_told(s, ledger, now);

	if (r >= 0 && (s->last == 0 || now < s->last)) {
		r = ledger_begin(ledger);
		if (r >= 0)
			r = ledger_tell_clock(ledger, now);
		r = r < 0 ? r : ledger_commit(ledger);
		if (r < 0)
			ledger_rollback(ledger);
	}
	if (r < 0)
		return r;
	s->last = now;
	r = tell(s, ledger, now, final);
	return r == -ENOENT ? 0 : r;
}
