/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-journal.h"
#include "evidence/ledger-private.h"
#include "evidence/lifetime-list.h"
#include "evidence/told-counts.h"

static LedgerArg arg_count(uint64_t n)
{
	return n == JOURNAL_COUNT_UNKNOWN ? ARG_NULL : ARG_INT(n);
}

/* Of an upsert that leaves alone what it would not change. */
static int changed(Ledger *l, int r)
{
	return r < 0 ? r : sqlite3_changes(l->db) > 0;
}

int ledger_open_journal(const char *path, Ledger **ret, Diag *d)
{
	return ledger_open_made(path, LEDGER_REPLAYED_JOURNALS, ret, d);
}

/* ---- who told ---- */

typedef struct TellerWalk {
	int (*f)(const LedgerTeller *row, void *userdata);
} TellerWalk;

static int teller_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const TellerWalk *w = f;
	LedgerTeller row = {
		.host = sqlite3_column_int64(s, 0),
		.named = ledger_column_u64(s, 4),
		.heard = ledger_column_u64(s, 5),
		.retired = ledger_column_u64(s, 6),
		.doubled = sqlite3_column_int64(s, 7) != 0,
	};

	if (!span_copy(span_of(ledger_column_text(s, 1)), row.ledger, sizeof(row.ledger)) ||
	    !span_copy(span_of(ledger_column_text(s, 2)), row.machine, sizeof(row.machine)) ||
	    !span_copy(span_of(ledger_column_text(s, 3)), row.hostname, sizeof(row.hostname)))
		return -EBADMSG;
	return w->f(&row, userdata);
}

int ledger_each_teller(Ledger *l, int (*f)(const LedgerTeller *row, void *userdata), void *userdata)
{
	TellerWalk w = { f };

	return ledger_walk(l, SQL_EACH_TELLER, NULL, 0, teller_row, &w, userdata);
}

int ledger_put_teller(Ledger *l, const LedgerTeller *t)
{
	return ledger_run(l, SQL_TELLER_PUT, NULL, ARG_INT(t->host), ARG_TEXT(t->ledger),
			  ARG_TEXT(t->machine), ARG_TEXT(t->hostname), ARG_INT(t->named),
			  ARG_INT(t->heard), ARG_INT(t->retired), ARG_INT(t->doubled));
}

int ledger_add_teller(Ledger *l, LedgerTeller *t)
{
	char name[2 * JOURNAL_ID_SIZE + sizeof(t->hostname)];
	int r;

	snprintf(name, sizeof(name), "%s/%s/%s", t->ledger, t->machine, t->hostname);
	r = ledger_run(l, SQL_HOST_ADD, NULL, ARG_TEXT(name));
	if (r == 0)
		r = ledger_run(l, SQL_HOST_FIND, &t->host, ARG_TEXT(name));
	return r < 0 ? r : ledger_put_teller(l, t);
}

int ledger_unname_tellers(Ledger *l)
{
	return ledger_run_plain(l, SQL_HOST_UNNAME, NULL);
}

int ledger_name_teller(Ledger *l, const LedgerTeller *t, const char *name)
{
	return ledger_run(l, SQL_HOST_NAME, NULL, ARG_INT(t->host), ARG_TEXT(name));
}

/* ---- workloads ---- */

/* Losses and lifetimes say nothing of it. */
static bool says_stage(const JournalEvent *e)
{
	return e->kind == JOURNAL_STAGE || e->kind == JOURNAL_SIGHTING;
}

/* One that was told of by something else than its stage. */
static int find_workload(Ledger *l, int64_t host, const char *name, int64_t *ret)
{
	int64_t n = 0;
	int r = ledger_run(l, SQL_WORKLOAD_FIND, ret, ARG_INT(host), ARG_TEXT(name));

	if (r != 0)
		return r;
	r = ledger_run(l, SQL_WORKLOAD_COUNT_OF, &n, ARG_INT(host));
	return r < 0 ? r : n < l->limits.workloads ? 0 : -ENOSPC;
}

int ledger_take_workload(Ledger *l, int64_t host, const JournalEvent *e, usec_t now, int64_t *ret)
{
	bool staged = e->kind == JOURNAL_STAGE;
	int64_t profile;
	int r = find_workload(l, host, e->workload, ret);

	if (r >= 0)
		r = ledger_put_profile(l, staged ? e->profile : "", NULL, &profile);
	if (r < 0)
		return r;
	r = changed(l, ledger_run(l, SQL_WORKLOAD_TAKE, NULL, ARG_INT(host), ARG_TEXT(e->workload),
				  ARG_TEXT(staged ? e->runtime : ""), ARG_TEXT(e->container_name),
				  ARG_TEXT(e->image), ARG_TEXT(e->stage[0] ? e->stage : "other"),
				  ARG_TEXT(staged ? e->visibility : "unknown"), ARG_INT(profile),
				  ARG_TEXT(e->profile_source), ARG_TEXT(e->dialect),
				  ARG_INT(says_stage(e) ? now : 0), ARG_INT(e->heuristic),
				  ARG_INT(staged ? e->revision : 0)));
	if (r < 0)
		return r;
	if (*ret == 0 &&
	    ledger_run(l, SQL_WORKLOAD_FIND, ret, ARG_INT(host), ARG_TEXT(e->workload)) <= 0)
		return -EBADMSG;
	return r;
}

int ledger_take_stage(Ledger *l, int64_t host, const JournalEvent *e, usec_t now)
{
	int64_t workload = 0;

	return ledger_take_workload(l, host, e, now, &workload);
}

/* ---- sightings ---- */

static int told_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	(void)f;
	return told_counts_read(
		span_make(sqlite3_column_blob(s, 2) ?: "", (size_t)sqlite3_column_bytes(s, 2)),
		userdata);
}

int ledger_get_told(Ledger *l, int64_t workload, int64_t sighting, ToldCounts *ret)
{
	const LedgerArg args[] = { ARG_INT(sighting), ARG_INT(workload) };

	ret->n = 0;
	return ledger_walk(l, SQL_KEYS_GET, args, ELEMENTSOF(args), told_row, NULL, ret);
}

int ledger_add_told(Ledger *l, int64_t workload, int64_t sighting, const ToldCounts *more)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	ToldCounts told;
	int r = ledger_get_told(l, workload, sighting, &told);
	bool grew = false;

	for (size_t i = 0; i < more->n; i++)
		grew |= told_counts_add(&told, more->rows[i].from, more->rows[i].to);
	if (r < 0 || !grew)
		return r;
	told_counts_write(&told, &b);
	r = buffer_error(&b);
	if (r == 0)
		r = ledger_run(l, SQL_KEYS_SET, NULL, ARG_INT(sighting), ARG_INT(workload),
			       ARG_BYTES(b));
	return r < 0 ? r : 1;
}

static int note_told(Ledger *l, int64_t workload, int64_t sighting, const JournalEvent *e)
{
	ToldCounts more = { .n = 0 };

	(void)told_counts_add(&more, e->total - e->count, e->total);
	return ledger_add_told(l, workload, sighting, &more);
}

static int note_makings(Ledger *l, int64_t host, int64_t sighting, Span list)
{
	LedgerMaking m;
	bool any = false;
	int r;

	while ((r = making_list_next(&list, &m)) > 0) {
		r = ledger_run(l, SQL_MAKING_TAKE, NULL, ARG_INT(sighting),
			       ARG_INT(ledger_row_of(host, (uint64_t)m.lifetime)),
			       ARG_INT(m.first));
		if (r < 0)
			return r;
		any |= changed(l, r) > 0;
	}
	return r < 0 ? r : any;
}

/* Is it there, or is there room for it? */
static int check_room(Ledger *l, int64_t workload, const LedgerArg *key, size_t n)
{
	int64_t id, room = 0;
	int r = ledger_run_args(l, SQL_SIGHTING_FIND, key, n, &id);

	if (r != 0)
		return r;
	r = ledger_run(l, SQL_WORKLOAD_ROOM, &room, ARG_INT(workload),
		       ARG_INT(LEDGER_JOURNAL_SIGHTINGS));
	if (r > 0)
		r = room ? ledger_run(l, SQL_WORKLOAD_GREW, NULL, ARG_INT(workload)) : -ENOSPC;
	return r;
}

int ledger_take_sighting(Ledger *l, int64_t host, const JournalEvent *e, usec_t now)
{
	int64_t workload = 0, profile = 0, id = 0;
	int r = ledger_take_workload(l, host, e, now, &workload), told, made;

	if (r >= 0)
		r = ledger_put_profile(l, e->profile, NULL, &profile);
	if (r < 0)
		return r;
	const LedgerArg args[] = {
		ARG_INT(workload),   ARG_INT(e->arch),          ARG_INT(e->nr),
		ARG_INT(e->action),  ARG_INT(e->origin),        ARG_INT(profile),
		ARG_INT(e->means),   ARG_INT(e->total),         ARG_INT(e->first),
		ARG_INT(e->last),    ARG_INT(e->serial),        ARG_INT(e->own_filter),
		ARG_INT(e->made_by), ARG_INT(e->made_in_count),
	};
	r = check_room(l, workload, args, 6);
	if (r >= 0)
		r = changed(l, ledger_run_args(l, SQL_SIGHTING_TAKE, args, ELEMENTSOF(args), NULL));
	if (r < 0)
		return r;
	if (ledger_run_args(l, SQL_SIGHTING_FIND, args, 6, &id) <= 0)
		return -EBADMSG;
	told = note_told(l, workload, id, e);
	made = told < 0 ? told : note_makings(l, host, id, e->made_in);
	return made < 0 ? made : r | told | made;
}

/* ---- losses and runs ---- */

int ledger_take_loss(Ledger *l, int64_t host, const JournalEvent *e, usec_t now)
{
	int64_t workload = 0;
	int r = 0;

	if (e->workload[0])
		r = ledger_take_workload(l, host, e, now, &workload);
	if (r < 0)
		return r;
	return changed(l, ledger_run(l, SQL_LOSS_TAKE, NULL, ARG_INT(ledger_row_of(host, e->row)),
				     ARG_INT(host), workload ? ARG_INT(workload) : ARG_NULL,
				     ARG_TEXT(e->loss), ARG_INT(e->from), ARG_INT(e->to),
				     arg_count(e->total), ARG_INT(e->revision)));
}

int ledger_take_run(Ledger *l, int64_t host, const JournalEvent *e)
{
	int64_t row = ledger_row_of(host, e->row);
	int r = ledger_run(l, SQL_RUN_DOUBLED, NULL, ARG_INT(row), ARG_INT(host),
			   ARG_TEXT(e->boot)),
	    numbered;

	if (r == 0)
		r = changed(l, ledger_run(l, SQL_RUN_TAKE, NULL, ARG_INT(row), ARG_INT(host),
					  ARG_TEXT(e->boot), ARG_INT(e->from), ARG_INT(e->to)));
	numbered = r < 0 ? r : ledger_note_sequence(l, host, e->sequence - 1, e->sequence);
	return numbered < 0 ? numbered : r | numbered;
}

int ledger_note_sequence(Ledger *l, int64_t host, uint64_t from, uint64_t to)
{
	ToldCounts more = { .n = 0 };

	if (to == 0 || from >= to)
		return 0;
	(void)told_counts_add(&more, from, to);
	return ledger_add_told(l, 0, host, &more);
}

/* ---- the end ---- */

static int untold_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	LedgerUntold *u = userdata;
	ToldCounts told;
	int r = told_row(s, f, &told);
	uint64_t missing = r < 0 ? 0 : told_counts_missing(&told);

	u->records += missing;
	u->sightings += missing > 0;
	return r;
}

/* Rows are numbered from 1 on. */
static int count_holes(Ledger *l, LedgerSql which, int64_t host, uint64_t *ret)
{
	int64_t n = 0;
	int r = ledger_run(l, which, &n, ARG_INT(host), ARG_INT(ledger_row_of(host, 0)));

	*ret = (uint64_t)n;
	return MIN(r, 0);
}

static int count_missing_entries(Ledger *l, int64_t host, uint64_t *ret)
{
	ToldCounts told;
	int r = ledger_get_told(l, 0, host, &told);

	*ret = told_counts_missing(&told);
	return r;
}

static bool is_any(const LedgerUntold *u)
{
	return u->records + u->losses + u->runs + u->entries > 0;
}

int ledger_find_untold(Ledger *l, int64_t host, LedgerUntold *ret)
{
	const LedgerArg args[] = { ARG_INT(host) };
	int64_t last = 0;
	int r = ledger_run(l, SQL_LOSS_UNTAKE, NULL, ARG_INT(ledger_row_of(host, 0)));

	*ret = (LedgerUntold){ 0 };
	if (r == 0)
		r = ledger_walk(l, SQL_EACH_TOLD, args, 1, untold_row, NULL, ret);
	if (r == 0)
		r = count_holes(l, SQL_LOSS_HOLES, host, &ret->losses);
	if (r == 0)
		r = count_holes(l, SQL_RUN_HOLES, host, &ret->runs);
	if (r == 0)
		r = count_missing_entries(l, host, &ret->entries);
	if (r == 0)
		r = ledger_run(l, SQL_HOST_LAST, &last, ARG_INT(host));
	if (r >= 0)
		r = ledger_run(l, SQL_HOST_HEARD, NULL, ARG_INT(host), ARG_INT(last));
	if (r == 0 && is_any(ret))
		r = ledger_run(l, SQL_LOSS_TAKE, NULL, ARG_INT(ledger_row_of(host, 0)),
			       ARG_INT(host), ARG_NULL, ARG_TEXT(LEDGER_LOSS_JOURNAL_GAP),
			       ARG_INT(0), ARG_INT(last), ARG_NULL, ARG_INT(1));
	return r;
}

int ledger_settle_workloads(Ledger *l)
{
	return ledger_run_plain(l, SQL_WORKLOAD_SETTLE, NULL);
}

static int figures_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	LedgerJournalFigures *ret = userdata;

	(void)f;
	*ret = (LedgerJournalFigures){
		.workloads = ledger_column_u64(s, 0),
		.sightings = ledger_column_u64(s, 1),
		.records = ledger_column_u64(s, 2),
		.first = ledger_column_u64(s, 3),
		.last = ledger_column_u64(s, 4),
		.losses = ledger_column_u64(s, 5),
		.runs = ledger_column_u64(s, 6),
		.lifetimes = ledger_column_u64(s, 7),
	};
	return 0;
}

int ledger_journal_figures(Ledger *l, LedgerJournalFigures *ret)
{
	return ledger_walk(l, SQL_JOURNAL_FIGURES, NULL, 0, figures_row, NULL, ret);
}
