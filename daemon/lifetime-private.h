/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The table of lifetimes, and what each kind of them does with its rows. For daemon/lifetime*.c
 * only.
 */
#include "daemon/host-facts.h"
#include "daemon/lifetime.h"

#define LIFETIME_BUCKETS 1024 /* a power of two */

/* Within it a runtime has set a container up, and systemd a unit. */
#define LIFETIME_START_TIME (2 * USEC_PER_SEC)

typedef struct LifetimeEntry {
	struct LifetimeEntry *next;
	SubjectKind kind;         /* container or unit */
	SubjectKey key;           /* of a container: with which its state was cached */
	char id[SUBJECT_KEY_MAX]; /* its id; the name of a unit */
	char *path;
	char incarnation[40]; /* systemd's invocation; else "PID:START" of the first process */
	int32_t pid;
	uint64_t pid_start; /* ticks since boot */
	usec_t from, to;    /* .to is 0 while it runs */
	bool seen;
	bool dead; /* nothing to write, ever */
	bool end_written, writing_end;
	int64_t row, writing_row, workload; /* 0 = not in the ledger yet */

	/* of units only */
	bool marked;     /* found by the present scan */
	bool has_filter; /* known to the ledger's row */
	bool writing_filter;
	bool pid_lost;   /* what was taken for the first process ended before others of it */
	usec_t next_ask; /* of systemd; UINT64_MAX = never again */
} LifetimeEntry;

/* What an older daemon left open. */
typedef struct LifetimeOld {
	int64_t row, workload;
	SubjectKind kind;
	char *name, *incarnation;
} LifetimeOld;

struct Lifetimes {
	LifetimesSetup setup;
	HostFacts host;
	LifetimeEntry *buckets[LIFETIME_BUCKETS];
	LifetimeOld *olds;
	size_t n_olds, allocated_olds;
	bool settled;
	bool olds_closed, writing_olds_closed;
	usec_t rolled, writing_rolled; /* hours are written up to here */
	unsigned asks;                 /* of systemd, still allowed in this pass */
	LifetimesStats stats;
	size_t n, n_units;
};

/* A new entry in the table, NULL when there is no room. */
LifetimeEntry *lifetime_add(Lifetimes *t, SubjectKind kind, const char *id, Span path, usec_t from,
			    bool seen);

/* The one that runs there. */
LifetimeEntry *lifetime_find_path(const Lifetimes *t, Span path);

/* The newest of this kind and name. */
LifetimeEntry *lifetime_find_name(const Lifetimes *t, SubjectKind kind, const char *name);

/* Goes on with the row that an older daemon left open of the same run, if there is one. */
void lifetime_adopt(Lifetimes *t, LifetimeEntry *e);

void lifetime_end(Lifetimes *t, LifetimeEntry *e, usec_t now);

/* Begins the ledger's row; .from, .seen and names are the entry's, the rest @f's and the host's. */
int lifetime_open(Lifetimes *t, LifetimeEntry *e, LedgerLifetime *f);

/* How its first process ended: 0, or -EAGAIN when that may still be told. */
int lifetime_read_exit(const Lifetimes *t, const LifetimeEntry *e, usec_t now, LifetimeExit *ret);
int lifetime_close(Lifetimes *t, LifetimeEntry *e, LifetimeExit how);

/* As ledger-history.h has it; @size of 24 is enough. */
void lifetime_name_capabilities(uint64_t set, bool no_new_privs, char *buf, size_t size);

/* One entry in a pass, and whether that would have anything to write. */
int lifetime_write_unit(Lifetimes *t, LifetimeEntry *e, usec_t now);
bool lifetime_unit_is_due(const Lifetimes *t, const LifetimeEntry *e, usec_t now);

/* What ran since the last pass, in hours; @clean as in lifetimes_write(). */
int lifetime_write_hours(Lifetimes *t, usec_t now, bool clean);
