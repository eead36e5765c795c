/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/stat.h>

#include "evidence/ledger-private.h"

static const char *text_or_empty(const char *s)
{
	return s ? s : "";
}

static LedgerArg arg_count(uint64_t n)
{
	return ARG_INT(MIN(n, LEDGER_COUNT_MAX));
}

/* ---- transactions ---- */

static const char *const companions[] = { "-wal", "-shm" };

/* 0 = it is not there. */
static int look_at_companion(Ledger *l, size_t i, ino_t *ret)
{
	_cleanup_free_ char *name = NULL;
	struct stat st;

	if (asprintf(&name, "%s%s", sqlite3_db_filename(l->db, "main"), companions[i]) < 0) {
		name = NULL;
		return -ENOMEM;
	}
	*ret = stat(name, &st) < 0 ? 0 : st.st_ino;
	return 0;
}

int ledger_note_companions(Ledger *l)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(companions); i++)
		r = look_at_companion(l, i, &l->companions[i]);
	return r;
}

static int gone(Ledger *l, const char *what)
{
	snprintf(l->error, sizeof(l->error), "%s was deleted or moved away", what);
	return -ESTALE;
}

/* SQLite would go on writing into files that nobody can open any more. */
static int check_place(Ledger *l)
{
	ino_t inode;
	int moved = 0;

	if (!l->db)
		return -ESTALE;
	if (sqlite3_file_control(l->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved)
		return gone(l, "the file");
	for (size_t i = 0; i < ELEMENTSOF(companions); i++)
		if (look_at_companion(l, i, &inode) == 0 && inode != l->companions[i])
			return gone(l, i == 0 ? "its log (-wal)" : "its index (-shm)");
	return 0;
}

int ledger_begin(Ledger *l)
{
	int r;

	l->refused.workload = 0;
	r = l->writer ? check_place(l) : 0;
	if (r < 0)
		return r;
	r = ledger_run_plain(l, l->writer ? SQL_BEGIN_WRITE : SQL_BEGIN_READ, NULL);
	if (r == 0 && !l->writer) {
		/* The snapshot is taken at the first read, not before. */
		r = ledger_run_plain(l, SQL_TOUCH, NULL);
		if (r < 0)
			ledger_rollback(l);
	}
	return r < 0 ? r : 0;
}

int ledger_commit(Ledger *l)
{
	return ledger_run_plain(l, SQL_COMMIT, NULL);
}

void ledger_rollback(Ledger *l)
{
	/* Row ids of this transaction may be nobody's, or another's, from now on. */
	l->tally[0] = 0;
	if (l->db && !sqlite3_get_autocommit(l->db))
		(void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- profiles ---- */

/* The JSON is stored once per hash; when there are too many, those that no workload has now go. */
static int put_profile_json(Ledger *l, int64_t profile, const char *json)
{
	int64_t n = 0;
	int r;

	r = ledger_run(l, SQL_PROFILE_HAS_JSON, NULL, ARG_INT(profile));
	if (r != 0)
		return r < 0 ? r : 0;
	r = ledger_run_plain(l, SQL_PROFILE_COUNT_JSON, &n);
	if (r < 0)
		return r;
	if (n >= LEDGER_PROFILES_MAX) {
		r = ledger_run(l, SQL_PROFILE_FORGET_JSON, NULL, ARG_INT(LEDGER_PROFILES_MAX / 16));
		if (r < 0)
			return r;
		if (sqlite3_changes(l->db) == 0)
			return ledger_run(l, SQL_META_INCREMENT, NULL,
					  ARG_TEXT("dropped_profiles"));
	}
	return ledger_run(l, SQL_PROFILE_SET_JSON, NULL, ARG_INT(profile), ARG_TEXT(json));
}

int ledger_put_profile(Ledger *l, const char *hash, const char *json, int64_t *ret)
{
	int64_t id = 0;
	int r;

	hash = text_or_empty(hash);
	r = ledger_run(l, SQL_PROFILE_FIND, &id, ARG_TEXT(hash));
	if (r < 0)
		return r;
	if (r == 0) {
		r = ledger_run(l, SQL_PROFILE_ADD, NULL, ARG_TEXT(hash));
		if (r < 0)
			return r;
		id = sqlite3_last_insert_rowid(l->db);
	}
	if (json && hash[0]) {
		r = put_profile_json(l, id, json);
		if (r < 0)
			return r;
	}
	*ret = id;
	return 0;
}

/* ---- workloads and subjects ---- */

/*
 * Whoever may copy a program can make as many "host:" workloads as they like: these have a quarter
 * of the room, so that they never keep a container out. What nobody could be named for must always
 * have its place.
 */
static int has_room_for_workload(Ledger *l, const LedgerWorkload *w)
{
	int64_t n = 0;
	int r;

	if (strcmp(w->name, "unattributed") == 0)
		return 1;
	r = ledger_run_plain(l, SQL_WORKLOAD_COUNT, &n);
	if (r < 0 || n >= (w->idle ? MAX(l->limits.workloads / 2, 1U) : l->limits.workloads))
		return r < 0 ? r : 0;
	if (!span_starts(span_of(w->name), SPAN_LIT("host:")))
		return 1;
	r = ledger_run(l, SQL_WORKLOAD_COUNT_HOST, &n, ARG_INT(l->host));
	return r < 0 ? r : n < MAX(l->limits.workloads / 4, 1U);
}

static int add_workload(Ledger *l, const LedgerWorkload *w, int64_t *ret)
{
	int64_t profile;
	int r;

	r = has_room_for_workload(l, w);
	if (r < 0)
		return r;
	if (r == 0) {
		r = ledger_run(l, SQL_META_INCREMENT, NULL, ARG_TEXT("dropped_workloads"));
		return r < 0 ? r : -ENOSPC;
	}
	r = ledger_put_profile(l, w->profile_hash, w->profile_json, &profile);
	if (r < 0)
		return r;
	r = ledger_run(l, SQL_WORKLOAD_ADD, NULL, ARG_INT(l->host), ARG_TEXT(w->name),
		       ARG_TEXT(text_or_empty(w->runtime)),
		       ARG_TEXT(text_or_empty(w->container_name)),
		       ARG_TEXT(text_or_empty(w->image)), ARG_TEXT(text_or_empty(w->stage)),
		       ARG_TEXT(text_or_empty(w->visibility)), ARG_INT(profile),
		       ARG_TEXT(text_or_empty(w->profile_source)),
		       ARG_TEXT(text_or_empty(w->dialect)), ARG_INT(w->now), ARG_INT(w->heuristic));
	if (r < 0)
		return r;
	*ret = sqlite3_last_insert_rowid(l->db);
	return 0;
}

static int refresh_workload(Ledger *l, const LedgerWorkload *w, int64_t id)
{
	int64_t profile;
	int r;

	r = ledger_put_profile(l, w->profile_hash, w->profile_json, &profile);
	if (r < 0)
		return r;
	return ledger_run(
		l, SQL_WORKLOAD_REFRESH, NULL, ARG_INT(id), ARG_TEXT(text_or_empty(w->runtime)),
		ARG_TEXT(text_or_empty(w->container_name)), ARG_TEXT(text_or_empty(w->image)),
		ARG_TEXT(text_or_empty(w->stage)), ARG_TEXT(text_or_empty(w->visibility)),
		ARG_INT(profile), ARG_TEXT(text_or_empty(w->profile_source)),
		ARG_TEXT(text_or_empty(w->dialect)), ARG_INT(w->now), ARG_INT(w->heuristic));
}

int ledger_put_workload(Ledger *l, const LedgerWorkload *w, int64_t *ret)
{
	int64_t id = 0;
	int r;

	r = ledger_run(l, SQL_WORKLOAD_FIND, &id, ARG_INT(l->host), ARG_TEXT(w->name));
	if (r > 0)
		r = refresh_workload(l, w, id);
	else if (r == 0)
		r = add_workload(l, w, &id);
	if (r < 0)
		return r;
	*ret = id;
	return 0;
}

/* Containers come and go under one workload; the one not seen for longest makes room. How many
 * subjects made a sighting is a number of its own and stays. */
static int make_room_for_subject(Ledger *l, int64_t workload)
{
	int64_t n = 0, oldest = 0;
	int r;

	r = ledger_run(l, SQL_SUBJECT_COUNT, &n, ARG_INT(workload));
	if (r < 0 || n < LEDGER_SUBJECTS_PER_WORKLOAD)
		return r < 0 ? r : 0;
	r = ledger_run(l, SQL_SUBJECT_OLDEST, &oldest, ARG_INT(workload));
	if (r > 0)
		r = ledger_run(l, SQL_SUBJECT_UNTIE, NULL, ARG_INT(oldest));
	if (r == 0)
		r = ledger_run(l, SQL_SUBJECT_DELETE, NULL, ARG_INT(oldest));
	return r;
}

int ledger_put_subject(Ledger *l, int64_t workload, const SubjectKey *key, const char *cgroup,
		       bool confirmed, usec_t now, int64_t *ret)
{
	int64_t id = 0;
	int r;

	cgroup = text_or_empty(cgroup);
	r = ledger_run(l, SQL_SUBJECT_FIND, &id, ARG_INT(l->host), ARG_TEXT(key->name),
		       ARG_TEXT(key->runtime), ARG_INT(key->kind), ARG_INT(key->cause));
	if (r > 0) {
		r = ledger_run(l, SQL_SUBJECT_REFRESH, NULL, ARG_INT(id), ARG_INT(workload),
			       ARG_TEXT(cgroup), ARG_INT(confirmed), ARG_INT(now));
	} else if (r == 0) {
		r = make_room_for_subject(l, workload);
		if (r == 0)
			r = ledger_run(l, SQL_SUBJECT_ADD, NULL, ARG_INT(l->host),
				       ARG_TEXT(key->name), ARG_TEXT(key->runtime),
				       ARG_INT(key->kind), ARG_INT(key->cause), ARG_INT(workload),
				       ARG_TEXT(cgroup), ARG_INT(confirmed), ARG_INT(now));
		id = sqlite3_last_insert_rowid(l->db);
	}
	if (r < 0)
		return r;
	*ret = id;
	return 0;
}

/* ---- sightings ---- */

static int add_sighting(Ledger *l, const LedgerCall *c, int64_t profile, int64_t *ret)
{
	int r;

	r = ledger_make_room(l, c, &l->dropped);
	if (r < 0)
		return r;
	if (r == 0) {
		l->dropped = c->count;
		r = ledger_run(l, SQL_WORKLOAD_DROP, NULL, ARG_INT(c->workload),
			       arg_count(c->count));
		return r < 0 ? r : -ENOSPC;
	}
	r = ledger_run(l, SQL_SIGHTING_ADD, NULL, ARG_INT(c->workload), ARG_INT(c->arch),
		       ARG_INT(c->nr), ARG_INT(c->action), ARG_INT(c->origin), ARG_INT(profile),
		       ARG_INT(c->means), arg_count(c->count), ARG_INT(c->first), ARG_INT(c->last),
		       ARG_INT(c->serial), arg_count(c->own_filter ? c->count : 0),
		       ARG_INT(c->subject));
	if (r < 0)
		return r;
	*ret = sqlite3_last_insert_rowid(l->db);
	r = ledger_run(l, SQL_WORKLOAD_GREW, NULL, ARG_INT(c->workload));
	return r < 0 ? r : LEDGER_NEW;
}

int ledger_tie_subject(Ledger *l, int64_t sighting, int64_t subject)
{
	int r;

	r = ledger_run(l, SQL_SIGHTING_TIE, NULL, ARG_INT(sighting), ARG_INT(subject));
	if (r < 0 || sqlite3_changes(l->db) == 0)
		return r;
	return ledger_run(l, SQL_SIGHTING_TIED, NULL, ARG_INT(sighting));
}

int ledger_add(Ledger *l, const LedgerCall *call, int64_t *ret)
{
	int64_t profile, id = 0;
	int r, made = 0;

	l->dropped = 0;
	r = ledger_put_profile(l, call->profile_hash, NULL, &profile);
	if (r < 0)
		return r;
	r = ledger_run(l, SQL_SIGHTING_FIND, &id, ARG_INT(call->workload), ARG_INT(call->arch),
		       ARG_INT(call->nr), ARG_INT(call->action), ARG_INT(call->origin),
		       ARG_INT(profile));
	if (r > 0)
		r = ledger_run(l, SQL_SIGHTING_COUNT, NULL, ARG_INT(id), arg_count(call->count),
			       ARG_INT(call->first), ARG_INT(call->last),
			       arg_count(call->own_filter ? call->count : 0));
	else if (r == 0)
		r = made = add_sighting(l, call, profile, &id);
	if (r < 0)
		return r;
	r = ledger_tie_subject(l, id, call->subject);
	if (r < 0)
		return r;
	*ret = id;
	return made;
}

uint64_t ledger_dropped(const Ledger *l)
{
	return l->dropped;
}

int ledger_add_example(Ledger *l, int64_t sighting, const LedgerExample *e)
{
	return ledger_run(l, SQL_EXAMPLE_ADD, NULL, ARG_INT(sighting),
			  ARG_BLOB(text_or_empty(e->comm)), ARG_BLOB(e->exe), ARG_INT(e->ip),
			  ARG_INT(e->pid), ARG_INT(e->time), ARG_INT(LEDGER_EXAMPLES_MAX));
}

/* ---- the tally's folded totals ---- */

int ledger_find_tally(Ledger *l, const char *tally_id, int64_t *ret)
{
	int r;

	if (l->tally[0] && strcmp(l->tally, tally_id) == 0) {
		*ret = l->tally_row;
		return 1;
	}
	r = ledger_run(l, SQL_TALLY_FIND, ret, ARG_TEXT(tally_id));
	if (r <= 0 || strlen(tally_id) >= sizeof(l->tally))
		return r;
	(void)span_copy(span_of(tally_id), l->tally, sizeof(l->tally));
	l->tally_row = *ret;
	return 1;
}

int ledger_get_folded(Ledger *l, const char *tally_id, uint32_t slot, uint32_t generation,
		      uint64_t *ret)
{
	int64_t tally, total = 0;
	int r;

	r = ledger_find_tally(l, tally_id, &tally);
	if (r > 0)
		r = ledger_run(l, SQL_FOLDED_GET, &total, ARG_INT(tally), ARG_INT(slot),
			       ARG_INT(generation));
	if (r < 0)
		return r;
	*ret = (uint64_t)total;
	return 0;
}

int ledger_set_folded(Ledger *l, const char *tally_id, uint32_t slot, uint32_t generation,
		      uint64_t total)
{
	int64_t tally;
	int r;

	r = ledger_find_tally(l, tally_id, &tally);
	if (r < 0)
		return r;
	if (r == 0) {
		r = ledger_run(l, SQL_TALLY_ADD, NULL, ARG_TEXT(tally_id));
		if (r < 0)
			return r;
		tally = sqlite3_last_insert_rowid(l->db);
	}
	return ledger_run(l, SQL_FOLDED_SET, NULL, ARG_INT(tally), ARG_INT(slot),
			  ARG_INT(generation), ARG_INT(total));
}

int ledger_forget_tallies(Ledger *l, const char *keep_id)
{
	int r;

	l->tally[0] = 0;
	r = ledger_run(l, SQL_FOLDED_FORGET, NULL, ARG_TEXT(keep_id));
	if (r == 0)
		r = ledger_run(l, SQL_TALLY_FORGET, NULL, ARG_TEXT(keep_id));
	return r;
}

/* ---- the rest ---- */

int ledger_set_meta(Ledger *l, const char *key, const char *value)
{
	return ledger_run(l, SQL_META_SET, NULL, ARG_TEXT(key), ARG_TEXT(value));
}
