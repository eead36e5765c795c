/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The ledger: SQLite, WAL, one writer, any number of readers without IPC. Schema and limits:
 * ledger-schema.h beside this file; version in include/seccompd/ledger-schema.h.
 * Texts are stored raw (as the runtime or the process gave them); who prints, escapes.
 */
#include "audit/action.h"
#include "util/clock.h"
#include "util/error.h"
#include "who/workload.h"

typedef struct Ledger Ledger;

typedef struct LedgerLimits {
	uint32_t workloads;              /* 0 = default 4096; a quarter for "host:" ones */
	uint32_t sightings_per_workload; /* 0 = default 4096 */
} LedgerLimits;

#define LEDGER_EXAMPLES_MAX 8

/*
 * Errors of all functions below: -ENOSPC only for a limit of the ledger's own, -EDQUOT when the
 * disk is full, -EBADMSG when the file is damaged and -ESTALE (a writer's ledger_begin()) when its
 * path, or its log's or index's, leads to it no more (for both: ledger_reopen()), -EBUSY, -EIO,
 * -ENOMEM ... After an error other than -ENOSPC within a transaction: ledger_rollback().
 */

/*
 * Opens for writing; makes the file (0640) and the schema when needed, migrates an older one.
 * A corrupt file is set aside as PATH.corrupt-TIME and a new one started (LEDGER_SET_ASIDE, the
 * sentence in @d says so; the loss "set-aside" is entered already). -EPROTONOSUPPORT for a newer
 * schema, -EBUSY when another daemon writes, -EAGAIN when somebody's transaction holds the file,
 * -EMEDIUMTYPE for a file that is something else.
 */
enum { LEDGER_SET_ASIDE = 1 };
int ledger_open_writer(const char *path, const char *host, usec_t now, const LedgerLimits *limits,
		       Ledger **ret, Diag *d);

/* A writer's ledger with nothing open yet, for ledger_reopen(). */
int ledger_new(Ledger **ret);
bool ledger_is_open(const Ledger *l) _pure_;

/*
 * A writer's ledger anew, in place: closes what is open and opens what @path leads to now, with the
 * results of ledger_open_writer(). Of one that lost only its log or index nothing is lost by that.
 * With @distrust the file is set aside also when a check finds no damage. Row ids of before are of
 * no use behind this. On failure nothing is open: all functions say -ESTALE until a call succeeds.
 */
int ledger_reopen(Ledger *l, const char *path, const char *host, usec_t now, bool distrust,
		  Diag *d);

/* Opens for reading, while the daemon runs, after it stopped, and after a crash. Every failure has
 * its sentence with the remedy in @d (-ENOENT, -EACCES, -EBADMSG, -EPROTONOSUPPORT for a newer
 * schema and -ESTALE for an older one, which only a writer can migrate). Makes no file. Not for a
 * process that opens the same ledger for writing later: SQLite lets them share the index, which the
 * reader holds read-only. */
int ledger_open_reader(const char *path, Ledger **ret, Diag *d);

/* Does a reader see nothing of what a writer writes from now on? It was opened while none ran, with
 * nothing in the log: who goes on reading opens it anew when there is one. */
bool ledger_is_frozen(const Ledger *l) _pure_;

/* Does the file begin as every SQLite database, so that it may be a ledger, this one or another?
 * Closes a descriptor of it, and with it drops the locks that this process has on the file. */
bool ledger_is_database(const char *path);

/* Closes; a writer checkpoints and leaves -wal and -shm behind, so that a reader without write
 * permission in the folder can still open it. */
Ledger *ledger_free(Ledger *l);
DEFINE_CLEANUP(Ledger, ledger_free);

/* What went wrong last, for a log line. */
const char *ledger_error(const Ledger *l);

/*
 * A reader may use begin and rollback as well: what it reads in between, folded totals included, is
 * of one moment.
 *
 * ---- writing: all of it between begin and commit ----
 */

int ledger_begin(Ledger *l);
int ledger_commit(Ledger *l);
void ledger_rollback(Ledger *l);

typedef struct LedgerWorkload {
	const char *name;
	const char *runtime;        /* or "" */
	const char *container_name; /* of the newest instance, or "" */
	const char *image;          /* or "" */
	const char *stage, *visibility;
	const char *profile_hash;   /* or "" */
	const char *profile_json;   /* the applied filter, or NULL; stored once per hash */
	const char *profile_source; /* path as asked for, or NULL */
	const char *dialect;        /* "docker", "podman", "oci" or "" */
	usec_t now;
	bool heuristic; /* this instance is here by the form of its name; once said, it stays */
	bool idle;      /* it made no call: half of the room is for those that did */
} LedgerWorkload;

/* Inserts or refreshes; *ret is its row id. An empty runtime, container_name or image leaves what
 * an earlier call said. -ENOSPC when the limit of workloads is reached; such calls are counted in
 * the meta value "dropped_workloads". */
int ledger_put_workload(Ledger *l, const LedgerWorkload *w, int64_t *ret);

/* Ties a subject (runtime, id or unit) to its workload; *ret is its row id. */
int ledger_put_subject(Ledger *l, int64_t workload, const SubjectKey *key, const char *cgroup,
		       bool confirmed, usec_t now, int64_t *ret);

typedef struct LedgerCall {
	int64_t workload, subject;
	const char *profile_hash;
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	Means means;
	bool own_filter; /* as TallyCall's; no part of a sighting's key */
	uint64_t count;  /* to add */
	usec_t first, last;
	uint32_t serial; /* of the first record, kept when this makes the row */
} LedgerCall;

/* Adds to a sighting. Returns 0, LEDGER_NEW when it made the row; *ret is its id. When the workload
 * is at its limit, the subject that introduced most of it gives way to the others; what it made
 * goes, and without any such the call itself, with -ENOSPC. Either is counted in the workload's
 * dropped counter. */
enum { LEDGER_NEW = 1 };
int ledger_add(Ledger *l, const LedgerCall *call, int64_t *ret);

/* Records that the last ledger_add() dropped, its own or those that gave way. */
uint64_t ledger_dropped(const Ledger *l);

typedef struct LedgerExample {
	const char *comm, *exe; /* decoded bytes; exe may be NULL */
	uint64_t ip;
	int32_t pid;
	usec_t time;
} LedgerExample;

/* Keeps the first LEDGER_EXAMPLES_MAX distinct (comm, exe) of a sighting. */
int ledger_add_example(Ledger *l, int64_t sighting, const LedgerExample *e);

/* How much of a tally slot is in the ledger; 0 when it is not known. */
int ledger_get_folded(Ledger *l, const char *tally_id, uint32_t slot, uint32_t generation,
		      uint64_t *ret);
int ledger_set_folded(Ledger *l, const char *tally_id, uint32_t slot, uint32_t generation,
		      uint64_t total);

/* Forgets the folded totals of every other tally; when the tally file of now was opened. */
int ledger_forget_tallies(Ledger *l, const char *keep_id);

int ledger_set_meta(Ledger *l, const char *key, const char *value);
/* "" when absent; cut to @size. */
int ledger_get_meta(Ledger *l, const char *key, char *buf, size_t size);

/* ---- reading ---- */

typedef struct LedgerWorkloadRow {
	int64_t id;
	const char *name, *runtime, *container_name, *image, *stage, *visibility;
	const char *profile_hash, *profile_source, *dialect, *host;
	uint64_t sightings, records, dropped;
	usec_t first, last;
	bool heuristic;  /* some instance was joined by a guess */
	bool asserted;   /* some of it a person took from a log: */
	bool imported;   /* one that strace wrote */
	uint32_t hosts;  /* that have it */
	uint32_t others; /* of them run it under another filter than .profile_hash now */
} LedgerWorkloadRow;

typedef struct LedgerSightingRow {
	int64_t id;
	const char *profile_hash;
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	Means means;
	uint64_t count;
	uint64_t own_filter; /* of them by processes that had loaded a filter of their own */
	usec_t first, last;
	uint32_t subjects;  /* distinct subjects that made it */
	uint32_t lifetimes; /* that made it, see ledger_note_lifetime(): 0 to 3, which is "more" */
	uint32_t serial;    /* of the first record; 0 = not known */
	uint32_t hosts;     /* that it was made on */
} LedgerSightingRow;

typedef struct LedgerSubjectRow {
	SubjectKind kind;
	Cause cause;
	const char *runtime, *name, *cgroup;
	bool confirmed;
	usec_t first, last;
} LedgerSubjectRow;

typedef struct LedgerExampleRow {
	Span comm, exe; /* exe.p NULL when none */
	uint64_t ip;
	int32_t pid;
	usec_t time;
} LedgerExampleRow;

/* The rows are valid during the call; a callback that returns non-zero ends the walk and is
 * returned. Order: workloads by name, sightings by arch and number, subjects newest first, the rest
 * by time. A walk may hold walks of other kinds, not of its own (-EBUSY). A row that cannot be is
 * -EBADMSG. */
int ledger_each_workload(Ledger *l, int (*f)(const LedgerWorkloadRow *row, void *userdata),
			 void *userdata);
/* The one with this id, if there is one. */
int ledger_get_workload(Ledger *l, int64_t id,
			int (*f)(const LedgerWorkloadRow *row, void *userdata), void *userdata);
int ledger_each_sighting(Ledger *l, int64_t workload,
			 int (*f)(const LedgerSightingRow *row, void *userdata), void *userdata);
int ledger_each_subject(Ledger *l, int64_t workload,
			int (*f)(const LedgerSubjectRow *row, void *userdata), void *userdata);
/* Why a sighting of @workload is tied to nobody: a bit of each Cause. */
int ledger_get_causes(Ledger *l, int64_t workload, int64_t sighting, uint32_t *ret);
int ledger_each_example(Ledger *l, int64_t sighting,
			int (*f)(const LedgerExampleRow *row, void *userdata), void *userdata);

/* What the ledger holds of one tally, slot by slot; nothing when it does not know the tally. */
int ledger_each_folded(Ledger *l, const char *tally_id,
		       int (*f)(uint32_t slot, uint32_t generation, uint64_t total, void *userdata),
		       void *userdata);

/* The applied filter's JSON by its hash; the caller frees. -ENOENT. */
int ledger_get_profile(Ledger *l, const char *hash, char **ret_json);
