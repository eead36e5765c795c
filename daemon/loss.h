/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Turns what the stream's counters say into intervals of the ledger: what was lost, between when
 * and when, of which cause. Also keeps the stretch in which this daemon ran.
 *
 * Counters grow at some moment between two samples, and what they tell of may have begun earlier:
 * an interval reaches back to the last moment at which everything was known to be there.
 */
#include "evidence/ledger-history.h"
#include "evidence/tally.h"

/* Those that are counted; the rest are stretches. In the order of the meta value "loss_reported".
 */
typedef enum LossCounter {
	LOSS_ENOBUFS,
	LOSS_SERIAL_GAP,
	LOSS_REJECTED,
	LOSS_TALLY_FULL,
	LOSS_UNATTRIBUTED,
	LOSS_LINEAGE,
	LOSS_KERNEL,
	LOSS_UNREADABLE, /* containers whose state could not be read: anybody's calls may be theirs
			  */
	_LOSS_COUNTER_MAX,
} LossCounter;

/* States that are a loss as long as they last. */
typedef enum LossState {
	LOSS_NO_LINEAGE,   /* the history of processes was asked for and is not to be had */
	LOSS_UNOBSERVABLE, /* nobody tells what the kernel drops */
	LOSS_NOT_LOGGED,   /* the administrator keeps some actions from being recorded */
	_LOSS_STATE_MAX,
} LossState;

typedef struct LossSetup {
	Ledger *ledger; /* borrowed, as the next */
	Tally *tally;
	const char *boot; /* this boot's id, or "" */
	bool same_boot;   /* as the run before this one: serials go on */
	bool live;        /* records are made now */
	bool note_stop;   /* what came while no daemon ran was not queued for us */
	bool fills;       /* but may be filled in, so that none of it is missing */
} LossSetup;

typedef struct Loss {
	LossSetup setup;
	bool unread;                          /* the ledger was not open yet */
	uint64_t seen[_LOSS_COUNTER_MAX];     /* at the last sample */
	uint64_t reported[_LOSS_COUNTER_MAX]; /* committed */
	uint64_t kernel;                      /* serials that the kernel says it never sent */
	bool kernel_uncounted;                /* and some more, nobody knows how many */
	uint64_t kernel_total;                /* its own count; UINT64_MAX = not known */
	uint64_t over_limit, assigned;        /* in this transaction */
	uint64_t deferred;    /* overflow that is somebody's, nobody knows yet whose */
	usec_t deferred_from; /* when that began; 0 = there was none */
	bool states[_LOSS_STATE_MAX], reported_states[_LOSS_STATE_MAX];
	usec_t since;     /* the counters have grown behind this moment, if they have */
	usec_t committed; /* the ledger knows everything up to here */
	usec_t sampled;   /* when .seen was taken */

	/* where a gap of serials may have begun */
	uint32_t serial;
	bool has_serial, settled; /* settled: the gaps before .serial are all counted */
	usec_t moved;             /* when a serial last arrived */
	usec_t burst_from;        /* when one did before the present burst */

	/* a loss whose size the next serials tell */
	const char *pending; /* its kind; NULL = none */
	uint32_t pending_serial, committed_serial;
	uint64_t pending_count;
	bool resolved; /* as of the last sample */

	usec_t stopped_from; /* a stretch without a daemon that is to be written; 0 = none */
	bool writing_stop;
	bool filling;  /* what was made before the start is still being taken in, as of the last
			  sample */
	uint64_t gone; /* records that were counted, and went with the tally */
	usec_t started;
	bool clock_was_set;       /* since the last sample */
	int64_t run, writing_run; /* its row, 0 = none yet */
} Loss;

int loss_init(Loss *l, const LossSetup *setup, usec_t now);

/* The ledger was opened anew, and may be another one, or lack the newest (or it was not open
 * before): it will be told what it does not know. @same_boot: it is of this boot. *@ret: until when
 * it was written; 0 = it is new. */
int loss_renewed(Loss *l, bool same_boot, usec_t *ret);

/* Looks at the counters; at the start of each pass. */
void loss_sample(Loss *l, usec_t now);

/* Is there something that the ledger does not know yet? As of the last sample. */
bool loss_is_due(const Loss *l);

/* Did records find the tally full since the last commit? */
bool loss_has_overflow(const Loss *l);

/* Was nothing lost to all since the last commit, and is nothing being lost? What one workload lost
 * by its own doing is told before that is asked. */
bool loss_is_clean(const Loss *l);

/* Records that were counted before the start, and went with the tally that held them. */
void loss_note_gone(Loss *l, uint64_t count);

/* Calls that the ledger refused because it holds no more workloads. */
void loss_note_workload_limit(Loss *l, uint64_t count);

/* Of the records that found the tally full, @count are a workload's own, and none of anybody
 * else's. Within the transaction, before loss_write(). */
int loss_write_overflow(Loss *l, int64_t workload, uint64_t count);

/* Likewise, but whose they are is not known yet: they wait for a later transaction. */
void loss_defer_overflow(Loss *l, uint64_t count);

/* A workload has reached its limit of different sightings. Likewise. */
int loss_write_sighting_limit(Loss *l, int64_t workload, uint64_t count);

/* What the kernel's own count of dropped records did; LEDGER_COUNT_UNKNOWN = it dropped some. */
void loss_note_kernel(Loss *l, uint64_t count);

/* The kernel's count as of now (UINT64_MAX = not known), and as the run before us left it in this
 * boot: false when it did not. */
void loss_note_kernel_total(Loss *l, uint64_t total);
bool loss_kernel_total(const Loss *l, uint64_t *ret);

void loss_set_state(Loss *l, LossState which, bool is);

/* The wall clock was set. What lies between its two readings is no time that was watched: with the
 * next sample another run begins. */
void loss_note_clock_set(Loss *l);

/* Writes what is due, within a transaction; then one of the two tells how that ended. */
int loss_write(Loss *l);
void loss_committed(Loss *l);
void loss_rolled_back(Loss *l);
