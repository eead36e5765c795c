/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The lifetimes of containers and units, from their cgroups, the runtimes' state and systemd to the
 * ledger: whether the start was watched, how it ended, and on what it ran. All of it under the lock
 * of watch-lock.h, which is let go while systemd is asked: what comes then is behind that pass.
 * Those that a daemon before us saw begin go on when they are still there.
 *
 * Of units only those get a row that have a filter (systemd says so), or make a call.
 */
#include "daemon/exit-ring.h"
#include "daemon/resolve.h"
#include "evidence/ledger-history.h"

#define LIFETIMES_MAX 8192
#define LIFETIMES_UNITS_MAX 2048 /* of these */

typedef struct Lifetimes Lifetimes;

typedef struct LifetimesSetup {
	Ledger *ledger; /* borrowed, as the next three */
	const Resolver *resolver;
	const ContainerCache *cache;
	UnitBus *units;                  /* borrowed; NULL: systemd is not asked */
	const ExitRing *exits;           /* NULL: nobody tells how processes end */
	int root_fd, proc_fd, cgroup_fd; /* "/", /proc and /sys/fs/cgroup; borrowed */
	bool same_boot;                  /* as the daemon before us */
	usec_t last_alive; /* when that was there for the last time; 0 = there was none */
} LifetimesSetup;

int lifetimes_new(const LifetimesSetup *setup, Lifetimes **ret);
Lifetimes *lifetimes_free(Lifetimes *t);
DEFINE_CLEANUP(Lifetimes, lifetimes_free);

/* A container whose state is in the cache now, under @key and @path. @from is when we
 * first saw its cgroup, @seen that we saw it being made. */
void lifetimes_begin(Lifetimes *t, const SubjectKey *key, Span path, const Container *c,
		     usec_t from, bool seen);

/* The cgroup of a system's unit was made, or is there. */
void lifetimes_begin_unit(Lifetimes *t, const char *unit, Span path, usec_t from, bool seen);

/* A scan tells everything that is there once more; lifetimes_end_others() ends it. */
void lifetimes_scan_begins(Lifetimes *t);

/* The cgroup of either is gone. */
void lifetimes_end(Lifetimes *t, Span path, usec_t now);

/* Ends the containers for which @runs says no, and the units that the scan did not tell of. */
void lifetimes_end_others(Lifetimes *t,
			  bool (*runs)(const SubjectKey *key, Span path, void *userdata),
			  void *userdata, usec_t now);

/* Those that were there when we came are all known: what an older daemon saw begin and nobody finds
 * any more has ended meanwhile. */
void lifetimes_settle(Lifetimes *t);

/* The ledger was opened anew, and may be another one: all that runs gets its row there, or goes on
 * with the one that it has. @same_boot: it is of this boot, and was written until @last_alive. */
int lifetimes_renewed(Lifetimes *t, bool same_boot, usec_t last_alive);

/* The wall clock was set: from its last reading to the next no time is known to have passed. */
void lifetimes_note_clock_set(Lifetimes *t);

/* Is there something to write? */
bool lifetimes_are_due(const Lifetimes *t, usec_t now);

/* Within a transaction; @clean says that nothing was lost since the last one. Then one of the two
 * tells how that ended. */
int lifetimes_write(Lifetimes *t, usec_t now, bool clean);
void lifetimes_committed(Lifetimes *t);
void lifetimes_rolled_back(Lifetimes *t);

/* The ledger's row of the newest lifetime of this container; 0 = none; -EAGAIN = that comes with
 * the next lifetimes_write(). */
int64_t lifetimes_row(const Lifetimes *t, const SubjectKey *key);
/* Likewise, of that with this join_ring_hash(). */
int64_t lifetimes_row_by_hash(const Lifetimes *t, uint64_t hash);

/* The row of the newest lifetime of this unit, of which a call was counted for @who: begun when
 * there is none yet. 0 in *ret when the unit is not followed. Within the transaction. */
int lifetimes_put_unit(Lifetimes *t, const char *unit, const Resolved *who, usec_t now,
		       int64_t *ret);

typedef struct LifetimesStats {
	uint64_t running;
	uint64_t dropped; /* found no room */
} LifetimesStats;

LifetimesStats lifetimes_stats(const Lifetimes *t);
