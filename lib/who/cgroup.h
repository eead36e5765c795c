/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Whom a cgroup path names. Pure text in, identity out. The grammar of each runtime is a table in
 * cgroup-pattern.c. Paths are hostile: whoever owns a container may create any name below it, so the
 * outermost container is the owner and an id alone proves nothing until runtime state confirms it.
 */
#include "util/span.h"

typedef enum CgroupKind {
	CGROUP_NONE,	     /* "/" or nothing recognised: a host process */
	CGROUP_CONTAINER,
	CGROUP_POD,
	CGROUP_POD_ROOT,
	CGROUP_CONMON,	     /* a container's monitor, never the container */
	CGROUP_MONITOR,	     /* LXC monitor, nspawn supervisor: the same */
	CGROUP_VM,
	CGROUP_HOST_SERVICE, /* a unit of the system manager */
	CGROUP_USER_SERVICE,
	CGROUP_USER_SESSION,
	CGROUP_USER_SLICE,
	CGROUP_MOUNT_UNIT,
	CGROUP_JOB,
	CGROUP_BUILD_STEP,
	CGROUP_RELATIVE,     /* seen from within a cgroup namespace */
	CGROUP_CONFLICT,     /* two ids of equal rank: attribute nothing */
	CGROUP_INVALID,	     /* no path the kernel or a runtime makes */
	CGROUP_UNKNOWN,
	_CGROUP_KIND_MAX,
} CgroupKind;

#define CGROUP_PATH_MAX 4096
#define CGROUP_ID_MAX 128
#define CGROUP_UNIT_MAX 256

typedef struct CgroupIdentity {
	CgroupKind kind;
	bool container;		   /* calls may be attributed to a container */
	bool deleted;		   /* the cgroup was removed */
	const char *runtime;	   /* "docker", "podman", ...; static, NULL when none */
	char id[CGROUP_ID_MAX];	   /* of the innermost recognised container; "" when none */
	char name[CGROUP_ID_MAX];  /* container name where the path itself gives it */
	char pod_uid[40];	   /* canonical, with dashes; "" when none */
	char monitor_of[CGROUP_ID_MAX];
	const char *outer_runtime; /* of the outermost when nested, else NULL */
	char outer_id[CGROUP_ID_MAX];
	char unit[CGROUP_UNIT_MAX]; /* systemd unit, raw */
	uint32_t uid;		   /* of a rootless container or a user unit; UINT32_MAX when none */
	Span path;		   /* the path that decided, inside the caller's text */
} CgroupIdentity;

/* The whole text of a /proc/PID/cgroup (v1, v2 or hybrid). Always fills @ret. */
void cgroup_identify_file(Span text, CgroupIdentity *ret);

/* One path. */
void cgroup_identify_path(Span path, CgroupIdentity *ret);

/* @path without the mark that the kernel puts behind that of a cgroup which was removed. */
Span cgroup_strip_deleted(Span path) _pure_;

/* May it be a container of a runtime that was told any name for its cgroup (ctr, runc, crun)? Only
 * what the runtime recorded can say. Never for the top, nor for a unit's own cgroup. */
bool cgroup_is_open(const CgroupIdentity *id) _pure_;

/* Is @path the own cgroup of a unit of the system's manager that runs processes (not of a slice, of
 * what a unit made below its own, nor of a container)? Its name is in .unit of @ret. */
bool cgroup_identify_unit(Span path, CgroupIdentity *ret);

/* How an answer came about, for a person: what each line says, what each element of it fits. */
typedef struct CgroupStep {
	enum {
		CGROUP_STEP_LINE,      /* .path is a whole line of the file, .kind what it says */
		CGROUP_STEP_FITS,      /* .element fits .form */
		CGROUP_STEP_NEAR_MISS, /* almost, as only a forger writes it */
		CGROUP_STEP_NOTHING,
	} result;
	Span path, element;
	char form[64]; /* "docker-*.scope" */
	CgroupKind kind;
	const char *runtime; /* or NULL */
} CgroupStep;

typedef struct CgroupObserver {
	void (*f)(const CgroupStep *step, void *userdata);
	void *userdata;
} CgroupObserver;

void cgroup_explain_file(Span text, const CgroupObserver *observer);
void cgroup_explain_path(Span path, const CgroupObserver *observer);

/* "container", "host-service", ...: the words of the client's JSON. Static. */
const char *cgroup_kind_name(CgroupKind k) _const_;
