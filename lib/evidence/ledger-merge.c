/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-merge.h"
#include "evidence/ledger-merge-sql.h"
#include "evidence/ledger-private.h"
#include "evidence/told-counts.h"

/* Much is looked up by names. */
#define CACHE "PRAGMA cache_size=-16384"

/* Before this hour nothing is kept; looked at when so many hours are there. */
#define HOURS_SLACK (2 * LEDGER_HOURS_MAX)

typedef struct CopiedRow {
	sqlite3_stmt *from;   /* as .from gave it */
	int64_t id, workload; /* as .into made it */
} CopiedRow;

struct LedgerMerge {
	Ledger *to;
	Tellers tellers;
	sqlite3_stmt *before[ELEMENTSOF(copies)], *into[ELEMENTSOF(copies)];
	sqlite3_stmt *parts[ELEMENTSOF(parts)][ELEMENTSOF(parts[0].into)];
	int64_t first_hour;

	/* of the ledger that is taken in */
	Ledger *from;
	bool is_made;
	sqlite3_stmt *read[ELEMENTSOF(parts)];
	int64_t host; /* the row of now, here */
	bool *source; /* is it to blame */
};

/* ---- statements ---- */

static int prepare(Ledger *l, const char *text, sqlite3_stmt **ret)
{
	int rc = text && !*ret ? sqlite3_prepare_v2(l->db, text, -1, ret, NULL) : SQLITE_OK;

	return rc == SQLITE_OK ? 0 : ledger_failed(l, rc);
}

static int prepare_target(LedgerMerge *m)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(copies); i++) {
		r = prepare(m->to, copies[i].before, &m->before[i]);
		if (r == 0)
			r = prepare(m->to, copies[i].into, &m->into[i]);
	}
	for (size_t i = 0; i < ELEMENTSOF(parts); i++)
		for (size_t k = 0; r == 0 && k < ELEMENTSOF(parts[i].into); k++)
			r = prepare(m->to, parts[i].into[k], &m->parts[i][k]);
	return r;
}

static void finalize(sqlite3_stmt **s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		(void)sqlite3_finalize(s[i]);
		s[i] = NULL;
	}
}

/* Values of a row behind those that are bound; what @into does not ask for is for its parts. */
static void bind_row(sqlite3_stmt *into, int bound, sqlite3_stmt *row)
{
	int n = MIN(sqlite3_bind_parameter_count(into) - bound, sqlite3_column_count(row));

	for (int i = 0; i < n; i++)
		(void)sqlite3_bind_value(into, bound + i + 1, sqlite3_column_value(row, i));
}

/* Runs it; *ret gets what it returns, if it does. */
static int run_into(LedgerMerge *m, sqlite3_stmt *into, CopiedRow *ret)
{
	int r = 0, rc = sqlite3_step(into);

	if (rc == SQLITE_ROW && ret) {
		ret->id = sqlite3_column_int64(into, 0);
		ret->workload = sqlite3_column_int64(into, 1);
		rc = sqlite3_step(into);
	}
	if (rc != SQLITE_DONE)
		r = ledger_failed(m->to, rc);
	(void)sqlite3_reset(into);
	return r;
}

static int fail_source(LedgerMerge *m, int r)
{
	*m->source = true;
	return r;
}

/* ---- a sighting's own ---- */

static int copy_part(LedgerMerge *m, size_t part, int64_t from, int64_t to)
{
	sqlite3_stmt *read = m->read[part];
	int r = 0, rc = SQLITE_DONE;

	(void)sqlite3_bind_int64(read, 1, from);
	while (r == 0 && (rc = sqlite3_step(read)) == SQLITE_ROW)
		for (size_t k = 0; r == 0 && k < ELEMENTSOF(parts[part].into); k++) {
			sqlite3_stmt *into = m->parts[part][k];

			if (!into)
				continue;
			(void)sqlite3_bind_int64(into, 1, to);
			(void)sqlite3_bind_int64(into, 2, m->host);
			bind_row(into, 2, read);
			r = run_into(m, into, NULL);
		}
	if (r == 0 && rc != SQLITE_DONE)
		r = fail_source(m, ledger_failed(m->from, rc));
	(void)sqlite3_reset(read);
	return r;
}

/* Where in sighting's columns */
enum { ARCH = 2, NR, ACTION, ORIGIN, MEANS, COUNT, ID = 14, TOLD };

static int read_told(const CopiedRow *row, ToldCounts *ret)
{
	const char *bytes = sqlite3_column_blob(row->from, TOLD);
	uint64_t count = ledger_column_u64(row->from, COUNT);

	ret->n = 0;
	if (sqlite3_column_type(row->from, TOLD) != SQLITE_NULL)
		return told_counts_read(
			span_make(bytes ?: "", (size_t)sqlite3_column_bytes(row->from, TOLD)), ret);
	/* who counted it knows all of it */
	if (count > 0)
		(void)told_counts_add(ret, 0, count);
	return 0;
}

static int copy_parts(LedgerMerge *m, const CopiedRow *row)
{
	ToldCounts told;
	int r = read_told(row, &told);

	if (r < 0 || !ledger_call_is_sane(sqlite3_column_int64(row->from, ARCH),
					  sqlite3_column_int64(row->from, ACTION),
					  sqlite3_column_int64(row->from, ORIGIN),
					  sqlite3_column_int64(row->from, MEANS)))
		return fail_source(m, -EBADMSG);
	r = ledger_add_told(m->to, row->workload, row->id, &told);
	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(parts); i++)
		r = copy_part(m, i, sqlite3_column_int64(row->from, ID), row->id);
	return MIN(r, 0);
}

/* ---- a host ---- */

static int copy_row(LedgerMerge *m, size_t table, sqlite3_stmt *from)
{
	CopiedRow row = { .from = from };
	int r = 0;

	if (m->before[table]) {
		(void)sqlite3_bind_int64(m->before[table], 1, m->host);
		bind_row(m->before[table], 1, from);
		r = run_into(m, m->before[table], NULL);
	}
	(void)sqlite3_bind_int64(m->into[table], 1, m->host);
	bind_row(m->into[table], 1, from);
	if (r == 0)
		r = run_into(m, m->into[table], &row);
	return r == 0 && copies[table].has_parts ? copy_parts(m, &row) : r;
}

static int copy_table(LedgerMerge *m, size_t table, int64_t host)
{
	sqlite3_stmt *from = NULL;
	int r = prepare(m->from, copies[table].from, &from), rc = SQLITE_DONE;

	if (r < 0)
		return fail_source(m, r);
	(void)sqlite3_bind_int64(from, 1, host);
	if (sqlite3_bind_parameter_count(from) > 1)
		(void)sqlite3_bind_int64(from, 2, m->first_hour);
	while (r == 0 && (rc = sqlite3_step(from)) == SQLITE_ROW)
		r = copy_row(m, table, from);
	if (r == 0 && rc != SQLITE_DONE)
		r = fail_source(m, ledger_failed(m->from, rc));
	(void)sqlite3_finalize(from);
	return r;
}

static int find_origin(LedgerMerge *m, const LedgerHost *host, LedgerTeller **ret)
{
	char own[LEDGER_ID_SIZE];
	int r = m->is_made ? 0 : ledger_get_id(m->from, own);

	if (r < 0)
		return fail_source(m, r);
	return tellers_find(&m->tellers, m->is_made ? host->ledger : own, host->machine,
			    host->hostname, ret, NULL);
}

/* Who tells of lifetimes knows all that it told. */
static int copy_sequence(LedgerMerge *m, int64_t host)
{
	ToldCounts told;
	uint64_t n = 0;
	int r = m->is_made ? ledger_get_told(m->from, 0, host, &told)
			   : ledger_get_sequence(m->from, &n);

	if (r < 0)
		return fail_source(m, r);
	return MIN(m->is_made ? ledger_add_told(m->to, 0, m->host, &told)
			      : ledger_note_sequence(m->to, m->host, 0, n),
		   0);
}

static int copy_host(const LedgerHost *host, void *userdata)
{
	LedgerMerge *m = userdata;
	LedgerTeller *t;
	int r = find_origin(m, host, &t);

	if (r < 0)
		return r;
	(void)teller_rename(t, host->hostname, m->is_made ? host->named : host->heard);
	t->heard = MAX(t->heard, host->heard);
	t->retired = MAX(t->retired, host->retired);
	t->doubled |= host->doubled;
	m->host = t->host;
	for (size_t i = 0; r == 0 && i < ELEMENTSOF(copies); i++)
		r = copy_table(m, i, host->id);
	return r == 0 ? copy_sequence(m, host->id) : r;
}

/* ---- hours ---- */

/* Whole hours, and of all workloads, so that it makes no difference when others come in. */
static int forget_hours(LedgerMerge *m, int64_t more_than)
{
	int64_t n = 0;
	int r = ledger_run_plain(m->to, SQL_HOUR_COUNT_ALL, &n);

	if (r < 0 || n <= more_than)
		return MIN(r, 0);
	r = ledger_run(m->to, SQL_HOUR_FIRST_KEPT, &m->first_hour, ARG_INT(LEDGER_HOURS_MAX));
	return r < 0 ? r : ledger_run(m->to, SQL_HOUR_FORGET_BEFORE, NULL, ARG_INT(m->first_hour));
}

/* ---- all of it ---- */

int ledger_open_merge(const char *path, Ledger **ret, Diag *d)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int r = ledger_open_made(path, LEDGER_REPLAYED_MERGE, &l, d);

	if (r == 0)
		r = ledger_exec(l, CACHE);
	if (r == 0)
		*ret = STEAL(l);
	return r;
}

int ledger_merge_new(Ledger *l, LedgerMerge **ret)
{
	_cleanup_(ledger_merge_freep) LedgerMerge *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return -ENOMEM;
	m->to = l;
	r = tellers_read(l, &m->tellers);
	if (r == 0)
		r = prepare_target(m);
	if (r < 0)
		return r;
	*ret = STEAL(m);
	return 0;
}

LedgerMerge *ledger_merge_free(LedgerMerge *m)
{
	if (!m)
		return NULL;
	finalize(m->before, ELEMENTSOF(m->before));
	finalize(m->into, ELEMENTSOF(m->into));
	for (size_t i = 0; i < ELEMENTSOF(m->parts); i++)
		finalize(m->parts[i], ELEMENTSOF(m->parts[i]));
	tellers_done(&m->tellers);
	free(m);
	return NULL;
}

int ledger_merge_from(LedgerMerge *m, Ledger *from, bool *ret_source)
{
	int r = ledger_is_replayed(from);

	*ret_source = false;
	m->source = ret_source;
	m->from = from;
	m->is_made = r > 0;
	if (r < 0)
		return fail_source(m, r);
	if (r == LEDGER_OF_LOGS || r == LEDGER_OF_STRACE)
		return -EINVAL;
	r = 0;
	for (size_t i = 0; r == 0 && i < ELEMENTSOF(parts); i++)
		r = prepare(from, parts[i].from, &m->read[i]);
	if (r < 0)
		r = fail_source(m, r);
	if (r == 0)
		r = ledger_each_host(from, copy_host, m);
	/* of the walk over its hosts itself */
	if (r == -EBADMSG && from->corrupt)
		r = fail_source(m, r);
	finalize(m->read, ELEMENTSOF(m->read));
	return r < 0 ? r : forget_hours(m, HOURS_SLACK);
}

int ledger_merge_retire(LedgerMerge *m, const char *hostname)
{
	int found = 0;

	for (size_t i = 0; i < m->tellers.n; i++) {
		LedgerTeller *t = &m->tellers.rows[i];
		int64_t heard = 0;
		int r;

		if (strcmp(t->hostname, hostname) != 0)
			continue;
		r = ledger_run(m->to, SQL_HOST_LAST, &heard, ARG_INT(t->host));
		if (r < 0)
			return r;
		t->retired = MAX(t->retired, MAX(t->heard, (usec_t)heard));
		found = 1;
	}
	return found;
}

int ledger_merge_finish(LedgerMerge *m, LedgerMergeReport *ret)
{
	int r;

	*ret = (LedgerMergeReport){ .tellers = &m->tellers };
	r = tellers_settle(&m->tellers, &ret->untold);
	if (r == 0)
		r = forget_hours(m, LEDGER_HOURS_MAX);
	if (r == 0)
		r = ledger_run_plain(m->to, SQL_WORKLOAD_SETTLE_MERGED, NULL);
	if (r == 0)
		r = ledger_set_replayed(m->to);
	return r == 0 ? ledger_journal_figures(m->to, &ret->figures) : r;
}
