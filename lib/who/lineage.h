/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Who had a pid when, and in which container or unit: a bounded history of processes, living and
 * dead, fed with the kernel's fork, exec and exit events and with what /proc said at the time.
 * Pure: the caller has the events, reads /proc when asked to, and brings the clock
 * (CLOCK_MONOTONIC, ns).
 *
 * What is known of a process is inherited at fork and looked at anew at exec. Three kinds of parent
 * leave nothing to be inherited, since they put their children elsewhere behind our back: container
 * runtimes (by name), processes that were seen to have a child elsewhere, and the first process of
 * the host, which is also the parent of what others left behind. Their children are looked at when
 * they are forked, and until they exec, that only tells of the time up to the look, unless it shows
 * that they were put elsewhere already.
 *
 * A runtime's child may fork siblings (CLONE_PARENT), and the event then names the runtime as
 * parent: one more reason to look at its children.
 */
#include "who/proc-event.h"
#include "who/subject.h"

/* The dead are kept this long. */
#define LINEAGE_KEEP (UINT64_C(60) * 1000000000)

/* A stamp may be this much older than the call: the coarse clock's tick at 100 Hz, and the stamp's
 * millisecond. */
#define LINEAGE_STAMP_LAG (UINT64_C(11) * 1000000)

/* The coarse clock stands still while the virtual processor that keeps it is not run, and the
 * others go on: where it is known that nobody else had the pid before, a stamp may be this much
 * older. */
#define LINEAGE_STALL (UINT64_C(250) * 1000000)

/* And this much younger, since two clocks are not read at the same moment. */
#define LINEAGE_CLOCK_SLACK (UINT64_C(2) * 1000000)

#define LINEAGE_ENTRIES_MAX 131072
#define LINEAGE_PLACES_MAX 16384

typedef struct Lineage Lineage;

/* A process's part in its container. */
typedef enum LineageRole {
	LINEAGE_ROLE_UNKNOWN,
	LINEAGE_ROLE_RUNTIME,  /* a runtime, or its child that has not exec'ed */
	LINEAGE_ROLE_WORKLOAD, /* the container's first process, or descends from it */
	LINEAGE_ROLE_JOINED,   /* brought in later by a runtime, or descends from such a one */
} LineageRole;

/* What /proc said of a process. */
typedef struct LineageSight {
	int32_t pid, parent;
	uint64_t start; /* no later than it really started */
	Span comm;
	SubjectKey key; /* of its cgroup; a host process has no name here */
	Span path;      /* that named it */
	bool nested;    /* a host process in a pid namespace of its own */
} LineageSight;

typedef struct LineageCounters {
	uint64_t living, dead, places;
	uint64_t evicted; /* dead ones dropped early, and processes without room */
	uint64_t lost;    /* times that events were lost */
	uint64_t untold;  /* processes of whose fork or exit no event told */
	uint64_t hits, misses;
	uint64_t bytes; /* that all of it takes in memory now */
} LineageCounters;

typedef struct LineageAnswer {
	SubjectKey key;
	Span path;   /* good until the next call that takes a Lineage */
	Means means; /* MEANS_LINEAGE or MEANS_INFERRED */
	LineageRole role;
	uint64_t entered; /* when it, or its ancestor, became the workload or joined; 0 = not known
			   */
	int32_t init;     /* the container's first process, while it lives; 0 = not known */
	uint64_t init_start;
} LineageAnswer;

/* Processes are not trusted before the first scan has ended. -ENOMEM. */
int lineage_new(uint64_t seed, uint32_t max_entries, Lineage **ret);
Lineage *lineage_free(Lineage *l);
DEFINE_CLEANUP(Lineage, lineage_free);

/* Takes an event in. LINEAGE_LOOK asks the caller to look at @event->pid in /proc, and to say with
 * lineage_seen() or lineage_missed() what came of it before the next event. */
enum { LINEAGE_LOOK = 1 };
int lineage_event(Lineage *l, const ProcEvent *event);

/* LINEAGE_IS_INIT asks whether the process is the first of its own pid namespace; the caller may
 * answer with lineage_init(). */
enum { LINEAGE_IS_INIT = 1 };
int lineage_seen(Lineage *l, const LineageSight *sight, uint64_t now);
/* It was gone, or could not be looked at. */
void lineage_missed(Lineage *l, int32_t pid);
void lineage_init(Lineage *l, int32_t pid, bool first);

/* Was a program brought into a container by its runtime, by the last call of lineage_seen() or
 * lineage_missed()? Then *@ret_key is the container's. */
bool lineage_take_joined(Lineage *l, SubjectKey *ret_key);

/* A child of a runtime is put into its container at some time between its fork and its exec, and no
 * event tells when; when its program has ended before anybody could look, that place is the only
 * answer. Is @pid such a child, or a runtime itself, alive and not there yet? Then another look is
 * worth while until it execs. */
bool lineage_is_undecided(const Lineage *l, int32_t pid) _pure_;
/* What another look at such a child showed. */
void lineage_seen_again(Lineage *l, const LineageSight *sight, uint64_t now);

/* Drops the dead whose time is over, and gives back what a storm of processes took. */
void lineage_expire(Lineage *l, uint64_t now);

/* Events were lost. Nothing is inherited from here on until a scan has ended. */
void lineage_lost(Lineage *l);
bool lineage_is_lost(const Lineage *l) _pure_;

/* A scan of all processes, in this order. Between begin and end no events are taken in.
 * Events of before may come behind it, when they were kept for us: then they are the first that are
 * taken in. lineage_scan_next() gives one after the other those of which it has to be known whether
 * they are first in their pid namespace (answered with lineage_init()), and 0 behind the last. */
void lineage_scan_begin(Lineage *l);
void lineage_scan_seen(Lineage *l, const LineageSight *sight, uint64_t now);
int32_t lineage_scan_next(Lineage *l, uint32_t *cursor);
void lineage_scan_end(Lineage *l, uint64_t now);

/* Who had @pid at @stamp (a record's, on the monotonic clock), living or dead. -ENOENT for nobody
 * that is known, -ENODATA when it is not sure where that process was, -ENOTUNIQ when two may be
 * meant. */
int lineage_find(Lineage *l, int32_t pid, uint64_t stamp, LineageAnswer *ret);

/* The origin of a call made at @stamp, where the record's own names say @by_name. */
Origin lineage_origin(const LineageAnswer *a, uint64_t stamp, Origin by_name) _pure_;

LineageCounters lineage_counters(const Lineage *l);

/* A container runtime's or monitor's program, by its name as the kernel cuts it. */
bool lineage_is_runtime(Span comm) _pure_;
