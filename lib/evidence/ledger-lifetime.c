/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lifetimes of containers and units. */
#include <errno.h>

#include "evidence/ledger-private.h"

const char *lifetime_exit_name(LifetimeExit e)
{
	static const char *const names[_LIFETIME_EXIT_MAX] = {
		[LIFETIME_EXIT_UNKNOWN] = "unknown",
		[LIFETIME_EXIT_GRACEFUL] = "graceful",
		[LIFETIME_EXIT_KILLED] = "killed",
		[LIFETIME_EXIT_FAILED] = "failed",
	};

	return e < _LIFETIME_EXIT_MAX ? names[e] : "unknown";
}

static int forget(Ledger *l, LedgerSql oldest, const LedgerArg *args, size_t n)
{
	int64_t id = 0;
	int r = ledger_run_args(l, oldest, args, n, &id);

	if (r > 0)
		r = ledger_run(l, SQL_LIFETIME_FORGET, NULL, ARG_INT(id));
	return r < 0 ? r : ledger_run(l, SQL_META_INCREMENT, NULL, ARG_TEXT("dropped_lifetimes"));
}

/* A container that is started over and over pushes out its own past first. */
static int make_room(Ledger *l, int64_t workload)
{
	LedgerArg of = ARG_INT(workload);
	int64_t n = 0;
	int r = ledger_run_args(l, SQL_LIFETIME_COUNT, &of, 1, &n);

	if (r >= 0 && n >= LEDGER_LIFETIMES_PER_WORKLOAD)
		return forget(l, SQL_LIFETIME_OLDEST, &of, 1);
	if (r >= 0)
		r = ledger_run_plain(l, SQL_LIFETIME_COUNT_ALL, &n);
	if (r >= 0 && n >= LEDGER_LIFETIMES_MAX)
		return forget(l, SQL_LIFETIME_OLDEST_OF_ALL, NULL, 0);
	return r < 0 ? r : 0;
}

int ledger_begin_lifetime(Ledger *l, const LedgerLifetime *f, int64_t *ret)
{
	int64_t profile;
	int r;

	r = make_room(l, f->workload);
	if (r == 0)
		r = ledger_put_profile(l, f->profile_hash, NULL, &profile);
	if (r == 0)
		r = ledger_run(l, SQL_LIFETIME_ADD, NULL, ARG_INT(l->host), ARG_INT(f->workload),
			       ARG_INT(profile), ARG_INT(f->kind), ARG_TEXT(f->runtime),
			       ARG_TEXT(f->name), ARG_TEXT(f->incarnation),
			       ARG_TEXT(f->image_digest), ARG_TEXT(f->runtime_version),
			       ARG_TEXT(f->libseccomp), ARG_TEXT(f->kernel), ARG_TEXT(f->machine),
			       ARG_TEXT(f->capabilities), ARG_INT(f->from), ARG_INT(f->start_seen));
	if (r < 0)
		return r;
	*ret = sqlite3_last_insert_rowid(l->db);
	return 0;
}

int ledger_end_lifetime(Ledger *l, int64_t id, usec_t to, bool seen, LifetimeExit how)
{
	return ledger_run(l, SQL_LIFETIME_END, NULL, ARG_INT(id), ARG_INT(to), ARG_INT(seen),
			  ARG_INT(how));
}

int ledger_note_join(Ledger *l, int64_t lifetime, usec_t now)
{
	return ledger_run(l, SQL_LIFETIME_JOIN, NULL, ARG_INT(lifetime), ARG_INT(now));
}

int ledger_fill_lifetime(Ledger *l, int64_t id, const char *profile_hash)
{
	int64_t profile;
	int r = ledger_put_profile(l, profile_hash, NULL, &profile);

	return r < 0 ? r : ledger_run(l, SQL_LIFETIME_FILL, NULL, ARG_INT(id), ARG_INT(profile));
}

int ledger_note_lifetime(Ledger *l, int64_t sighting, int64_t lifetime, usec_t first, usec_t last)
{
	int r = ledger_run(l, SQL_LIFETIME_NOTE, NULL, ARG_INT(sighting), ARG_INT(lifetime));

	return r < 0 ? r
		     : ledger_run(l, SQL_LIFETIME_MAKING, NULL, ARG_INT(sighting),
				  ARG_INT(lifetime), ARG_INT(first), ARG_INT(last),
				  ARG_INT(LEDGER_MAKINGS_MAX));
}

typedef struct MakingWalk {
	int (*f)(const LedgerMaking *row, void *userdata);
} MakingWalk;

static int making_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const MakingWalk *w = f;
	LedgerMaking row = { sqlite3_column_int64(s, 0), ledger_column_u64(s, 1) };

	return w->f(&row, userdata);
}

int ledger_each_making(Ledger *l, int64_t sighting,
		       int (*f)(const LedgerMaking *row, void *userdata), void *userdata)
{
	MakingWalk w = { f };

	return ledger_walk(l, SQL_EACH_MAKING, &ARG_INT(sighting), 1, making_row, &w, userdata);
}

typedef struct LifetimeWalk {
	int (*f)(const LedgerLifetime *row, void *userdata);
} LifetimeWalk;

int ledger_read_lifetime(sqlite3_stmt *s, LedgerLifetime *ret)
{
	int64_t kind = sqlite3_column_int64(s, 3), how = sqlite3_column_int64(s, 17);

	if (kind < 0 || kind >= _SUBJECT_KIND_MAX || how < 0 || how >= _LIFETIME_EXIT_MAX)
		return -EBADMSG;
	*ret = (LedgerLifetime){
		.id = sqlite3_column_int64(s, 0),
		.workload = sqlite3_column_int64(s, 1),
		.profile_hash = ledger_column_text(s, 2),
		.kind = (SubjectKind)kind,
		.runtime = ledger_column_text(s, 4),
		.name = ledger_column_text(s, 5),
		.incarnation = ledger_column_text(s, 6),
		.image_digest = ledger_column_text(s, 7),
		.runtime_version = ledger_column_text(s, 8),
		.libseccomp = ledger_column_text(s, 9),
		.kernel = ledger_column_text(s, 10),
		.machine = ledger_column_text(s, 11),
		.capabilities = ledger_column_text(s, 12),
		.from = ledger_column_u64(s, 13),
		.start_seen = sqlite3_column_int64(s, 14) != 0,
		.to = ledger_column_u64(s, 15),
		.stop_seen = sqlite3_column_int64(s, 16) != 0,
		.exit = (LifetimeExit)how,
		.host = ledger_column_text(s, 18),
		.joins = ledger_column_u64(s, 19),
		.joined = ledger_column_u64(s, 20),
		.host_id = sqlite3_column_int64(s, 21),
	};
	return 0;
}

static int lifetime_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const LifetimeWalk *w = f;
	LedgerLifetime row;
	int r = ledger_read_lifetime(s, &row);

	return r < 0 ? r : w->f(&row, userdata);
}

int ledger_each_lifetime(Ledger *l, int64_t workload,
			 int (*f)(const LedgerLifetime *row, void *userdata), void *userdata)
{
	LifetimeWalk w = { f };

	return ledger_walk(l, SQL_EACH_LIFETIME, &ARG_INT(workload), 1, lifetime_row, &w, userdata);
}

int ledger_each_open_lifetime(Ledger *l, int (*f)(const LedgerLifetime *row, void *userdata),
			      void *userdata)
{
	LifetimeWalk w = { f };

	return ledger_walk(l, SQL_EACH_OPEN_LIFETIME, &ARG_INT(l->host), 1, lifetime_row, &w,
			   userdata);
}
