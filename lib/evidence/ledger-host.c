/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "evidence/ledger-host.h"
#include "evidence/ledger-private.h"

typedef struct HostWalk {
	int (*f)(const LedgerHost *row, void *userdata);
} HostWalk;

static int host_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const HostWalk *w = f;
	LedgerHost row = {
		.id = sqlite3_column_int64(s, 0),
		.name = ledger_column_text(s, 1),
		.hostname = ledger_column_text(s, 2),
		.ledger = ledger_column_text(s, 3),
		.machine = ledger_column_text(s, 4),
		.heard = ledger_column_u64(s, 5),
		.retired = ledger_column_u64(s, 6),
		.named = ledger_column_u64(s, 8),
		.doubled = sqlite3_column_int64(s, 7) != 0,
	};

	return w->f(&row, userdata);
}

int ledger_each_host(Ledger *l, int (*f)(const LedgerHost *row, void *userdata), void *userdata)
{
	HostWalk w = { f };

	return ledger_walk(l, SQL_EACH_HOST, NULL, 0, host_row, &w, userdata);
}

typedef struct ShareWalk {
	int (*f)(const LedgerShare *row, void *userdata);
} ShareWalk;

static int share_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const ShareWalk *w = f;
	LedgerShare row = {
		.host = sqlite3_column_int64(s, 0),
		.name = ledger_column_text(s, 1),
		.stage = ledger_column_text(s, 2),
		.visibility = ledger_column_text(s, 3),
		.profile_hash = ledger_column_text(s, 4),
		.sightings = ledger_column_u64(s, 5),
		.records = ledger_column_u64(s, 6),
		.first = ledger_column_u64(s, 7),
		.last = ledger_column_u64(s, 8),
		.running = ledger_column_u64(s, 9),
	};

	return w->f(&row, userdata);
}

int ledger_each_share(Ledger *l, int64_t workload, int (*f)(const LedgerShare *row, void *userdata),
		      void *userdata)
{
	ShareWalk w = { f };

	return ledger_walk(l, SQL_EACH_SHARE, &ARG_INT(workload), 1, share_row, &w, userdata);
}

unsigned ledger_hosts(const Ledger *l)
{
	return l ? l->hosts : 0;
}

/* ---- the daemon's own ---- */

/* The row that was found by the host's name of now is nobody's yet: the one of before is renamed.
 */
static int rename_host(Ledger *l, int64_t known)
{
	int r = ledger_run(l, SQL_HOST_TAKE_NAME, NULL, ARG_INT(known), ARG_INT(l->host));

	if (r == 0)
		l->host = known;
	return r;
}

/* An image of a machine that took the ledger along, and the name: rows of its own. */
static int split_host(Ledger *l)
{
	int r = ledger_run(l, SQL_HOST_SPLIT, NULL, ARG_INT(l->host), ARG_TEXT(l->machine));

	if (r == 0)
		r = ledger_run(l, SQL_HOST_OF_MACHINE, &l->host, ARG_TEXT(l->machine));
	return MIN(r, 0);
}

static int choose_host(Ledger *l)
{
	int64_t known = 0;
	int r = ledger_run(l, SQL_HOST_OF_MACHINE, &known, ARG_TEXT(l->machine));

	if (r > 0)
		return known == l->host ? 0 : rename_host(l, known);
	if (r == 0)
		r = ledger_run(l, SQL_HOST_SET_MACHINE, NULL, ARG_INT(l->host),
			       ARG_TEXT(l->machine));
	if (r < 0 || sqlite3_changes(l->db) > 0)
		return r;
	return split_host(l);
}

int ledger_note_machine(Ledger *l)
{
	int r;

	if (l->machine[0] == '\0')
		return 0;
	r = ledger_exec(l, "BEGIN IMMEDIATE");
	if (r < 0)
		return r;
	r = choose_host(l);
	if (r == 0)
		r = ledger_exec(l, "COMMIT");
	if (r < 0)
		ledger_rollback(l);
	return r;
}

int ledger_know_machine(Ledger *l, const char *machine)
{
	(void)span_copy(span_of(machine), l->machine, sizeof(l->machine));
	return l->ready ? ledger_note_machine(l) : 0;
}
