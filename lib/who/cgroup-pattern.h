/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The grammar of cgroup path elements, one row per form, private to lib/who. A new runtime is a new
 * row; the walk over a path (cgroup-path.c) does not change.
 */
#include "who/cgroup.h"

/* What may stand where a row has its id. */
typedef enum IdForm {
	ID_NONE,    /* nothing: the fixed text is the whole element */
	ID_HEX64,   /* exactly 64 lower-case hex digits */
	ID_NAME,    /* [A-Za-z0-9][A-Za-z0-9_.-]{0,126} */
	ID_MACHINE, /* the same after undoing systemd's \xNN */
	ID_LIBVIRT, /* NUMBER \x2d ESCAPED-NAME, or NUMBER-NAME */
	ID_UUID,
	ID_GARDEN, /* 8-4-4-4-4 hex digits */
	ID_ECS,    /* 32 hex digits, a dash, a decimal */
	ID_BASE36, /* 25 of [a-z0-9] */
	ID_NOMAD,  /* UUID.TASK */
	ID_DIGITS,
	ID_POD,     /* a pod uid: UUID with dashes or underscores, or 32 hex digits */
	ID_POD_BAD, /* a pod directory whose uid is none */
	ID_COLON,   /* SLICE:PREFIX:HEX64, the systemd form taken as a file name */
} IdForm;

typedef enum PatternFlags {
	PATTERN_STRICT = 1 << 0,    /* fixed text fits and the id does not: the path is invalid */
	PATTERN_IN_PARENT = 1 << 1, /* prefix, id and suffix are the parent's, .child is this one */
	PATTERN_UNIT_PARENT = 1 << 2, /* only directly below a service or scope */
	PATTERN_KEEP_UNIT = 1 << 3,   /* the unit around it is worth telling */
	PATTERN_IS_NAME = 1 << 4,     /* the id is the container's name too */
	PATTERN_NO_ID = 1 << 5,       /* what matched is a name, not an id */
} PatternFlags;

typedef struct CgroupPattern {
	const char *parent;   /* the element before, with one * at most, or NULL: any */
	const char *ancestor; /* some element before, or NULL */
	const char *prefix, *suffix;
	IdForm form;
	CgroupKind kind;
	const char *runtime;
	unsigned flags;
	const char *child; /* PATTERN_IN_PARENT: what this element must be */
} CgroupPattern;

/* An element of a path with what stands before it. */
typedef struct CgroupElement {
	Span text;
	Span parent;    /* "" at the top */
	Span before;    /* the path up to this element */
	bool below_pod; /* the parent is a pod's directory */
	bool below_unit;
} CgroupElement;

typedef struct CgroupMatch {
	const CgroupPattern *pattern;
	const char *runtime;
	char id[CGROUP_ID_MAX];
	Span name; /* where it stands beside the id; else empty */
} CgroupMatch;

/* 1: @ret filled. 0: no row fits. -EINVAL: almost, as nothing but a forger writes it. */
int cgroup_pattern_match(const CgroupElement *e, CgroupMatch *ret);

/* "pod1234...", "kubepods-besteffort-pod12_34.slice": the canonical uid into @ret. */
bool cgroup_pod_uid(Span element, char ret[static 40]);

/* A folder that engines make for their containers ("docker", "libpod_parent"). */
bool cgroup_is_engine_folder(Span element) _pure_;

bool cgroup_id_is_hex64(Span s) _pure_;
