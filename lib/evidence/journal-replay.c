/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/journal-replay.h"

struct JournalReplay {
	Ledger *ledger;
	uint32_t uid;
	const char *only;
	JournalReplayCounts counts;
	bool changed;
	JournalForger forger;
	JournalFault fault;
	JournalEvent event;
	Tellers tellers;
};

/* ---- entries ---- */

static void copy_field(JournalFields fields, JournalName name, char *to, size_t size)
{
	(void)span_copy(fields[name], to, size);
}

/* The first whose program is known: journald does not learn it of one that is gone at once. */
static void note_forger(JournalReplay *r, JournalFields fields)
{
	JournalForger *f = &r->forger;

	if (r->counts.forged++ > 0 && (f->comm[0] != '\0' || fields[JOURNAL_NAME_COMM].n == 0))
		return;
	*f = (JournalForger){ 0 };
	copy_field(fields, JOURNAL_NAME_UID, f->uid, sizeof(f->uid));
	copy_field(fields, JOURNAL_NAME_EXE, f->exe, sizeof(f->exe));
	copy_field(fields, JOURNAL_NAME_COMM, f->comm, sizeof(f->comm));
	copy_field(fields, JOURNAL_NAME_UNIT, f->unit, sizeof(f->unit));
}

static int take_event(JournalReplay *r, const LedgerTeller *t, usec_t now)
{
	const JournalEvent *e = &r->event;

	switch (e->kind) {
	case JOURNAL_SIGHTING:
		return ledger_take_sighting(r->ledger, t->host, e, now);
	case JOURNAL_STAGE:
		return ledger_take_stage(r->ledger, t->host, e, now);
	case JOURNAL_LOSS:
		return ledger_take_loss(r->ledger, t->host, e, now);
	case JOURNAL_LIFETIMES:
		return ledger_take_lifetimes(r->ledger, t->host, e);
	default:
		return ledger_take_run(r->ledger, t->host, e);
	}
}

static int take(JournalReplay *r, usec_t now)
{
	const JournalEvent *event = &r->event;
	LedgerTeller *t;
	bool new = false;
	int e = tellers_find(&r->tellers, event->ledger, event->machine, event->hostname, &t, &new);

	r->changed |= e == 0 && new;
	if (e == 0) {
		r->changed |= teller_rename(t, event->hostname, now);
		e = take_event(r, t, now);
	}
	if (e == -ENOSPC) {
		r->counts.refused++;
		return 0;
	}
	r->counts.again += e == 0;
	r->changed = r->changed || e > 0;
	return MIN(e, 0);
}

int journal_replay_entry(JournalReplay *r, JournalFields fields, bool cut, usec_t now)
{
	JournalFault fault = { NULL, "a field is too long" };

	r->counts.entries++;
	if (!journal_is_genuine(fields, r->uid)) {
		note_forger(r, fields);
		return 0;
	}
	r->counts.genuine++;
	if (cut || journal_event_read(fields, &r->event, &fault) < 0) {
		if (r->counts.rejected++ == 0)
			r->fault = fault;
		return 0;
	}
	if (r->event.kind == JOURNAL_OTHER || (r->only && strcmp(r->only, r->event.ledger) != 0)) {
		r->counts.other++;
		return 0;
	}
	return take(r, now);
}

/* ---- the end ---- */

int journal_replay_finish(JournalReplay *r, JournalReplayReport *ret)
{
	int e;

	*ret = (JournalReplayReport){
		.counts = r->counts, .changed = r->changed, .forger = r->forger, .fault = r->fault
	};
	e = tellers_settle(&r->tellers, &ret->untold);
	ret->tellers = &r->tellers;
	if (e == 0)
		e = ledger_settle_workloads(r->ledger);
	if (e == 0 && r->tellers.n > 0)
		e = ledger_set_replayed(r->ledger);
	if (e == 0)
		e = ledger_journal_figures(r->ledger, &ret->figures);
	return e;
}

const JournalReplayCounts *journal_replay_counts(const JournalReplay *r)
{
	return &r->counts;
}

int journal_replay_new(Ledger *l, uint32_t uid, const char *only, JournalReplay **ret)
{
	_cleanup_(journal_replay_freep) JournalReplay *r = calloc(1, sizeof(*r));
	int e;

	if (!r)
		return -ENOMEM;
	r->ledger = l;
	r->uid = uid;
	r->only = only;
	e = tellers_read(l, &r->tellers);
	if (e < 0)
		return e;
	*ret = STEAL(r);
	return 0;
}

JournalReplay *journal_replay_free(JournalReplay *r)
{
	if (r)
		tellers_done(&r->tellers);
	free(r);
	return NULL;
}
