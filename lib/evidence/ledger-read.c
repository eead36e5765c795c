/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "evidence/ledger-private.h"
#include "util/buffer.h"

#define BUSY_TIMEOUT_MS 3000
#define LOG_HEADER_SIZE 32 /* sqlite.org/fileformat2.html, 4.1 */

/* ---- opening ---- */

/*
 * As a URI, because only there a reader can be kept from making a -shm that the daemon, being
 * another user, could not use. Every byte that means something in a URI is encoded; slashes at the
 * start are joined, since two of them would begin a host name.
 */
static int make_uri(const char *path, const char *how, char **ret)
{
	_cleanup_buffer_ Buffer b = { 0 };

	while (path[0] == '/' && path[1] == '/')
		path++;
	buffer_add_str(&b, "file:");
	for (; *path; path++)
		if ((*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') ||
		    (*path >= '0' && *path <= '9') || strchr("/._-", *path))
			buffer_add_char(&b, *path);
		else
			buffer_printf(&b, "%%%02X", (unsigned char)*path);
	buffer_printf(&b, "?%s=1", how);
	*ret = buffer_steal(&b);
	return *ret ? 0 : -ENOMEM;
}

/* Looks without opening: SQLite loses its locks when a descriptor of the file is closed. */
static int check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) < 0)
		return -errno;
	return ledger_is_too_short(&st) ? -EBADMSG : 0;
}

static int open_file(Ledger *l, const char *path, const char *how)
{
	_cleanup_free_ char *uri = NULL;
	int64_t schema = 0;
	int r, rc;

	r = check_file(path);
	if (r == 0)
		r = make_uri(path, how, &uri);
	if (r < 0)
		return r;
	rc = sqlite3_open_v2(uri, &l->db,
			     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return ledger_failed(l, rc);
	r = ledger_harden(l, BUSY_TIMEOUT_MS);
	if (r == 0)
		r = ledger_identify(l, &schema);
	if (r == 0 && schema == 0)
		r = -ENODATA;
	if (r == 0 && schema < SECCOMPD_LEDGER_SCHEMA)
		r = -ESTALE;
	return r;
}

/* In bytes, of the file beside @path; -errno. */
static int64_t size_of(const char *path, const char *end)
{
	_cleanup_free_ char *name = NULL;
	struct stat st;

	if (asprintf(&name, "%s%s", path, end) < 0) {
		name = NULL;
		return -ENOMEM;
	}
	return stat(name, &st) < 0 ? -errno : st.st_size;
}

/* An empty log is SQLite's, of an attempt to read. */
static bool lies_alone(const char *path)
{
	int64_t log = size_of(path, "-wal");

	return (log == 0 || log == -ENOENT) && size_of(path, "-shm") == -ENOENT;
}

/*
 * A copy, or what is left when another program (sqlite3, say) was the last to close it. Of a ledger
 * that seccompd writes it might lack the newest; one of logs is written in a moment, and no daemon
 * will ever open it.
 */
static Ledger *open_alone(const char *path)
{
	_cleanup_(ledger_freep) Ledger *l = calloc(1, sizeof(*l));

	if (!l || !lies_alone(path))
		return NULL;
	l->lock_fd = -1;
	return open_file(l, path, "immutable") == 0 && ledger_is_replayed(l) > 0 ? STEAL(l) : NULL;
}

/*
 * Without its index SQLite cannot read a file that has a log, and would leave an empty log behind
 * where it may write. (Nobody has such a file open: closing a descriptor drops no locks.)
 */
static bool lacks_index(const char *path)
{
	_cleanup_close_ int fd = -1;
	char head[20];

	if (size_of(path, "-shm") != -ENOENT)
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	/* The versions of the format to write and to read: 2 is that with a log. */
	return fd >= 0 && pread(fd, head, sizeof(head), 0) == sizeof(head) &&
	       memcmp(head, "SQLite format 3", 16) == 0 && head[18] == 2 && head[19] == 2;
}

/* What is wrong with the file apart from that, or that. */
static int refuse_without_index(Ledger *l, const char *path)
{
	int r = open_file(l, path, "immutable");

	/* Its tables may be in the log still. */
	return r == 0 || r == -ENODATA ? -EACCES : r;
}

/* Is it the index of the log that is not there, or not for us? */
static bool index_is_unreadable(const char *path)
{
	_cleanup_free_ char *name = NULL;

	if (asprintf(&name, "%s-shm", path) < 0) {
		name = NULL;
		return false;
	}
	return faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) < 0;
}

static int explain_reader(Ledger *l, const char *path, int r, Diag *d)
{
	if (r == -EBADMSG && !ledger_was_one(path))
		r = -EMEDIUMTYPE;
	if ((r == -EROFS || (r == -EACCES && l->db)) && index_is_unreadable(path))
		return diag_set(d, -EACCES,
				"the ledger %s cannot be read without %s-shm, which is missing or"
				" not readable: copy a ledger together with its -wal and -shm, or"
				" let seccompd open it once",
				path, path);
	switch (r) {
	case -ENOENT:
	case -ENOTDIR:
		return diag_set(d, -ENOENT,
				"there is no ledger %s: seccompd has not run yet (systemctl start"
				" seccompd), or it writes another one (name it with --ledger)",
				path);
	case -ENODATA:
		return diag_set(d, -ENOENT,
				"%s is empty, and no ledger: nothing was written to it yet; name"
				" another file",
				path);
	case -EACCES:
	case -EPERM:
		return diag_set(d, -EACCES,
				"no permission to read the ledger %s: join the group seccompd, or"
				" use sudo",
				path);
	case -EPROTONOSUPPORT:
		return diag_set(d, r,
				"the ledger %s was made by a newer seccompd: use the seccompctl of"
				" that version",
				path);
	case -ESTALE:
		return diag_set(
			d, r,
			"the ledger %s was made by an older seccompd: start seccompd of this"
			" version once, which brings it up to date",
			path);
	case -EMEDIUMTYPE:
		return diag_set(d, -EBADMSG, "%s is no ledger: name another file", path);
	case -EBADMSG:
		return diag_set(d, r,
				"the ledger %s is damaged (%s): seccompd sets its own aside when it"
				" meets the damage, at the latest at systemctl reload seccompd; a"
				" copy is made anew",
				path, l->error[0] ? l->error : "tables are missing");
	default:
		return diag_set(d, r, "cannot read the ledger %s: %s", path,
				l->error[0] ? l->error : strerror(-r));
	}
}

/*
 * A log that is a header and nothing else, as a writer leaves it who is killed behind his very
 * first write. SQLite takes it for one that was exchanged this moment, for 10 s, and speaks of a
 * breach of the locking protocol then. All that there is is in the file itself.
 */
static bool log_is_bare(const char *path)
{
	return size_of(path, "-wal") == LOG_HEADER_SIZE;
}

/* Whoever writes holds a lock on a file of its own; not to be asked is as good as held. */
static bool writer_runs(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	_cleanup_free_ char *name = NULL;
	_cleanup_close_ int fd = -1;

	if (asprintf(&name, "%s.lock", path) < 0) {
		name = NULL;
		return true;
	}
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno != ENOENT;
	return fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
}

static int open_shared(Ledger *l, const char *path)
{
	/* One that begins its log this moment will have gone on in the next. */
	l->frozen = log_is_bare(path) && !writer_runs(path);
	if (l->frozen)
		return open_file(l, path, "immutable");
	return lacks_index(path) ? refuse_without_index(l, path)
				 : open_file(l, path, "readonly_shm");
}

bool ledger_is_frozen(const Ledger *l)
{
	return l->frozen;
}

int ledger_open_reader(const char *path, Ledger **ret, Diag *d)
{
	_cleanup_(ledger_freep) Ledger *l = calloc(1, sizeof(*l)), *alone = NULL;
	int64_t hosts = 0;
	int r;

	if (!l)
		return diag_set(d, -ENOMEM, "out of memory");
	l->lock_fd = -1;
	r = open_shared(l, path);
	if (r < 0) {
		alone = open_alone(path);
		if (!alone)
			return explain_reader(l, path, r, d);
	}
	if (!alone)
		alone = STEAL(l);
	r = ledger_run_plain(alone, SQL_HOST_COUNT, &hosts);
	if (r < 0)
		return explain_reader(alone, path, r, d);
	alone->hosts = (unsigned)hosts;
	alone->ready = true;
	*ret = STEAL(alone);
	return 0;
}

/* ---- columns ---- */

const char *ledger_column_text(sqlite3_stmt *s, int i)
{
	const char *text = (const char *)sqlite3_column_text(s, i);

	return text ? text : "";
}

static Span column_blob(sqlite3_stmt *s, int i)
{
	const char *p = sqlite3_column_blob(s, i);
	int n = sqlite3_column_bytes(s, i);

	if (sqlite3_column_type(s, i) == SQLITE_NULL)
		return SPAN_NULL;
	return span_make(p ? p : "", (size_t)n);
}

uint64_t ledger_column_u64(sqlite3_stmt *s, int i)
{
	return (uint64_t)sqlite3_column_int64(s, i);
}

/* ---- walks ---- */

int ledger_walk(Ledger *l, LedgerSql which, const LedgerArg *args, size_t n, LedgerRowFunction row,
		const void *f, void *userdata)
{
	sqlite3_stmt *s;
	int r, rc;

	r = ledger_prepare(l, which, args, n, &s);
	if (r < 0)
		return r;
	while ((rc = ledger_step(s)) == SQLITE_ROW) {
		r = row(s, f, userdata);
		if (r != 0)
			break;
	}
	if (r == 0 && rc != SQLITE_DONE)
		r = ledger_failed(l, rc);
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	return r;
}

typedef struct WorkloadWalk {
	int (*f)(const LedgerWorkloadRow *row, void *userdata);
} WorkloadWalk;

static int workload_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const WorkloadWalk *w = f;
	LedgerWorkloadRow row = {
		.id = sqlite3_column_int64(s, 0),
		.name = ledger_column_text(s, 1),
		.runtime = ledger_column_text(s, 2),
		.container_name = ledger_column_text(s, 3),
		.image = ledger_column_text(s, 4),
		.stage = ledger_column_text(s, 5),
		.visibility = ledger_column_text(s, 6),
		.profile_hash = ledger_column_text(s, 7),
		.profile_source = ledger_column_text(s, 8),
		.dialect = ledger_column_text(s, 9),
		.host = ledger_column_text(s, 10),
		.sightings = ledger_column_u64(s, 11),
		.records = ledger_column_u64(s, 12),
		.dropped = ledger_column_u64(s, 13),
		.first = ledger_column_u64(s, 14),
		.last = ledger_column_u64(s, 15),
		.heuristic = sqlite3_column_int64(s, 16) != 0,
		.asserted = sqlite3_column_int64(s, 17) != 0,
		.imported = sqlite3_column_int64(s, 18) != 0,
		.hosts = (uint32_t)ledger_column_u64(s, 19),
		.others = (uint32_t)ledger_column_u64(s, 20),
	};

	return w->f(&row, userdata);
}

int ledger_each_workload(Ledger *l, int (*f)(const LedgerWorkloadRow *row, void *userdata),
			 void *userdata)
{
	WorkloadWalk w = { f };

	return ledger_walk(l, SQL_EACH_WORKLOAD, NULL, 0, workload_row, &w, userdata);
}

int ledger_get_workload(Ledger *l, int64_t id,
			int (*f)(const LedgerWorkloadRow *row, void *userdata), void *userdata)
{
	WorkloadWalk w = { f };

	return ledger_walk(l, SQL_ONE_WORKLOAD, &ARG_INT(id), 1, workload_row, &w, userdata);
}

bool ledger_call_is_sane(int64_t arch, int64_t action, int64_t origin, int64_t means)
{
	return arch >= 0 && arch <= UINT32_MAX && action >= 0 && action < _ACTION_MAX &&
	       origin >= 0 && origin < _ORIGIN_MAX && means >= 0 && means < _MEANS_MAX;
}

typedef struct SightingWalk {
	int (*f)(const LedgerSightingRow *row, void *userdata);
} SightingWalk;

static int sighting_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const SightingWalk *w = f;
	int64_t arch = sqlite3_column_int64(s, 2), action = sqlite3_column_int64(s, 4),
		origin = sqlite3_column_int64(s, 5), means = sqlite3_column_int64(s, 6);
	LedgerSightingRow row = {
		.id = sqlite3_column_int64(s, 0),
		.profile_hash = ledger_column_text(s, 1),
		.arch = (uint32_t)arch,
		.nr = sqlite3_column_int64(s, 3),
		.action = (Action)action,
		.origin = (Origin)origin,
		.means = (Means)means,
		.count = ledger_column_u64(s, 7),
		.first = ledger_column_u64(s, 8),
		.last = ledger_column_u64(s, 9),
		.subjects = (uint32_t)sqlite3_column_int64(s, 10),
		.own_filter = ledger_column_u64(s, 11),
		.lifetimes = (uint32_t)sqlite3_column_int64(s, 12),
		.serial = (uint32_t)sqlite3_column_int64(s, 13),
		.hosts = (uint32_t)ledger_column_u64(s, 14),
	};

	if (!ledger_call_is_sane(arch, action, origin, means))
		return -EBADMSG;
	return w->f(&row, userdata);
}

int ledger_each_sighting(Ledger *l, int64_t workload,
			 int (*f)(const LedgerSightingRow *row, void *userdata), void *userdata)
{
	SightingWalk w = { f };

	return ledger_walk(l, SQL_EACH_SIGHTING, &ARG_INT(workload), 1, sighting_row, &w, userdata);
}

typedef struct SubjectWalk {
	int (*f)(const LedgerSubjectRow *row, void *userdata);
} SubjectWalk;

static int subject_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const SubjectWalk *w = f;
	int64_t kind = sqlite3_column_int64(s, 0), cause = sqlite3_column_int64(s, 1);
	LedgerSubjectRow row = {
		.kind = (SubjectKind)kind,
		.cause = (Cause)cause,
		.runtime = ledger_column_text(s, 2),
		.name = ledger_column_text(s, 3),
		.cgroup = ledger_column_text(s, 4),
		.confirmed = sqlite3_column_int64(s, 5) != 0,
		.first = ledger_column_u64(s, 6),
		.last = ledger_column_u64(s, 7),
	};

	if (kind < 0 || kind >= _SUBJECT_KIND_MAX || cause < 0 || cause >= _CAUSE_MAX)
		return -EBADMSG;
	return w->f(&row, userdata);
}

int ledger_each_subject(Ledger *l, int64_t workload,
			int (*f)(const LedgerSubjectRow *row, void *userdata), void *userdata)
{
	SubjectWalk w = { f };

	return ledger_walk(l, SQL_EACH_SUBJECT, &ARG_INT(workload), 1, subject_row, &w, userdata);
}

int ledger_get_causes(Ledger *l, int64_t workload, int64_t sighting, uint32_t *ret)
{
	const LedgerArg args[] = { ARG_INT(workload), ARG_INT(sighting) };
	int64_t causes = 0;
	int r = ledger_run_args(l, SQL_CAUSES, args, ELEMENTSOF(args), &causes);

	if (r < 0)
		return r;
	*ret = (uint32_t)causes;
	return 0;
}

typedef struct ExampleWalk {
	int (*f)(const LedgerExampleRow *row, void *userdata);
} ExampleWalk;

static int example_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const ExampleWalk *w = f;
	LedgerExampleRow row = {
		.comm = column_blob(s, 0),
		.exe = column_blob(s, 1),
		.ip = ledger_column_u64(s, 2),
		.pid = (int32_t)sqlite3_column_int64(s, 3),
		.time = ledger_column_u64(s, 4),
	};

	return w->f(&row, userdata);
}

int ledger_each_example(Ledger *l, int64_t sighting,
			int (*f)(const LedgerExampleRow *row, void *userdata), void *userdata)
{
	ExampleWalk w = { f };

	return ledger_walk(l, SQL_EACH_EXAMPLE, &ARG_INT(sighting), 1, example_row, &w, userdata);
}

typedef struct FoldedWalk {
	int (*f)(uint32_t slot, uint32_t generation, uint64_t total, void *userdata);
} FoldedWalk;

static int folded_row(sqlite3_stmt *s, const void *f, void *userdata)
{
	const FoldedWalk *w = f;

	return w->f((uint32_t)ledger_column_u64(s, 0), (uint32_t)ledger_column_u64(s, 1),
		    ledger_column_u64(s, 2), userdata);
}

int ledger_each_folded(Ledger *l, const char *tally_id,
		       int (*f)(uint32_t slot, uint32_t generation, uint64_t total, void *userdata),
		       void *userdata)
{
	FoldedWalk w = { f };
	int64_t tally;
	int r = ledger_find_tally(l, tally_id, &tally);

	if (r <= 0)
		return r;
	return ledger_walk(l, SQL_EACH_FOLDED, &ARG_INT(tally), 1, folded_row, &w, userdata);
}

/* ---- single values ---- */

/* The one text of a statement as a copy of its own; -ENOENT without a row. */
static int get_text(Ledger *l, LedgerSql which, const char *key, char **ret)
{
	LedgerArg arg = ARG_TEXT(key);
	sqlite3_stmt *s;
	int r, rc;

	r = ledger_prepare(l, which, &arg, 1, &s);
	if (r < 0)
		return r;
	rc = ledger_step(s);
	if (rc == SQLITE_ROW) {
		*ret = strdup(ledger_column_text(s, 0));
		r = *ret ? 0 : -ENOMEM;
	} else {
		r = rc == SQLITE_DONE ? -ENOENT : ledger_failed(l, rc);
	}
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	return r;
}

int ledger_get_profile(Ledger *l, const char *hash, char **ret_json)
{
	return get_text(l, SQL_PROFILE_GET_JSON, hash, ret_json);
}

int ledger_get_meta(Ledger *l, const char *key, char *buf, size_t size)
{
	_cleanup_free_ char *value = NULL;
	int r;

	r = get_text(l, SQL_META_GET, key, &value);
	if (r < 0 && r != -ENOENT)
		return r;
	(void)span_copy(span_of(value ? value : ""), buf, size);
	return 0;
}
