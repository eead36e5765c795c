/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/watch.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-replay.h"
#include "util/hash.h"

/* Lines of one look about calls that went on; the rest is one line. */
#define GROWN_MAX 100
/* A record may be older than one that was counted before it. */
#define LATE (300 * USEC_PER_SEC)

void watch_done(Watch *w)
{
	known_done(&w->sightings);
	known_done(&w->losses);
	known_done(&w->stages);
	known_done(&w->faults);
	follow_done(&w->follow);
}

static bool is_wanted(const Watch *w, const char *name)
{
	return !w->workload || strcmp(w->workload, name) == 0;
}

static uint64_t hash_text(const char *s, uint64_t seed)
{
	return hash_bytes(span_of(s), seed);
}

/* ---- calls ---- */

static int on_known(const LedgerFollowed *row, void *userdata)
{
	Watch *w = userdata;
	uint64_t before;
	int r = known_set(&w->sightings, (uint64_t)row->id, row->count, &before);

	w->latest = MAX(w->latest, row->last);
	w->too_many = w->too_many || r == -ENOSPC;
	return r == -ENOMEM ? r : 0;
}

static int say_grown(Watch *w, const LedgerFollowed *row, uint64_t more)
{
	if (w->grown++ < GROWN_MAX)
		return watch_say_call(w, row, more);
	w->not_shown++;
	w->not_shown_records += more;
	return 0;
}

static int on_recent(const LedgerFollowed *row, void *userdata)
{
	uint64_t before = 0;
	Watch *w = userdata;
	int r = known_set(&w->sightings, (uint64_t)row->id, row->count, &before);

	w->latest = MAX(w->latest, row->last);
	w->too_many = w->too_many || r == -ENOSPC;
	if (r == -ENOMEM || !is_wanted(w, row->workload_name))
		return r == -ENOMEM ? r : 0;
	if (row->id > w->last)
		return watch_say_call(w, row, 0);
	if (r == 0 && row->count > before)
		return say_grown(w, row, row->count - before);
	return 0;
}

static int calls(Watch *w)
{
	usec_t now = ctl_now(), until = w->latest > 0 ? MIN(w->latest, now) : now;
	int64_t last = w->last;
	int r;

	w->grown = 0;
	w->not_shown = w->not_shown_records = 0;
	r = ledger_last_sighting(w->follow.ledger, &last);
	if (r >= 0)
		r = ledger_each_recent(w->follow.ledger, w->last, until > LATE ? until - LATE : 0,
				       on_recent, w);
	w->last = last;
	if (r >= 0 && w->not_shown > 0)
		r = watch_say_rest(w);
	return r;
}

/* ---- stages ---- */

static int note_stage(Watch *w, const LedgerStage *row)
{
	uint64_t before = 0, now;
	int r;

	now = hash_text(row->stage, hash_text(row->visibility, hash_text(row->profile_hash, 0)));
	r = known_set(&w->stages, (uint64_t)row->id, now, &before);
	if (r == -ENOMEM)
		return r;
	return r == KNOWN_NEW || (r == 0 && before != now);
}

static int on_known_stage(const LedgerStage *row, void *userdata)
{
	return MIN(note_stage(userdata, row), 0);
}

static int on_stage(const LedgerStage *row, void *userdata)
{
	Watch *w = userdata;
	int r = note_stage(w, row);

	if (r <= 0 || !row->stage[0] || !is_wanted(w, row->name))
		return MIN(r, 0);
	return watch_say_stage(w, row);
}

/* ---- losses ---- */

static int note_loss(Watch *w, const LedgerLoss *loss)
{
	const uint64_t key[] = { hash_text(loss->kind, 0), (uint64_t)loss->workload, loss->from };
	uint64_t before = 0;
	int r;

	r = known_set(&w->losses, hash_bytes(span_make((const char *)key, sizeof(key)), 0),
		      loss->count, &before);
	if (r == -ENOMEM)
		return r;
	return r == KNOWN_NEW || (r == 0 && before != loss->count);
}

static int on_known_loss(const LedgerLoss *loss, void *userdata)
{
	return MIN(note_loss(userdata, loss), 0);
}

typedef struct NamedLoss {
	Watch *watch;
	const LedgerLoss *loss;
	char host[256];
} NamedLoss;

static int on_host(const LedgerHost *row, void *userdata)
{
	NamedLoss *l = userdata;

	if (row->id == l->loss->host)
		snprintf(l->host, sizeof(l->host), "%s", row->name);
	return 0;
}

static int on_loser(const LedgerWorkloadRow *row, void *userdata)
{
	const NamedLoss *l = userdata;

	return is_wanted(l->watch, row->name)
		       ? watch_say_loss(l->watch, l->loss, row->name, l->host)
		       : 0;
}

static int on_loss(const LedgerLoss *loss, void *userdata)
{
	NamedLoss named = { .watch = userdata, .loss = loss };
	int r = note_loss(named.watch, loss);

	if (r <= 0 || loss->count == 0)
		return MIN(r, 0);
	r = ledger_each_host(named.watch->follow.ledger, on_host, &named);
	if (r < 0)
		return r;
	if (loss->workload != 0)
		return ledger_get_workload(named.watch->follow.ledger, loss->workload, on_loser,
					   &named);
	return watch_say_loss(named.watch, loss, NULL, named.host);
}

/* ---- all of it ---- */

static int on_old(const LedgerFollowed *row, void *userdata)
{
	return watch_say_call(userdata, row, 0);
}

static bool is_of_hosts(Ledger *l)
{
	int made = ledger_is_replayed(l);

	return made == LEDGER_OF_JOURNALS || made == LEDGER_OF_LEDGERS;
}

int watch_begin(Watch *w)
{
	Ledger *l = w->follow.ledger;
	int r;

	known_done(&w->sightings);
	known_done(&w->losses);
	known_done(&w->stages);
	w->latest = 0;
	w->too_many = false;
	w->of_hosts = is_of_hosts(l);
	r = ledger_begin(l);
	if (r >= 0)
		r = ledger_last_sighting(l, &w->last);
	if (r >= 0)
		r = ledger_each_recent(l, -1, 0, on_known, w);
	if (r >= 0)
		r = ledger_each_stage(l, on_known_stage, w);
	if (r >= 0)
		r = ledger_each_loss(l, on_known_loss, w);
	if (r >= 0 && w->before > 0)
		r = ledger_each_newest(l, w->workload, w->from, w->before, on_old, w);
	ledger_rollback(l);
	return r;
}

int watch_changes(Watch *w)
{
	Ledger *l = w->follow.ledger;
	int r = ledger_begin(l);

	if (r >= 0)
		r = ledger_each_stage(l, on_stage, w);
	if (r >= 0)
		r = calls(w);
	if (r >= 0)
		r = ledger_each_loss(l, on_loss, w);
	ledger_rollback(l);
	return r;
}

static void tell_faults(Watch *w)
{
	for (int i = 0; w->follow.running && i < _TALLY_FAULT_MAX; i++) {
		uint64_t since = w->follow.totals.faults[i].since, before = 0;

		if (known_set(&w->faults, (uint64_t)i, since, &before) < 0)
			continue;
		if ((before == 0) != (since == 0))
			(void)watch_say_fault(w, (TallyFaultKind)i);
	}
}

void watch_told(Watch *w, unsigned bits)
{
	static const struct {
		unsigned bit;
		const char *state, *text;
	} ledgers[] = {
		{ FOLLOW_FAILED, "unreadable", NULL },
		{ FOLLOW_REPLACED, "replaced",
		  "the ledger was opened anew; what is in it already is not shown" },
	};

	if (bits & (FOLLOW_STARTED | FOLLOW_ENDED))
		(void)watch_say_daemon(w, true);
	for (size_t i = 0; i < ELEMENTSOF(ledgers); i++)
		if (bits & ledgers[i].bit)
			(void)watch_say_ledger(w, ledgers[i].state,
					       ledgers[i].text ?: w->follow.fault.text);
	tell_faults(w);
}
