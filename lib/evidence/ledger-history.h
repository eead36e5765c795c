/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The ledger's times: what was lost when, when the daemon watched, which containers and units ran
 * from when to when, and what each hour brought. From these come the windows (window.h). Written
 * within a transaction, bounded; what is evicted is counted in the ledger's meta values
 * "dropped_runs", "dropped_lifetimes", "dropped_hours" and "joined_losses".
 */
#include "evidence/ledger.h"

/* ---- loss ---- */

#define LEDGER_COUNT_UNKNOWN UINT64_MAX

/* Kinds, each with who states it: see daemon/loss.h. */
typedef struct LedgerLoss {
	const char *kind;
	int64_t workload; /* 0 = all of this host */
	usec_t from, to;
	uint64_t count; /* LEDGER_COUNT_UNKNOWN; 0 = known to be none */
	int64_t host;   /* read only: its row */
	const char *on; /* what that is called, where there are several; never the ledger's */
} LedgerLoss;

/* One that overlaps or adjoins another of its kind and workload is joined with it, one of unknown
 * size only with its like. Of too many the newest of the kind is widened: never less than was lost
 * is stated. */
int ledger_add_loss(Ledger *l, const LedgerLoss *loss);

/* The size of the newest host-wide loss of a kind that has none became known. */
int ledger_size_loss(Ledger *l, const char *kind, uint64_t count);

/* By time. */
int ledger_each_loss(Ledger *l, int (*f)(const LedgerLoss *row, void *userdata), void *userdata);

/* ---- runs of the daemon ---- */

typedef struct LedgerRun {
	const char *boot; /* its id */
	usec_t from, to;
	int64_t host; /* its row */
} LedgerRun;

int ledger_begin_run(Ledger *l, const char *boot, usec_t now, int64_t *ret);
int ledger_extend_run(Ledger *l, int64_t run, usec_t now);
int ledger_each_run(Ledger *l, int (*f)(const LedgerRun *row, void *userdata), void *userdata);

/* ---- lifetimes ---- */

typedef enum LifetimeExit {
	LIFETIME_EXIT_UNKNOWN,
	LIFETIME_EXIT_GRACEFUL, /* by itself, or when it was asked to */
	LIFETIME_EXIT_KILLED,
	LIFETIME_EXIT_FAILED,
	_LIFETIME_EXIT_MAX,
} LifetimeExit;

const char *lifetime_exit_name(LifetimeExit e) _const_;

/* One run of a container or unit. Texts that are not known are "". */
typedef struct LedgerLifetime {
	int64_t id, workload;
	const char *profile_hash;
	SubjectKind kind;
	const char *runtime, *name;
	const char *incarnation; /* tells it from the next run of the same container */
	const char *image_digest, *runtime_version, *libseccomp;
	const char *kernel, *machine; /* release and architecture of the host */
	const char *capabilities; /* the bounding set as 16 hex digits, " nnp" with no_new_privs */
	usec_t from, to;          /* .to is 0 while it runs */
	bool start_seen, stop_seen; /* watched, not merely found or missed */
	LifetimeExit exit;
	const char *host; /* read only, as the next two */
	uint64_t joins;   /* programs that were brought in later: exec, probes */
	usec_t joined;    /* the last of them; 0 = none */
	int64_t host_id;  /* its row */
} LedgerLifetime;

/* .id, .to, .stop_seen and .exit are not looked at; *ret is its row id. */
int ledger_begin_lifetime(Ledger *l, const LedgerLifetime *f, int64_t *ret);
int ledger_end_lifetime(Ledger *l, int64_t id, usec_t to, bool seen, LifetimeExit how);

/* Another program was brought into @lifetime. */
int ledger_note_join(Ledger *l, int64_t lifetime, usec_t now);
/* The profile of one that was begun without; another is left as it is. */
int ledger_fill_lifetime(Ledger *l, int64_t id, const char *profile_hash);

/* Notes that @sighting was made in @lifetime, by a subject that made it between @first and @last (0
 * = not known), be it in this lifetime or in one before. Times are kept of the first lifetimes. */
int ledger_note_lifetime(Ledger *l, int64_t sighting, int64_t lifetime, usec_t first, usec_t last);

/* When a sighting was first made in a lifetime, as far as that is known. */
typedef struct LedgerMaking {
	int64_t lifetime;
	usec_t first; /* 0 = not known */
} LedgerMaking;

#define LEDGER_MAKINGS_MAX 16

/* At most LEDGER_MAKINGS_MAX, by .lifetime. */
int ledger_each_making(Ledger *l, int64_t sighting,
		       int (*f)(const LedgerMaking *row, void *userdata), void *userdata);

/* By start. */
int ledger_each_lifetime(Ledger *l, int64_t workload,
			 int (*f)(const LedgerLifetime *row, void *userdata), void *userdata);
/* Those of this host that no end was written of. A writer's. */
int ledger_each_open_lifetime(Ledger *l, int (*f)(const LedgerLifetime *row, void *userdata),
			      void *userdata);

/* ---- hours ---- */

typedef struct LedgerHour {
	usec_t from;                 /* a whole hour since the epoch */
	uint64_t records, sightings; /* new ones */
	usec_t observed, complete;
} LedgerHour;

/* Adds to the hour that .from lies in. */
int ledger_add_hour(Ledger *l, int64_t workload, const LedgerHour *hour);
/* From the hour on that @since lies in, in order. */
int ledger_each_hour(Ledger *l, int64_t workload, usec_t since,
		     int (*f)(const LedgerHour *row, void *userdata), void *userdata);
