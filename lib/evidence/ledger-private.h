/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <sqlite3.h>

#include "evidence/ledger.h"
#include "evidence/ledger-history.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-replay.h"
#include "evidence/ledger-schema.h"
#include "evidence/ledger-tell.h"

typedef enum LedgerSql {
	SQL_BEGIN_WRITE,
	SQL_BEGIN_READ,
	SQL_COMMIT,
	SQL_TOUCH,
	SQL_META_SET,
	SQL_META_GET,
	SQL_META_INCREMENT,
	SQL_HOST_ADD,
	SQL_HOST_FIND,
	SQL_PROFILE_FIND,
	SQL_PROFILE_ADD,
	SQL_PROFILE_HAS_JSON,
	SQL_PROFILE_COUNT_JSON,
	SQL_PROFILE_FORGET_JSON,
	SQL_PROFILE_SET_JSON,
	SQL_PROFILE_GET_JSON,
	SQL_WORKLOAD_FIND,
	SQL_WORKLOAD_COUNT,
	SQL_WORKLOAD_COUNT_HOST,
	SQL_WORKLOAD_ADD,
	SQL_WORKLOAD_REFRESH,
	SQL_WORKLOAD_ROOM,
	SQL_WORKLOAD_GREW,
	SQL_WORKLOAD_DROP,
	SQL_WORKLOAD_SHRANK,
	SQL_ROOM_SHARES,
	SQL_ROOM_RECORDS,
	SQL_ROOM_UNTIE,
	SQL_ROOM_EXAMPLES,
	SQL_ROOM_MAKINGS,
	SQL_ROOM_EVICT,
	SQL_SUBJECT_FIND,
	SQL_SUBJECT_COUNT,
	SQL_SUBJECT_OLDEST,
	SQL_SUBJECT_UNTIE,
	SQL_SUBJECT_DELETE,
	SQL_SUBJECT_ADD,
	SQL_SUBJECT_REFRESH,
	SQL_SIGHTING_FIND,
	SQL_SIGHTING_ADD,
	SQL_SIGHTING_COUNT,
	SQL_SIGHTING_TIE,
	SQL_SIGHTING_TIED,
	SQL_EXAMPLE_ADD,
	SQL_TALLY_FIND,
	SQL_TALLY_ADD,
	SQL_TALLY_FORGET,
	SQL_FOLDED_FORGET,
	SQL_FOLDED_GET,
	SQL_FOLDED_SET,
	SQL_LOSS_COUNT,
	SQL_LOSS_ADD,
	SQL_LOSS_NEWEST,
	SQL_LOSS_NEXT_TO,
	SQL_LOSS_WIDEN,
	SQL_LOSS_SIZE,
	SQL_RUN_COUNT,
	SQL_RUN_FORGET,
	SQL_RUN_ADD,
	SQL_RUN_EXTEND,
	SQL_LIFETIME_COUNT,
	SQL_LIFETIME_COUNT_ALL,
	SQL_LIFETIME_OLDEST,
	SQL_LIFETIME_FIRST,
	SQL_LIFETIME_OLDEST_OF_ALL,
	SQL_LIFETIME_FORGET,
	SQL_LIFETIME_ADD,
	SQL_LIFETIME_END,
	SQL_LIFETIME_JOIN,
	SQL_LIFETIME_FILL,
	SQL_LIFETIME_NOTE,
	SQL_LIFETIME_MAKING,
	SQL_HOUR_GROW,
	SQL_HOUR_ADD,
	SQL_HOUR_COUNT,
	SQL_HOUR_COUNT_ALL,
	SQL_HOUR_FORGET,
	SQL_HOUR_FORGET_OF_ALL,
	SQL_EACH_WORKLOAD,
	SQL_ONE_WORKLOAD,
	SQL_NEXT_GATE,
	SQL_GATE_GET,
	SQL_GATE_SET,
	SQL_EACH_SIGHTING,
	SQL_EACH_RECENT,
	SQL_EACH_NEWEST,
	SQL_LAST_SIGHTING,
	SQL_EACH_FRESH,
	SQL_EACH_STAGE,
	SQL_EACH_SUBJECT,
	SQL_CAUSES,
	SQL_EACH_EXAMPLE,
	SQL_EACH_MAKING,
	SQL_EACH_FOLDED,
	SQL_TELL_MARK,
	SQL_TELL_MARK_NEW,
	SQL_TELL_SHARES,
	SQL_EACH_TELLING,
	SQL_SIGHTING_TOLD,
	SQL_SIGHTING_CLOCK,
	SQL_EACH_UNTOLD_WORKLOAD,
	SQL_WORKLOAD_TOLD,
	SQL_BLIND_SPOT_TOLD,
	SQL_EACH_UNTOLD_LOSS,
	SQL_LOSS_TOLD,
	SQL_EACH_UNTOLD_LIFETIME,
	SQL_LIFETIME_TOLD,
	SQL_EACH_UNTOLD_RUN,
	SQL_RUN_TOLD,
	SQL_EACH_LOSS,
	SQL_EACH_RUN,
	SQL_EACH_LIFETIME,
	SQL_EACH_OPEN_LIFETIME,
	SQL_EACH_HOUR,
	SQL_HOLDS_EVIDENCE,
	SQL_KEYS_GET,
	SQL_KEYS_SET,
	SQL_EACH_KEYS,
	SQL_SIGHTING_SET,
	SQL_SIGHTING_FORGET,
	SQL_EXAMPLE_FORGET,
	SQL_TIE_FORGET,
	SQL_WORKLOAD_SET,
	SQL_SUBJECT_SET,
	SQL_HOUR_CLEAR,
	SQL_LOSS_CLEAR,
	SQL_EACH_TELLER,
	SQL_TELLER_PUT,
	SQL_EACH_HOST,
	SQL_EACH_SHARE,
	SQL_HOST_COUNT,
	SQL_HOST_OF_MACHINE,
	SQL_HOST_SET_MACHINE,
	SQL_HOST_TAKE_NAME,
	SQL_HOST_SPLIT,
	SQL_HOST_HEARD,
	SQL_RUN_DOUBLED,
	SQL_HOUR_FIRST_KEPT,
	SQL_HOUR_FORGET_BEFORE,
	SQL_WORKLOAD_SETTLE_MERGED,
	SQL_HOST_UNNAME,
	SQL_HOST_NAME,
	SQL_HOST_LAST,
	SQL_WORKLOAD_COUNT_OF,
	SQL_WORKLOAD_TAKE,
	SQL_WORKLOAD_SETTLE,
	SQL_SIGHTING_TAKE,
	SQL_EACH_TOLD,
	SQL_LOSS_TAKE,
	SQL_LOSS_UNTAKE,
	SQL_LOSS_HOLES,
	SQL_RUN_TAKE,
	SQL_RUN_HOLES,
	SQL_LIFETIME_ROOM,
	SQL_LIFETIME_IS_PAST,
	SQL_LIFETIME_TAKE,
	SQL_MAKING_TAKE,
	SQL_PROFILE_TAKE,
	SQL_JOURNAL_FIGURES,
	_LEDGER_SQL_MAX,
} LedgerSql;

struct Ledger {
	sqlite3 *db;
	sqlite3_stmt *statements[_LEDGER_SQL_MAX];
	bool writer;
	const char *replay; /* the meta value of a writer of what logs, or journals, say */
	bool ready;         /* opened to the end: closing it may call it clean */
	bool corrupt;       /* SQLite said so: the next writer must look closely */
	bool distrusted;    /* to be set aside whatever a check says */
	bool lock_made;     /* its file was not there before */
	int lock_fd, busy_ms;
	ino_t companions[2]; /* of a writer: -wal and -shm, as they were when it was opened */
	int64_t host;
	char machine[LEDGER_MACHINE_SIZE];
	unsigned hosts; /* of a reader: of how many it tells */
	bool frozen;    /* of a reader: it sees nothing that is written from now on */
	LedgerLimits limits;
	char tally[40]; /* name and row of the tally last asked for */
	int64_t tally_row;
	struct {
		int64_t workload, maker, origin;
	} refused;        /* who found no room in this transaction, last */
	uint64_t dropped; /* records that gave way to the last sighting, ledger_add() */
	char error[256];
	void (*work)(uint64_t bytes, void *userdata); /* ledger-work.h */
	void *work_userdata;
};

/* What a ledger was made from, if not by a daemon. */
#define LEDGER_META_REPLAYED "replayed"
#define LEDGER_REPLAYED_LOGS "1"
#define LEDGER_REPLAYED_JOURNALS "journal"
#define LEDGER_REPLAYED_STRACE "strace"
#define LEDGER_REPLAYED_MERGE "merge"

/* ---- ledger-sql.c ---- */

/* The text of a statement, which in a reader's ledger of several hosts may be another one. */
const char *ledger_sql(const Ledger *l, LedgerSql which);

/* ---- ledger-run.c ---- */

/* A bound value. Text and blobs are C strings that live until the call returns, bytes are any. */
typedef struct LedgerArg {
	enum { ARG_TYPE_INT, ARG_TYPE_TEXT, ARG_TYPE_BLOB, ARG_TYPE_BYTES, ARG_TYPE_NULL } type;
	int64_t i;     /* of bytes, their number */
	const char *s; /* NULL = SQL NULL */
} LedgerArg;

#define ARG_INT(x) ((LedgerArg){ .type = ARG_TYPE_INT, .i = (int64_t)(x) })
#define ARG_NULL ((LedgerArg){ .type = ARG_TYPE_NULL })
#define ARG_TEXT(x) ((LedgerArg){ .type = ARG_TYPE_TEXT, .s = (x) })
#define ARG_BYTES(x) ((LedgerArg){ .type = ARG_TYPE_BYTES, .i = (int64_t)(x).n, .s = (x).p })
#define ARG_BLOB(x) ((LedgerArg){ .type = ARG_TYPE_BLOB, .s = (x) })

/* -errno of a SQLite result; remembers the text and whether it means corruption. */
int ledger_failed(Ledger *l, int rc);

/* As sqlite3_step(), but a reader waits for an index that the writer is just at. At a statement's
 * first row only: behind that the snapshot is taken. */
int ledger_step(sqlite3_stmt *s);

/* Prepared (once) and bound. -EBUSY when the same statement is still walking. */
int ledger_prepare(Ledger *l, LedgerSql which, const LedgerArg *args, size_t n, sqlite3_stmt **ret);

/* Runs a statement: 1 when it gave a row (its first column in *ret if that is wanted), else 0. */
int ledger_run_args(Ledger *l, LedgerSql which, const LedgerArg *args, size_t n, int64_t *ret);

#define ledger_run(l, which, ret, ...)                                \
	ledger_run_args(l, which, (const LedgerArg[]){ __VA_ARGS__ }, \
			sizeof((const LedgerArg[]){ __VA_ARGS__ }) / sizeof(LedgerArg), ret)
#define ledger_run_plain(l, which, ret) ledger_run_args(l, which, NULL, 0, ret)

/* One or more statements without values. */
int ledger_exec(Ledger *l, const char *sql);

/* First column of a one-row query (a pragma); -ENODATA without a row. */
int ledger_query_int(Ledger *l, const char *sql, int64_t *ret);

/* Closes the database but not the lock. */
void ledger_close(Ledger *l);

/* The row of a tally's name: 1, 0 when it has none, or -errno. */
int ledger_find_tally(Ledger *l, const char *tally_id, int64_t *ret);

/* ---- ledger-write.c ---- */

/* Remembers -wal and -shm: a writer whose own are deleted goes on into files that nobody sees. */
int ledger_note_companions(Ledger *l);

/* SQLite's integers are signed, and a sum that overflows would become a float. */
#define LEDGER_COUNT_MAX (UINT64_C(1) << 60)

/* The row of a profile's hash, made when it is new. */
int ledger_put_profile(Ledger *l, const char *hash, const char *json, int64_t *ret);

/* Notes that @subject made @sighting, if there is such a subject. */
int ledger_tie_subject(Ledger *l, int64_t sighting, int64_t subject);

/* ---- ledger-room.c ---- */

/* Is there room in its workload for a sighting that @c makes? 1, 0, -ENOENT for no workload, or
 * another -errno. *ret_dropped: records of those that gave way. */
int ledger_make_room(Ledger *l, const LedgerCall *c, uint64_t *ret_dropped);

/* ---- ledger-read.c ---- */

const char *ledger_column_text(sqlite3_stmt *s, int i);
uint64_t ledger_column_u64(sqlite3_stmt *s, int i);

/* Are these within the bounds of their enums (and @arch within 32 bits)? */
bool ledger_call_is_sane(int64_t arch, int64_t action, int64_t origin, int64_t means);

/* Hands each row to the caller's function; its non-zero answer ends the walk and is returned. */
typedef int (*LedgerRowFunction)(sqlite3_stmt *s, const void *f, void *userdata);
int ledger_walk(Ledger *l, LedgerSql which, const LedgerArg *args, size_t n, LedgerRowFunction row,
		const void *f, void *userdata);

/* ---- ledger-open.c ---- */

/* ledger_open_replay() for what the meta value "replayed" is to name. */
int ledger_open_made(const char *path, const char *replayed, Ledger **ret, Diag *d);

/* What a connection to a file that may be a stranger's needs. */
int ledger_harden(Ledger *l, int busy_timeout_ms);

/* The file's schema; 0 for an empty one. -EMEDIUMTYPE for another kind of database, -EBADMSG,
 * -EPROTONOSUPPORT. */
int ledger_identify(Ledger *l, int64_t *ret_schema);

/* ---- ledger-journal.c ---- */

/* Losses, runs and lifetimes of a host in a ledger that is made from others: its own number there,
 * below that of the host's row. */
#define LEDGER_ROW_BITS 40
static inline int64_t ledger_row_of(int64_t host, uint64_t row)
{
	return (int64_t)(((uint64_t)host << LEDGER_ROW_BITS) + row);
}

/* Adds to the parts of a sighting's count that are known to have been told: 1 when they grew. */
typedef struct ToldCounts ToldCounts;
int ledger_get_told(Ledger *l, int64_t workload, int64_t sighting, ToldCounts *ret);
int ledger_add_told(Ledger *l, int64_t workload, int64_t sighting, const ToldCounts *more);

/* The entries on lifetimes and runs of @host from the one behind @from to @to are known. They are
 * kept as those parts are, for the workload 0: 1 when that is new. */
int ledger_note_sequence(Ledger *l, int64_t host, uint64_t from, uint64_t to);

/* The row of the workload that an entry is about: 1 when it tells something new of it. */
typedef struct JournalEvent JournalEvent;
int ledger_take_workload(Ledger *l, int64_t host, const JournalEvent *e, usec_t now, int64_t *ret);

#define LEDGER_LIFETIME_VALUES                                                         \
	"SELECT f.id, f.workload, p.hash, f.kind, f.runtime, f.name, f.incarnation,"   \
	" f.image_digest, f.runtime_version, f.libseccomp, f.kernel, f.machine,"       \
	" f.capabilities, f.start, f.start_seen, f.stop, f.stop_seen, f.exit, h.name," \
	" f.joins, f.joined, f.host"
#define LEDGER_LIFETIME_TABLES \
	" FROM lifetime f JOIN profile p ON p.id=f.profile JOIN host h ON h.id=f.host"
#define LEDGER_LIFETIME_COLUMNS LEDGER_LIFETIME_VALUES LEDGER_LIFETIME_TABLES
#define LEDGER_LIFETIME_N 22 /* of the values */

/* Of two states of one lifetime the greater is the later one, and says all that the other does. */
#define LEDGER_LIFETIME_STATE(row)                                                                \
	row ".stop<>0, " row ".joins, " row ".joined, " row ".stop, " row ".stop_seen, " row      \
	    ".exit, (SELECT hash FROM profile WHERE id=" row ".profile), " row ".start, " row     \
	    ".start_seen, " row ".kind, " row ".runtime, " row ".name, " row ".incarnation, " row \
	    ".image_digest, " row ".runtime_version, " row ".libseccomp, " row ".kernel, " row    \
	    ".machine, " row ".capabilities"
#define LEDGER_LIFETIME_IS_LATER \
	"(" LEDGER_LIFETIME_STATE("excluded") ") > (" LEDGER_LIFETIME_STATE("lifetime") ")"

/* ---- ledger-lifetime.c ---- */

/* From LEDGER_LIFETIME_VALUES. -EBADMSG. */
int ledger_read_lifetime(sqlite3_stmt *s, LedgerLifetime *ret);

/* ---- ledger-fleet.c ---- */

/* What stands for a statement in a reader's ledger of several hosts, where a workload's id means
 * all that have its name; NULL: the same. */
const char *ledger_fleet_sql(LedgerSql which) _const_;

/* ---- ledger-host.c ---- */

/* Finds the host's row anew by what ledger_know_machine() said, if it did. */
int ledger_note_machine(Ledger *l);

/* ---- ledger-migrate.c ---- */

/* From @schema to the one of now; all or nothing. -EBADMSG for a schema that never was. */
int ledger_migrate(Ledger *l, int64_t schema);

/* ---- ledger-aside.c ---- */

/* Renames the damaged ledger with what belongs to it; the new name's end in @suffix. */
#define LEDGER_ASIDE_SUFFIX_SIZE 48
int ledger_set_aside(const char *path, usec_t now, char suffix[static LEDGER_ASIDE_SUFFIX_SIZE]);

/* Is a file that SQLite cannot read a ledger that was damaged, or a stranger's, given by mistake? A
 * ledger begins as every SQLite database, and even without its first page it has its log beside it.
 * Closes a descriptor of it, so this process has nothing more to do with the file. */
bool ledger_was_one(const char *path);

/* Of a file: it has a few bytes, which SQLite takes for none, and would write over. */
struct stat;
bool ledger_is_too_short(const struct stat *st);
