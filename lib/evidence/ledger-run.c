/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How statements are run, and what SQLite says when it cannot. */
#include <errno.h>

#include "evidence/ledger-private.h"

/* How often, and for how long, somebody who reads waits for the writer to have written a header. */
#define READ_TRIES 50
#define READ_PAUSE_MS 10

static const struct {
	int rc, r;
} failures[] = {
	{ SQLITE_BUSY, -EBUSY },      { SQLITE_LOCKED, -EBUSY },    { SQLITE_NOMEM, -ENOMEM },
	{ SQLITE_READONLY, -EROFS },  { SQLITE_CORRUPT, -EBADMSG }, { SQLITE_NOTADB, -EBADMSG },
	{ SQLITE_FULL, -EDQUOT },     { SQLITE_CANTOPEN, -EACCES }, { SQLITE_PERM, -EACCES },
	{ SQLITE_AUTH, -EACCES },     { SQLITE_ERROR, -EPROTO },    { SQLITE_TOOBIG, -E2BIG },
	{ SQLITE_INTERRUPT, -EINTR },
};

int ledger_failed(Ledger *l, int rc)
{
	int r = -EIO;

	for (size_t i = 0; i < ELEMENTSOF(failures); i++)
		if (failures[i].rc == (rc & 0xff))
			r = failures[i].r;
	if (r == -EBADMSG)
		l->corrupt = true;
	snprintf(l->error, sizeof(l->error), "%s",
		 l->db ? sqlite3_errmsg(l->db) : sqlite3_errstr(rc));
	return r;
}

const char *ledger_error(const Ledger *l)
{
	return l->error;
}

static int bind_one(sqlite3_stmt *s, int i, const LedgerArg *a)
{
	switch (a->type) {
	case ARG_TYPE_TEXT:
		return sqlite3_bind_text(s, i, a->s, -1, SQLITE_STATIC);
	case ARG_TYPE_NULL:
		return sqlite3_bind_null(s, i);
	case ARG_TYPE_BLOB:
		return sqlite3_bind_blob64(s, i, a->s, a->s ? strlen(a->s) : 0, SQLITE_STATIC);
	case ARG_TYPE_BYTES:
		return sqlite3_bind_blob64(s, i, a->s, (uint64_t)a->i, SQLITE_STATIC);
	default:
		return sqlite3_bind_int64(s, i, a->i);
	}
}

/*
 * Who may only read cannot put the log's index right, and takes one in which the writer has just
 * written half a header for a damaged one (SQLITE_READONLY_RECOVERY). A moment later it is whole.
 */
static bool is_passing(sqlite3 *db, int rc, unsigned *tries)
{
	if ((rc & 0xff) != SQLITE_READONLY || *tries == READ_TRIES ||
	    sqlite3_db_readonly(db, "main") != 1)
		return false;
	++*tries;
	(void)sqlite3_sleep(READ_PAUSE_MS);
	return true;
}

int ledger_step(sqlite3_stmt *s)
{
	unsigned tries = 0;
	int rc = sqlite3_step(s);

	while (is_passing(sqlite3_db_handle(s), rc, &tries)) {
		(void)sqlite3_reset(s);
		rc = sqlite3_step(s);
	}
	return rc;
}

static int compile(Ledger *l, const char *text, unsigned flags, sqlite3_stmt **ret)
{
	unsigned tries = 0;
	int rc;

	do
		rc = sqlite3_prepare_v3(l->db, text, -1, flags, ret, NULL);
	while (is_passing(l->db, rc, &tries));
	return rc;
}

int ledger_prepare(Ledger *l, LedgerSql which, const LedgerArg *args, size_t n, sqlite3_stmt **ret)
{
	sqlite3_stmt **s = &l->statements[which];
	int rc;

	if (!l->db)
		return -ESTALE;
	if (!*s) {
		rc = compile(l, ledger_sql(l, which), SQLITE_PREPARE_PERSISTENT, s);
		if (rc != SQLITE_OK)
			return ledger_failed(l, rc);
	}
	if (sqlite3_stmt_busy(*s))
		return -EBUSY;
	for (size_t i = 0; i < n; i++) {
		rc = bind_one(*s, (int)i + 1, &args[i]);
		if (rc != SQLITE_OK)
			return ledger_failed(l, rc);
	}
	*ret = *s;
	return 0;
}

int ledger_run_args(Ledger *l, LedgerSql which, const LedgerArg *args, size_t n, int64_t *ret)
{
	sqlite3_stmt *s;
	int r, rc;

	r = ledger_prepare(l, which, args, n, &s);
	if (r < 0)
		return r;
	rc = ledger_step(s);
	if (rc == SQLITE_ROW) {
		r = 1;
		if (ret)
			*ret = sqlite3_column_int64(s, 0);
	} else if (rc != SQLITE_DONE) {
		r = ledger_failed(l, rc);
	}
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	return r;
}

int ledger_exec(Ledger *l, const char *text)
{
	int rc = sqlite3_exec(l->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : ledger_failed(l, rc);
}

int ledger_query_int(Ledger *l, const char *text, int64_t *ret)
{
	sqlite3_stmt *s = NULL;
	int r = 0, rc;

	rc = compile(l, text, 0, &s);
	if (rc != SQLITE_OK)
		return ledger_failed(l, rc);
	rc = ledger_step(s);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(s, 0);
	else
		r = rc == SQLITE_DONE ? -ENODATA : ledger_failed(l, rc);
	(void)sqlite3_finalize(s);
	return r;
}

void ledger_close(Ledger *l)
{
	for (size_t i = 0; i < ELEMENTSOF(l->statements); i++) {
		(void)sqlite3_finalize(l->statements[i]);
		l->statements[i] = NULL;
	}
	/* Who has statements of its own (ledger-merge.c) may be ended behind us. */
	(void)sqlite3_close_v2(l->db);
	l->db = NULL;
}
