/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Live counters: a bounded table in a MAP_SHARED file. The daemon's reader counts into it without
 * ever waiting; the writer folds it into the ledger; the client reads it. It survives the daemon
 * (not a reboot, it lives below /run).
 *
 * One process counts, from one thread. It holds a lock on the open file description (F_OFD_SETLK):
 * a held lock means "the daemon runs"; a reader asks for it without taking it. Any number of
 * readers map the file read-only, and a second thread of the daemon copies and marks as folded.
 *
 * Each subject and each slot holds a generation: even while valid, odd while it is being changed or
 * free, 0 when it was never used. All that other threads see is written and read atomically.
 * Totals only grow while the generation stays. The ledger remembers per (tally id, slot,
 * generation) how much it has folded, in the same transaction that adds the delta, so nothing is
 * counted twice, whatever is killed when.
 */
#include "audit/action.h"
#include "evidence/serial.h"
#include "util/clock.h"
#include "util/error.h"
#include "who/subject.h"

#define TALLY_SUBJECTS 4096
#define TALLY_SLOTS 131072
#define TALLY_SLOTS_PER_SUBJECT 2048
#define TALLY_HOST_SUBJECTS_MAX 1024
#define TALLY_CGROUP_MAX 512

typedef struct TallySubject {
	uint32_t generation;
	uint32_t n_slots;
	SubjectKey key;
	char cgroup[TALLY_CGROUP_MAX]; /* path that named it; "" when longer */
	usec_t first, last;
	uint64_t overflow; /* its share of totals.overflow */
	uint32_t check;    /* hash of what does not change within a generation */
	uint32_t reserved;
} TallySubject;

typedef struct TallySlot {
	uint32_t generation;
	uint32_t subject, subject_generation;
	uint32_t arch; /* arch_of_call() */
	int64_t nr;
	uint8_t action, origin;
	uint8_t means;      /* of the first record */
	uint8_t own_filter; /* 0 or 1, as TallyCall's */
	uint32_t check;     /* hash of what does not change within a generation */
	uint64_t total;
	uint64_t folded;    /* what the writer has committed for this generation */
	usec_t first, last; /* least and greatest of the records' times; 0 = none had one */
	uint32_t first_serial, last_serial;
} TallySlot;

/* The history of processes, as of the running daemon. */
typedef enum TallyLineageState {
	TALLY_LINEAGE_OFF,
	TALLY_LINEAGE_ON,
	TALLY_LINEAGE_UNAVAILABLE, /* .reason says why */
	_TALLY_LINEAGE_STATE_MAX,
} TallyLineageState;

typedef struct TallyLineage {
	uint64_t state;
	uint64_t living, dead, places; /* what is kept now: processes, and where they are or were */
	uint64_t dropped;              /* processes that found no room, or not for long enough */
	uint64_t lost;                 /* times that the kernel's events did not fit */
	uint64_t untold;               /* processes whose fork or end the kernel did not tell */
	uint64_t hits, misses;         /* questions for who had a pid */
	char reason[128];
} TallyLineage;

/* seccompd-open, which opens for a daemon without capabilities. */
typedef enum TallyOpenerState {
	TALLY_OPENER_UNNEEDED, /* the daemon may open all of it itself */
	TALLY_OPENER_ON,
	TALLY_OPENER_UNAVAILABLE,
	_TALLY_OPENER_STATE_MAX,
} TallyOpenerState;

typedef struct TallyOpener {
	uint64_t state;
	uint64_t asked;   /* by the running daemon */
	uint64_t refused; /* of all that was asked of the running seccompd-open, by whomever */
} TallyOpener;

/* What is kept of containers beyond their runtimes' state, as of the running daemon; stored by its
 * writing thread. */
typedef struct TallyContainers {
	uint64_t running, ended, filters, bytes; /* kept now; a filter that many have is one */
	uint64_t evicted;                        /* ended ones, dropped before their time */
	uint64_t refused;                        /* running ones that found no room */
	uint64_t appeared;                       /* cgroups, since the start */
	uint64_t unknown;                        /* of them, those that no state named */
	uint64_t dropped;                        /* and those not looked up: too many at once */
	uint64_t watches;                        /* directories that are followed now */
	uint64_t unwatched;                      /* directories that found no watch */
	uint64_t overflows; /* times that the kernel's events about them did not fit */
	uint64_t untimed;   /* containers and units whose times found no room */
} TallyContainers;

/* What the running daemon cannot do at present; stored by its writing thread. */
typedef enum TallyFaultKind {
	TALLY_FAULT_LEDGER,  /* it cannot be written: counts stay here */
	TALLY_FAULT_CONFIG,  /* it was to be read again and is wrong: the old one holds */
	TALLY_FAULT_RESTART, /* it was read again, and some of it waits for a restart */
	TALLY_FAULT_JOURNAL,
	TALLY_FAULT_METRICS,
	_TALLY_FAULT_MAX,
	_TALLY_FAULT_ROOM = 8,
} TallyFaultKind;

typedef struct TallyFault {
	usec_t since; /* 0 = it works */
	char reason[160];
} TallyFault;

typedef enum TallyFilling {
	TALLY_FILLED,
	TALLY_FILLING,
	TALLY_FILLING_WHOLE, /* by serials that followed each other up to now */
} TallyFilling;

/* Counters of the stream itself. Monotonic since the tally was made, except where noted. The tally
 * keeps overflow and evicted; the rest is its user's, who counts a record here before
 * tally_count(), so that a crash in between never shows more counts than records. */
typedef struct TallyTotals {
	uint64_t records, skipped, rejected, other_sender;
	uint64_t enobufs;     /* episodes */
	uint64_t serial_gaps; /* serials that never arrived */
	uint64_t overflow;    /* records not counted in a slot: a bound was reached */
	uint64_t examples_dropped;
	uint64_t evicted;
	uint64_t by_means[_MEANS_LIVE_MAX], by_cause[_CAUSE_MAX];
	uint32_t last_serial;
	uint32_t has_serial;
	usec_t since;       /* when the running daemon started */
	usec_t last_record; /* stamp of the newest record */
	char source[64];    /* "netlink", "file:..." */
	TallyLineage lineage;
	TallyContainers containers;
	TallyFault faults[_TALLY_FAULT_ROOM];
	TallyOpener opener;
	char boot[40]; /* the id of that in which records were last read */
	/* Of entries that a source keeps for us: how many were taken, and what tells, when a daemon
	 * is killed in the midst of one, whether it was counted. */
	uint64_t begun, consumed, counted_before;
	uint64_t filling;    /* TallyFilling: what was made before the start is being taken in */
	usec_t filled_until; /* time of the last of an earlier boot; 0 = there was none */
	/* The same of those that a back-fill takes: 1 + the serial of the one it is at, or 0. */
	uint64_t fill_begun, fill_counted_before;
	uint64_t state_unreadable; /* by the running daemon: a container's */
	uint64_t lineage_bytes;    /* that the history takes in memory now */
	SerialMark serials;        /* what the next daemon goes on from, behind one that is killed */
} TallyTotals;

typedef struct Tally Tally;

/* Takes the file @fd (read-write, empty or a tally of this version) over: locks, maps, and rebuilds
 * the index. -EBUSY when another daemon holds it, -EPROTONOSUPPORT for another version, -EBADMSG
 * for what is no tally, -ENOSPC when the disk is full; @seed for hashing. A damaged entry is
 * dropped, not trusted (tally_n_damaged()). The caller keeps @fd open as long as the tally lives.
 */
int tally_open(int fd, uint64_t seed, Tally **ret);
Tally *tally_free(Tally *t);
DEFINE_CLEANUP(Tally, tally_free);

/* Entries that tally_open() dropped because they were damaged. */
uint32_t tally_n_damaged(const Tally *t);

/* Read-only map of @fd, which the client opened itself. *ret_running says whether a daemon holds
 * the lock. -ENODATA when there is nothing in the file yet, otherwise the errors of tally_open().
 */
int tally_view(int fd, Tally **ret, bool *ret_running);

/* A random id of this file (32 hex digits), made when the file was. */
const char *tally_id(const Tally *t);

/* The counting thread's own; store with tally_store() so that others may read meanwhile. */
TallyTotals *tally_totals(Tally *t);
/* For a view: a copy as of this call, its text terminated; valid until the next call. */
const TallyTotals *tally_totals_view(const Tally *t);

static inline void tally_store(uint64_t *counter, uint64_t value)
{
	__atomic_store_n(counter, value, __ATOMIC_RELAXED);
}

/* One more pass in which that fault is there (@reason), or is not (NULL). */
void tally_set_fault(Tally *t, TallyFaultKind kind, const char *reason, usec_t now);
const char *tally_fault_name(TallyFaultKind kind);

static inline void tally_add(uint64_t *counter, uint64_t n)
{
	tally_store(counter, *counter + n);
}

/* The subject's index, made when new; good until the next call of tally_subject(), which may evict.
 * @cgroup may be empty. When the table is full, folded and idle entries are evicted (counted);
 * -ENOSPC when none is. Host subjects have a bound of their own. Unattributed subjects always find
 * room. */
int tally_subject(Tally *t, const SubjectKey *key, Span cgroup, usec_t now, uint32_t *ret);

typedef struct TallyCall {
	uint32_t subject;
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	bool own_filter; /* its process had loaded a filter besides its container's */
	Means means;
	usec_t time; /* the record's */
	uint32_t serial;
} TallyCall;

/* Counts one call. Returns 0, TALLY_NEW when this made a slot (its index in *ret_slot in both
 * cases), -ENOSPC when it went to the overflow counters instead, -EINVAL for no subject of ours. */
enum { TALLY_NEW = 1 };
int tally_count(Tally *t, const TallyCall *call, uint32_t *ret_slot);

/* No less than the sum of all totals there ever were: it grows before a slot's does. */
uint64_t tally_counted(const Tally *t) _pure_;

/* For the writer and the client: numbers of entries ever used, and consistent copies of them. The
 * copy is -ENOENT for an entry that is free or changing. */
uint32_t tally_n_slots(const Tally *t);
uint32_t tally_n_subjects(const Tally *t);
int tally_slot_copy(const Tally *t, uint32_t i, TallySlot *ret);
int tally_subject_copy(const Tally *t, uint32_t i, TallySubject *ret);

/* Cheap looks at one entry; 0 and true for what is not there. */
uint32_t tally_slot_generation(const Tally *t, uint32_t i);
uint32_t tally_subject_generation(const Tally *t, uint32_t i);
bool tally_slot_is_folded(const Tally *t, uint32_t i);

/* Sets what is folded of slot @i to @total (0 when @generation is not the slot's, and never more
 * than was counted), up or down, because the ledger may be another one. While the other thread
 * counts, all are set to 0 first: from then on none that holds anything is evicted. */
void tally_align_folded(Tally *t, uint32_t i, uint32_t generation, uint64_t total);

/* Tells the tally that the ledger holds @total of slot @i in @generation, after the commit. */
void tally_mark_folded(Tally *t, uint32_t i, uint32_t generation, uint64_t total);
