/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening the ledger for its one writer, and closing it. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "evidence/ledger-private.h"

#define FILE_MODE 0640
#define BUSY_TIMEOUT_MS 5000
/* Who is open already has more to do than to wait for a stranger's transaction. */
#define RUN_TIMEOUT_MS 250
#define CLOSE_TIMEOUT_MS 50

/* synchronous=FULL: a commit is on the disk when it returns. The log is truncated when it is
 * closed, so that a ledger at rest is whole in its one file. */
#define WRITER_PRAGMAS                       \
	"PRAGMA journal_mode=WAL;"           \
	"PRAGMA synchronous=FULL;"           \
	"PRAGMA journal_size_limit=4194304;" \
	"PRAGMA cache_size=-1024;"           \
	"PRAGMA temp_store=MEMORY;"

int ledger_harden(Ledger *l, int busy_timeout_ms)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },      { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 }, { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },        { SQLITE_DBCONFIG_DQS_DDL, 0 },
	};
	int rc;

	for (size_t i = 0; i < ELEMENTSOF(options); i++) {
		rc = sqlite3_db_config(l->db, options[i].option, options[i].value, NULL);
		if (rc != SQLITE_OK)
			return ledger_failed(l, rc);
	}
	(void)sqlite3_extended_result_codes(l->db, 1);
	(void)sqlite3_busy_timeout(l->db, busy_timeout_ms);
	return ledger_exec(l, "PRAGMA cell_size_check=ON");
}

int ledger_identify(Ledger *l, int64_t *ret_schema)
{
	int64_t application = 0, objects = 0, schema = 0;
	int r;

	r = ledger_query_int(l, "PRAGMA application_id", &application);
	if (r == 0)
		r = ledger_query_int(l, "SELECT count(*) FROM sqlite_schema", &objects);
	if (r < 0)
		return r;
	if (application != LEDGER_APPLICATION_ID) {
		if (application == 0 && objects == 0) {
			*ret_schema = 0;
			return 0;
		}
		return -EMEDIUMTYPE;
	}
	r = ledger_query_int(l, "SELECT value FROM meta WHERE key='schema'", &schema);
	if (r == -ENODATA || r == -EPROTO || (r == 0 && schema <= 0))
		return -EBADMSG;
	if (r < 0)
		return r;
	*ret_schema = schema;
	return schema > SECCOMPD_LEDGER_SCHEMA ? -EPROTONOSUPPORT : 0;
}

/* ---- the writer's steps ---- */

/* A second writer is refused. The lock is on a file of its own: SQLite loses its locks on the
 * database when anybody in the process closes a descriptor of it. */
static int lock_writer(Ledger *l, const char *path, Diag *d)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	_cleanup_free_ char *name = NULL;

	if (asprintf(&name, "%s.lock", path) < 0) {
		name = NULL;
		return diag_set(d, -ENOMEM, "out of memory");
	}
	l->lock_fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (l->lock_fd < 0 && errno == ENOENT) {
		l->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
				  FILE_MODE);
		l->lock_made = l->lock_fd >= 0;
	}
	if (l->lock_fd < 0)
		return diag_set(d, -errno,
				"cannot write %s: %s; the ledger's folder must exist and belong to"
				" the daemon's user",
				name, strerror(errno));
	if (fcntl(l->lock_fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return diag_set(d, -EBUSY,
				l->replay ? "seccompd, or another replay, writes the ledger %s now:"
					    " give this one a ledger of its own with --ledger"
					  : "another seccompd writes the ledger %s: stop it, or"
					    " give this one a ledger of its own with --ledger",
				path);
	return diag_set(d, -errno, "cannot lock %s: %s", name, strerror(errno));
}

/* A child that was forked may hold the descriptor, and with it the lock. */
static void unlock_writer(Ledger *l)
{
	struct flock lock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	if (l->lock_fd < 0)
		return;
	(void)fcntl(l->lock_fd, F_OFD_SETLK, &lock);
	close(l->lock_fd);
	l->lock_fd = -1;
}

static void unlock_stranger(Ledger *l, const char *path)
{
	_cleanup_free_ char *name = NULL;

	if (!l->lock_made || asprintf(&name, "%s.lock", path) < 0) {
		name = NULL;
		return;
	}
	(void)unlink(name);
}

/* SQLite would make it with the process's umask; the log gets the same mode from it. */
static int make_file(const char *path)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd >= 0)
		return fchmod(fd, FILE_MODE) < 0 ? -errno : 0;
	if (errno != EEXIST)
		return -errno;
	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	return ledger_is_too_short(&st) ? -EBADMSG : 0;
}

/* A reader without write permission needs -wal and -shm to be there after we closed. */
static int keep_log(Ledger *l, int keep)
{
	int rc = sqlite3_file_control(l->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep);

	return rc == SQLITE_OK ? 0 : ledger_failed(l, rc);
}

static int open_database(Ledger *l, const char *path)
{
	int r, rc;

	rc = sqlite3_open_v2(path, &l->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return ledger_failed(l, rc);
	r = keep_log(l, true);
	return r < 0 ? r : ledger_harden(l, l->busy_ms);
}

#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)

static int create_schema(Ledger *l)
{
	int r;

	r = ledger_exec(
		l, "BEGIN IMMEDIATE;" LEDGER_SCHEMA "INSERT INTO meta VALUES('schema', '" TEXT_OF(
			   SECCOMPD_LEDGER_SCHEMA) "');"
						   "PRAGMA application_id=" TEXT_OF(
							   LEDGER_APPLICATION_ID) ";"
										  "COMMIT;");
	if (r < 0 && !sqlite3_get_autocommit(l->db))
		(void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

/* Only after a crash, or after SQLite met damage: it reads the whole file. */
static int check_unless_clean(Ledger *l)
{
	sqlite3_stmt *s = NULL;
	char clean[8];
	int r, rc;

	r = ledger_get_meta(l, "clean", clean, sizeof(clean));
	if (r < 0 || strcmp(clean, "1") == 0)
		return r;
	rc = sqlite3_prepare_v2(l->db, "PRAGMA quick_check(1)", -1, &s, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc != SQLITE_ROW)
		r = ledger_failed(l, rc);
	else if (strcmp((const char *)sqlite3_column_text(s, 0), "ok") != 0)
		r = -EBADMSG;
	(void)sqlite3_finalize(s);
	return r;
}

/* What was seen, what somebody says of a log and what a journal tells are kept apart: a ledger is
 * of one of them. */
static int check_purpose(Ledger *l)
{
	char made_from[16];
	int64_t holds = 0;
	int r = ledger_get_meta(l, LEDGER_META_REPLAYED, made_from, sizeof(made_from));

	if (r < 0)
		return r;
	if (made_from[0])
		return l->replay && strcmp(made_from, l->replay) == 0 ? 0 : -EEXIST;
	if (!l->replay)
		return 0;
	r = ledger_run_plain(l, SQL_HOLDS_EVIDENCE, &holds);
	return r < 0 ? r : holds ? -EEXIST : 0;
}

static int open_file(Ledger *l, const char *path)
{
	int64_t schema = 0;
	int r;

	r = make_file(path);
	if (r == 0)
		r = open_database(l, path);
	if (r == 0)
		r = ledger_identify(l, &schema);
	/* Nothing of ours stays beside what is no ledger. */
	if (r == -EMEDIUMTYPE && l->db)
		(void)keep_log(l, false);
	if (r == 0)
		r = ledger_exec(l, WRITER_PRAGMAS);
	if (r == 0)
		r = schema == 0 ? create_schema(l) : check_unless_clean(l);
	if (r == 0 && schema > 0)
		r = ledger_migrate(l, schema);
	if (r == 0)
		r = check_purpose(l);
	if (r == 0)
		r = ledger_set_meta(l, "clean", "0");
	return r;
}

static const char *wrong_purpose(Ledger *l)
{
	switch (ledger_is_replayed(l)) {
	case LEDGER_OF_LOGS:
		return l->replay ? "was made from logs, and what is read elsewhere must not mix"
				 : "was made from logs by \"seccompctl replay\", and what is seen"
				   " must not mix";
	case LEDGER_OF_LEDGERS:
		return "was made from others by \"seccompctl merge\", and nothing else must mix";
	case LEDGER_OF_JOURNALS:
		return "was made from journals by \"seccompctl replay --journal\", and nothing"
		       " else must mix";
	case LEDGER_OF_STRACE:
		return "was made from what strace wrote by \"seccompctl import\", and nothing"
		       " else must mix";
	default:
		return "holds what seccompd has seen, and what is read from logs must not mix";
	}
}

static int explain_writer(Ledger *l, const char *path, int r, Diag *d)
{
	switch (r) {
	case -EPROTONOSUPPORT:
		return diag_set(d, r,
				"the ledger %s was made by a newer seccompd: run that version, or"
				" move the file away to start anew",
				path);
	case -EMEDIUMTYPE:
		return diag_set(d, r,
				"%s is something else than a ledger: name another file with"
				" --ledger",
				path);
	case -EEXIST:
		return diag_set(d, r, "the ledger %s %s with it: name another file with --ledger",
				path, wrong_purpose(l));
	case -EBUSY:
		return diag_set(
			d, -EAGAIN,
			"another program holds the ledger %s (%s): end it, or its transaction",
			path, l->error);
	default:
		return diag_set(d, r, "cannot open the ledger %s: %s", path,
				l->error[0] ? l->error : strerror(-r));
	}
}

/* A damaged file is set aside and a new one started, in which the loss is the first entry. */
static int replace_file(Ledger *l, const char *path, usec_t now, Diag *d)
{
	char suffix[LEDGER_ASIDE_SUFFIX_SIZE], why[sizeof(l->error)];
	int r;

	snprintf(why, sizeof(why), "%s", l->error[0] ? l->error : "its contents contradict itself");
	ledger_close(l);
	r = ledger_set_aside(path, now, suffix);
	if (r < 0)
		return diag_set(d, r, "the ledger %s is damaged (%s) and cannot be moved away: %s",
				path, why, strerror(-r));
	l->corrupt = false;
	l->error[0] = 0;
	r = open_file(l, path);
	if (r < 0)
		return explain_writer(l, path, r, d);
	(void)diag_set(d, 0,
		       "the ledger %s was damaged (%s): it is kept as %s%s, and a new one was"
		       " started",
		       path, why, path, suffix);
	return LEDGER_SET_ASIDE;
}

static int find_host(Ledger *l, const char *host)
{
	int r;

	r = ledger_run(l, SQL_HOST_ADD, NULL, ARG_TEXT(host));
	if (r == 0)
		r = ledger_run(l, SQL_HOST_FIND, &l->host, ARG_TEXT(host));
	return r < 0 ? r : 0;
}

static int open_or_replace(Ledger *l, const char *path, const char *host, usec_t now, Diag *d)
{
	int r, aside = 0;

	r = open_file(l, path);
	if (r == -EBADMSG && !ledger_was_one(path))
		r = -EMEDIUMTYPE;
	if (r == 0 && l->distrusted) {
		snprintf(l->error, sizeof(l->error), "it failed again behind a check");
		r = -EBADMSG;
	}
	if (r == -EBADMSG && !l->replay)
		r = aside = replace_file(l, path, now, d);
	else if (r < 0)
		return explain_writer(l, path, r, d);
	if (r < 0)
		return r;
	r = find_host(l, host);
	if (r == 0)
		r = ledger_note_machine(l);
	if (r == 0 && aside)
		r = ledger_add_loss(l, &(LedgerLoss){ .kind = "set-aside",
						      .to = now,
						      .count = LEDGER_COUNT_UNKNOWN });
	if (r < 0)
		return explain_writer(l, path, r, d);
	return aside;
}

/* Before anything is made beside what can be no ledger: a device's folder is no place for a lock.
 */
static int check_kind(const char *path, Diag *d)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	return explain_writer(NULL, path, -EMEDIUMTYPE, d);
}

/* Locks, opens, and makes what is missing. */
static int open_at(Ledger *l, const char *path, const char *host, usec_t now, Diag *d)
{
	int aside, r = check_kind(path, d);

	if (r == 0)
		r = lock_writer(l, path, d);
	if (r < 0)
		return r;
	aside = open_or_replace(l, path, host, now, d);
	if (aside == -EMEDIUMTYPE)
		unlock_stranger(l, path);
	if (aside < 0)
		return aside;
	r = ledger_note_companions(l);
	if (r < 0)
		return explain_writer(l, path, r, d);
	if (!l->replay)
		(void)sqlite3_busy_timeout(l->db, l->busy_ms = RUN_TIMEOUT_MS);
	l->ready = true;
	return aside;
}

int ledger_new(Ledger **ret)
{
	Ledger *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->lock_fd = -1;
	l->writer = true;
	l->busy_ms = RUN_TIMEOUT_MS;
	l->limits = (LedgerLimits){ LEDGER_WORKLOADS_DEFAULT, LEDGER_SIGHTINGS_DEFAULT };
	*ret = l;
	return 0;
}

bool ledger_is_open(const Ledger *l)
{
	return l->ready;
}

static int open_writer(const char *path, const char *host, usec_t now, const LedgerLimits *limits,
		       const char *replay, Ledger **ret, Diag *d)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	int r = ledger_new(&l);

	if (r < 0)
		return diag_set(d, r, "out of memory");
	l->replay = replay;
	l->busy_ms = BUSY_TIMEOUT_MS;
	if (limits && limits->workloads > 0)
		l->limits.workloads = limits->workloads;
	if (limits && limits->sightings_per_workload > 0)
		l->limits.sightings_per_workload = limits->sightings_per_workload;
	r = open_at(l, path, host, now, d);
	if (r < 0)
		return r;
	*ret = STEAL(l);
	return r;
}

int ledger_open_writer(const char *path, const char *host, usec_t now, const LedgerLimits *limits,
		       Ledger **ret, Diag *d)
{
	return open_writer(path, host, now, limits, NULL, ret, d);
}

/* A log does not say which host it is of, and a journal of several. */
int ledger_open_made(const char *path, const char *replayed, Ledger **ret, Diag *d)
{
	return open_writer(path, "", 0, NULL, replayed, ret, d);
}

/* A reader in its snapshot delays the truncation, not us. */
static void empty_log(Ledger *l)
{
	(void)sqlite3_busy_timeout(l->db, CLOSE_TIMEOUT_MS);
	(void)sqlite3_wal_checkpoint_v2(l->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

/* The log of a file that is damaged stays as it is, beside it. Of one that was moved away, or of
 * which somebody took the log, all goes into the one file, wherever that is now. */
static void leave(Ledger *l)
{
	ledger_rollback(l);
	if (l->corrupt)
		(void)sqlite3_db_config(l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	else
		empty_log(l);
	ledger_close(l);
}

int ledger_reopen(Ledger *l, const char *path, const char *host, usec_t now, bool distrust, Diag *d)
{
	int r;

	if (l->db)
		leave(l);
	unlock_writer(l);
	l->ready = l->corrupt = l->lock_made = false;
	l->distrusted = distrust;
	l->tally[0] = l->error[0] = 0;
	r = open_at(l, path, host, now, d);
	l->distrusted = false;
	if (r < 0) {
		ledger_close(l);
		snprintf(l->error, sizeof(l->error), "%.*s", (int)sizeof(l->error) - 1,
			 d ? d->text : strerror(-r));
	}
	return r;
}

Ledger *ledger_free(Ledger *l)
{
	if (!l)
		return NULL;
	if (l->db && l->writer && l->ready) {
		ledger_rollback(l);
		if (!l->corrupt)
			(void)ledger_set_meta(l, "clean", "1");
		empty_log(l);
	}
	ledger_close(l);
	if (l->lock_fd >= 0)
		close(l->lock_fd);
	free(l);
	return NULL;
}
