/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/ledger-merge.h"
#include "evidence/ledger-private.h"
#include "evidence/told-counts.h"

/* Much is looked up by names. */
#define CACHE "PRAGMA cache_size=-16384"

/* Before this hour nothing is kept; looked at when so many hours are there. */
#define HOURS_SLACK (2 * LEDGER_HOURS_MAX)

/* ---- what is copied ---- */

/* A row's own number where it came from. */
#define NUMBER(table) table ".id & 0xffffffffff"
#define ROW "(?1 << 40) + ?2"
_Static_assert(LEDGER_ROW_BITS == 40, "as in the statements");

#define WORKLOAD "(SELECT id FROM workload WHERE host=?1 AND name=?2)"
#define PROFILE(number) "(SELECT id FROM profile WHERE hash=" number ")"
#define HASH_OF(row) "(SELECT hash FROM profile WHERE id=" row ".profile)"

/* Of two states of a workload. */
#define STATE(row)                                                                         \
	row ".revision, " row ".refreshed, " row ".stage, " row                            \
	    ".visibility, " HASH_OF(row) ", " row ".profile_source, " row ".dialect, " row \
					 ".runtime, " row ".container_name, " row ".image"
#define NEWER "((" STATE("excluded") ") > (" STATE("workload") "))"
#define NEWEST(column) column "=iif(" NEWER ", excluded." column ", " column ")"

#define COUNTED(row) row ".count, " row ".own_filter, " row ".means, " row ".serial"
#define GREATER "((" COUNTED("excluded") ") > (" COUNTED("sighting") "))"
#define GREATEST(column) column "=iif(" GREATER ", excluded." column ", " column ")"
#define MOST(column) column "=max(" column ", excluded." column ")"
#define FIRST(column)                                                                   \
	column "=coalesce(min(nullif(" column ", 0), nullif(excluded." column ", 0)), " \
	       "nullif(" column ", 0), excluded." column ")"

#define LOSS(row) \
	row ".revision, " row ".stop, -" row ".start, " row ".kind, coalesce(" row ".count, -1)"
#define LIFETIME(row)                                                                        \
	row ".stop<>0, " row ".joins, " row ".joined, " row ".stop, " row ".stop_seen, " row \
	    ".exit, " HASH_OF(row) ", " row ".start, " row ".start_seen, " row ".kind, " row \
				   ".runtime, " row ".name, " row ".incarnation, " row       \
				   ".image_digest, " row ".runtime_version, " row            \
				   ".libseccomp, " row ".kernel, " row ".machine, " row      \
				   ".capabilities"

typedef struct CopiedRow {
	sqlite3_stmt *from;   /* as .from gave it */
	int64_t id, workload; /* as .into made it */
} CopiedRow;

typedef int (*CopyHook)(LedgerMerge *m, const CopiedRow *row);

static int after_sighting(LedgerMerge *m, const CopiedRow *row);

/* .from is asked with ?1 the host's row, and ?2 the first hour that is kept; its columns are ?2 and
 * on of .into, of which ?1 is the host's row there. .hook finds columns behind those. */
static const struct {
	const char *from, *before, *into;
	CopyHook hook;
} copies[] = {
	{ "SELECT hash, json FROM profile WHERE ?1", NULL,
	  "INSERT INTO profile(hash, json) VALUES(?2, ?3) ON CONFLICT(hash) DO UPDATE SET"
	  " json=excluded.json WHERE ?1 AND excluded.json IS NOT NULL"
	  " AND (profile.json IS NULL OR excluded.json>profile.json)",
	  NULL },
	{ "SELECT w.name, w.runtime, w.container_name, w.image, w.stage, w.visibility, p.hash,"
	  " w.profile_source, w.dialect, w.made, w.refreshed, w.heuristic, w.revision, w.dropped"
	  " FROM workload w JOIN profile p ON p.id=w.profile WHERE w.host=?1",
	  NULL,
	  "INSERT INTO workload(host, name, runtime, container_name, image, stage, visibility,"
	  " profile, profile_source, dialect, made, refreshed, heuristic, revision, dropped, told,"
	  " told_visibility) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, " PROFILE(
		  "?8") ", ?9, ?10, ?11, ?12, ?13,"
			" ?14, ?15, ?14, ?7) ON CONFLICT(host, name) DO UPDATE SET " NEWEST(
				"runtim"
				"e") ","
				     " " NEWEST("container_name") ", " NEWEST("image") ", " NEWEST("stage") ", " NEWEST("visibility") ", " NEWEST("profile") ", " NEWEST("profile_source") ", " NEWEST(
					     "dialect") ", " NEWEST("refreshed") ", " NEWEST("revis"
											     "ion") ", " NEWEST("told") ", " NEWEST("told_visibility") ", " FIRST("made") ", " MOST("heuristic") ", " MOST("dropped"),
	  NULL },
	{ "SELECT w.name, p.hash, s.arch, s.nr, s.action, s.origin, s.means, s.count, s.first,"
	  " s.last, s.serial, s.own_filter, s.subjects, s.lifetimes, s.id, r.keys"
	  " FROM workload w JOIN sighting s ON s.workload=w.id JOIN profile p ON p.id=s.profile"
	  " LEFT JOIN replayed r ON r.stretch=s.id AND r.workload=w.id WHERE w.host=?1",
	  NULL,
	  "INSERT INTO sighting(workload, profile, arch, nr, action, origin, means, count, first,"
	  " last, serial, own_filter, subjects, lifetimes, told, told_at) VALUES(" WORKLOAD
	  ", " PROFILE(
		  "?3") ", ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?9, 1)"
			" ON CONFLICT(workload, arch, nr, action, origin, profile) DO UPDATE "
			"SET " GREATEST("means") ", " GREATEST("serial") ", " GREATEST("own_filter") ", " MOST("count") ", " MOST(
				"told") ", " FIRST("first") ", " MOST("last") ", " MOST("subjects") ", " MOST("lifetimes") " RETURNING id, workload",
	  after_sighting },
	{ "SELECT w.name, u.kind, u.cause, u.runtime, u.name, u.cgroup, u.confirmed,"
	  " u.container_name, u.image, u.first, u.last FROM subject u JOIN workload w"
	  " ON w.id=u.workload WHERE u.host=?1 AND u.cause>0",
	  NULL,
	  "INSERT INTO subject(host, workload, kind, cause, runtime, name, cgroup, confirmed,"
	  " container_name, image, first, last) VALUES(?1, " WORKLOAD
	  ", ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
	  " ON CONFLICT(host, name, runtime, kind, cause) DO UPDATE SET " FIRST("first") ", " MOST("last") ", " MOST(
		  "workload") ", " MOST("cgroup") ", " MOST("confirmed") ", " MOST("container_name") ", " MOST("image"),
	  NULL },
	{ "SELECT w.name, p.hash, s.arch, s.nr, s.action, s.origin, u.name, u.runtime, u.kind,"
	  " u.cause FROM subject u JOIN sighting_subject t ON t.subject=u.id"
	  " JOIN sighting s ON s.id=t.sighting JOIN workload w ON w.id=s.workload"
	  " JOIN profile p ON p.id=s.profile WHERE u.host=?1 AND w.host=?1 AND u.cause>0",
	  NULL,
	  "INSERT OR IGNORE INTO sighting_subject SELECT u.id, s.id FROM subject u, sighting s"
	  " WHERE s.workload=" WORKLOAD
	  " AND s.profile=" PROFILE("?3") " AND s.arch=?4 AND s.nr=?5"
					  " AND s.action=?6 AND s.origin=?7 AND u.host=?1 AND "
					  "u.name=?8 AND u.runtime=?9"
					  " AND u.kind=?10 AND u.cause=?11",
	  NULL },
	{ "SELECT " NUMBER(
		  "l") ", w.name, l.kind, l.start, l.stop, l.count, l.revision FROM loss l"
		       " LEFT JOIN workload w ON w.id=l.workload WHERE l.host=?1 AND " NUMBER(
			       "l") ">0",
	  NULL,
	  "INSERT INTO loss(id, host, workload, kind, start, stop, count, revision, told)"
	  " VALUES(" ROW ", ?1, (SELECT id FROM workload WHERE host=?1 AND name=?3), ?4, ?5, ?6,"
	  " ?7, ?8, ?8) ON CONFLICT(id) DO UPDATE SET workload=excluded.workload,"
	  " kind=excluded.kind, start=excluded.start, stop=excluded.stop, count=excluded.count,"
	  " revision=excluded.revision, told=excluded.told"
	  " WHERE (" LOSS("excluded") ") > (" LOSS("loss") ")",
	  NULL },
	{ "SELECT " NUMBER("r") ", r.boot, r.start, r.stop FROM run r WHERE r.host=?1",
	  "UPDATE host SET doubled=1 WHERE id=?1 AND"
	  " EXISTS(SELECT 1 FROM run WHERE id=" ROW " AND boot<>?3)",
	  "INSERT INTO run(id, host, boot, start, stop, told) VALUES(" ROW ", ?1, ?3, ?4, ?5, ?5)"
	  " ON CONFLICT(id) DO UPDATE SET " MOST("boot") ", " MOST("stop") ", " MOST(
		  "told") ", start=min(start, excluded.start)",
	  NULL },
	{ "SELECT " NUMBER("f") ", w.name, p.hash, f.kind, f.runtime, f.name, f.incarnation,"
				" f.image_digest, f.runtime_version, f.libseccomp, f.kernel, "
				"f.machine, f.capabilities,"
				" f.start, f.start_seen, f.stop, f.stop_seen, f.exit, f.joins, "
				"f.joined FROM lifetime f"
				" JOIN workload w ON w.id=f.workload JOIN profile p ON "
				"p.id=f.profile WHERE f.host=?1",
	  NULL,
	  "INSERT INTO lifetime(id, host, workload, profile, kind, runtime, name, incarnation,"
	  " image_digest, runtime_version, libseccomp, kernel, machine, capabilities, start,"
	  " start_seen, stop, stop_seen, exit, joins, joined) VALUES(" ROW
	  ", ?1, (SELECT id FROM workload WHERE host=?1 AND name=?3), " PROFILE(
		  "?4") ", ?5, ?6, ?7, ?8,"
			" ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"
			" ON CONFLICT(id) DO UPDATE SET profile=excluded.profile, "
			"kind=excluded.kind,"
			" runtime=excluded.runtime, name=excluded.name, "
			"incarnation=excluded.incarnation,"
			" image_digest=excluded.image_digest, "
			"runtime_version=excluded.runtime_version,"
			" libseccomp=excluded.libseccomp, kernel=excluded.kernel, "
			"machine=excluded.machine,"
			" capabilities=excluded.capabilities, start=excluded.start,"
			" start_seen=excluded.start_seen, stop=excluded.stop, "
			"stop_seen=excluded.stop_seen,"
			" exit=excluded.exit, joins=excluded.joins, joined=excluded.joined,"
			" workload=excluded.workload"
			" WHERE (" LIFETIME("excluded") ") > (" LIFETIME("lifetime") ")",
	  NULL },
	{ "SELECT w.name, o.hour, o.records, o.sightings, o.observed, o.complete FROM rollup o"
	  " JOIN workload w ON w.id=o.workload WHERE w.host=?1 AND o.hour>=?2",
	  NULL,
	  "INSERT INTO rollup VALUES(" WORKLOAD ", ?3, ?4, ?5, ?6, ?7)"
	  " ON CONFLICT(workload, hour) DO UPDATE SET " MOST("records") ", " MOST(
		  "sightings") ", " MOST("observed") ", " MOST("complete"),
	  NULL },
};

/* Likewise of one sighting: ?1 is its row, on either side, and ?2 of .into the host's. */
static const struct {
	const char *from, *into[2];
} parts[] = {
	/* of one program's examples the earliest */
	{ "SELECT comm, exe, ip, pid, time FROM example WHERE sighting=?1",
	  { "UPDATE example SET ip=?5, pid=?6, time=?7 WHERE sighting=?1 AND ?2 AND comm IS ?3"
	    " AND exe IS ?4 AND (?7, ?6, ?5)<(time, pid, ip)",
	    "INSERT INTO example(sighting, comm, exe, ip, pid, time)"
	    " SELECT ?1, ?3, ?4, ?5, ?6, ?7 WHERE ?2 AND NOT EXISTS"
	    " (SELECT 1 FROM example WHERE sighting=?1 AND comm IS ?3 AND exe IS ?4)" } },
	{ "SELECT lifetime & 0xffffffffff, first FROM making WHERE sighting=?1",
	  { "INSERT INTO making VALUES(?1, (?2 << 40) + ?3, ?4) ON CONFLICT(sighting, lifetime)"
	    " DO UPDATE SET first=min(first, excluded.first)",
	    NULL } },
};

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

/* Values of a row behind those that are bound; what @into does not ask for is the hook's. */
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

int after_sighting(LedgerMerge *m, const CopiedRow *row)
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
	return r == 0 && copies[table].hook ? copies[table].hook(m, &row) : r;
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
	return r;
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
