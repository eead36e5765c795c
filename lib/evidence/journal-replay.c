/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/journal-replay.h"
#include "util/array.h"

struct JournalReplay {
	Ledger *ledger;
	uint32_t uid;
	const char *only;
	JournalReplayCounts counts;
	bool changed;
	JournalForger forger;
	JournalFault fault;
	JournalEvent event;
	LedgerTeller *tellers;
	size_t n_tellers, allocated, last;
};

/* ---- who tells ---- */

static int append_teller(JournalReplay *r, const LedgerTeller *t)
{
	LedgerTeller *rows = array_room(r->tellers, r->n_tellers, &r->allocated, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	r->tellers = rows;
	rows[r->n_tellers++] = *t;
	return 0;
}

static int load_teller(const LedgerTeller *row, void *userdata)
{
	return append_teller(userdata, row);
}

static bool is_teller(const LedgerTeller *t, const JournalEvent *e)
{
	return strcmp(t->ledger, e->ledger) == 0 && strcmp(t->machine, e->machine) == 0;
}

static int add_teller(JournalReplay *r, const JournalEvent *e, LedgerTeller **ret)
{
	LedgerTeller t = { 0 };
	int e_;

	if (r->n_tellers == JOURNAL_TELLERS_MAX)
		return -ENOSPC;
	(void)span_copy(span_of(e->ledger), t.ledger, sizeof(t.ledger));
	(void)span_copy(span_of(e->machine), t.machine, sizeof(t.machine));
	e_ = ledger_add_teller(r->ledger, &t);
	if (e_ == 0)
		e_ = append_teller(r, &t);
	if (e_ < 0)
		return e_;
	r->changed = true;
	*ret = &r->tellers[r->n_tellers - 1];
	return 0;
}

static int find_teller(JournalReplay *r, const JournalEvent *e, LedgerTeller **ret)
{
	for (size_t i = 0; i < r->n_tellers; i++) {
		size_t at = (r->last + i) % r->n_tellers;

		if (is_teller(&r->tellers[at], e)) {
			r->last = at;
			*ret = &r->tellers[at];
			return 0;
		}
	}
	return add_teller(r, e, ret);
}

/* A host may be renamed: the newest name counts. */
static void note_name(JournalReplay *r, LedgerTeller *t, const JournalEvent *e, usec_t now)
{
	if (e->hostname[0] == '\0' || now < t->named ||
	    (now == t->named && strcmp(e->hostname, t->hostname) <= 0))
		return;
	r->changed = r->changed || strcmp(e->hostname, t->hostname) != 0;
	t->named = now;
	(void)span_copy(span_of(e->hostname), t->hostname, sizeof(t->hostname));
}

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
	default:
		return ledger_take_run(r->ledger, t->host, e);
	}
}

static int take(JournalReplay *r, usec_t now)
{
	LedgerTeller *t;
	int e = find_teller(r, &r->event, &t);

	if (e == 0) {
		note_name(r, t, &r->event, now);
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

/* The host's name, where no other ledger is of a host called so. */
static int name_teller(JournalReplay *r, const LedgerTeller *t)
{
	char name[sizeof(t->hostname) + 3 * JOURNAL_ID_SIZE];
	bool alone = t->hostname[0] != '\0';

	for (size_t i = 0; alone && i < r->n_tellers; i++)
		alone = &r->tellers[i] == t || strcmp(r->tellers[i].hostname, t->hostname) != 0;
	if (alone)
		return ledger_name_teller(r->ledger, t, t->hostname);
	snprintf(name, sizeof(name), "%s (ledger %s, machine %s)", t->hostname, t->ledger,
		 t->machine);
	return ledger_name_teller(r->ledger, t, name);
}

static int settle_tellers(JournalReplay *r, LedgerUntold *ret)
{
	int e = ledger_unname_tellers(r->ledger);

	for (size_t i = 0; e == 0 && i < r->n_tellers; i++) {
		LedgerUntold untold;

		e = ledger_put_teller(r->ledger, &r->tellers[i]);
		if (e == 0)
			e = name_teller(r, &r->tellers[i]);
		if (e == 0)
			e = ledger_find_untold(r->ledger, r->tellers[i].host, &untold);
		if (e < 0)
			break;
		ret->records += untold.records;
		ret->sightings += untold.sightings;
		ret->losses += untold.losses;
		ret->runs += untold.runs;
	}
	return e;
}

int journal_replay_finish(JournalReplay *r, JournalReplayReport *ret)
{
	int e;

	*ret = (JournalReplayReport){ .counts = r->counts,
				      .changed = r->changed,
				      .forger = r->forger,
				      .fault = r->fault,
				      .tellers = r->tellers,
				      .n_tellers = r->n_tellers };
	e = settle_tellers(r, &ret->untold);
	if (e == 0)
		e = ledger_settle_workloads(r->ledger);
	if (e == 0 && r->n_tellers > 0)
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
	e = ledger_each_teller(l, load_teller, r);
	if (e < 0)
		return e;
	*ret = STEAL(r);
	return 0;
}

JournalReplay *journal_replay_free(JournalReplay *r)
{
	if (r)
		free(r->tellers);
	free(r);
	return NULL;
}
