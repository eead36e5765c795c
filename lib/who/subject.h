/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Who made a call: a container, a systemd unit, a user's session, a host process outside of them,
 * or nobody we can name. The key is what the tally counts by; names come later, from runtime state.
 */
#include "who/cgroup.h"

typedef enum SubjectKind {
	SUBJECT_UNATTRIBUTED, /* .cause says why; never "host" by default */
	SUBJECT_CONTAINER,
	SUBJECT_UNIT,
	SUBJECT_HOST, /* a session or another host process: keyed by its exe */
	_SUBJECT_KIND_MAX,
} SubjectKind;

/* How the attribution was made. */
typedef enum Means {
	MEANS_NONE,
	MEANS_PROC, /* read from /proc while the process was there */
	MEANS_LINEAGE,
	MEANS_PIDFD,
	MEANS_INFERRED,
	_MEANS_LIVE_MAX, /* those before are how the daemon finds out */
	MEANS_ASSERTED = _MEANS_LIVE_MAX, /* a person said so, of records in a log */
	MEANS_IMPORTED,                   /* likewise, of what strace wrote: there is no record */
	_MEANS_MAX,
} Means;

/* Why it was not made. */
typedef enum Cause {
	CAUSE_NONE,
	CAUSE_GONE,       /* the process had ended before we looked */
	CAUSE_ZOMBIE,     /* only a zombie was left, and cgroup v1 had forgotten it */
	CAUSE_PID_REUSED, /* the process that has the pid now started after the record */
	CAUSE_CONFLICT,   /* its cgroups name two containers */
	CAUSE_INVALID,    /* its cgroup path is none that a runtime makes */
	CAUSE_MONITOR,    /* conmon, a shim or a supervisor: not the container */
	CAUSE_REPLAYED,   /* the record is too old to look at /proc */
	CAUSE_UNREADABLE, /* /proc could not be read; permission or resource */
	CAUSE_LIMIT,      /* too many subjects: the table is full */
	CAUSE_NO_CGROUP,  /* in a container, by its namespaces, that was given no cgroup */
	_CAUSE_MAX,
} Cause;

typedef enum Origin {
	ORIGIN_UNKNOWN,
	ORIGIN_RUNTIME_INIT, /* runc or crun between loading the filter and execve */
	ORIGIN_WORKLOAD,
	ORIGIN_EXEC,
	_ORIGIN_MAX,
} Origin;

#define SUBJECT_KEY_MAX 192

typedef struct SubjectKey {
	SubjectKind kind;
	Cause cause;
	char runtime[16];           /* "docker", "podman"...; ""; see subject_is_open() */
	char name[SUBJECT_KEY_MAX]; /* container id, unit, or exe; "" for unattributed */
} SubjectKey;

/* From what the cgroup said and the record's exe (decoded). Sets .cause where nothing can be
 * attributed. */
void subject_of_identity(const CgroupIdentity *id, Span exe, SubjectKey *ret);

/* Names a SUBJECT_HOST that was made without an exe. */
void subject_set_exe(SubjectKey *key, Span exe);

/* It has a pid namespace of its own: what its cgroup makes a process of the host then is in a
 * container that stays in its caller's cgroup, and whose that is nobody can tell. An open one's
 * cgroup is taken for that container's, whether or not a runtime still says so. */
void subject_set_nested(SubjectKey *key);

/*
 * Is it a host process or a unit only as long as no runtime says that its cgroup is a container's
 * (cgroup_is_open())? Then .runtime is a mark ("~", or "^" for a nested one) and a hash of that
 * cgroup, so that two of them stay two.
 */
bool subject_is_open(const SubjectKey *key) _pure_;

/* Is it an open one of the host that is known to be in a container? */
bool subject_is_open_nested(const SubjectKey *key) _pure_;

/* What is the same for all open subjects of one cgroup, whatever they run. */
SubjectKey subject_open_key(const SubjectKey *key) _pure_;

/* Origin of a call by its process's name: "runc:[2:INIT]", "crun" and the like while in a container
 * are the runtime's own. @comm decoded. */
Origin origin_of_comm(SubjectKind kind, Span comm, Span exe);

bool subject_equal(const SubjectKey *a, const SubjectKey *b) _pure_;

const char *subject_kind_name(SubjectKind k) _const_;
const char *means_name(Means m) _const_;
const char *cause_name(Cause c) _const_;
const char *cause_text(Cause c) _const_; /* for a person, without a full stop */
const char *origin_name(Origin o) _const_;
