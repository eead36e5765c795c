/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The systemd side of a cgroup path: slices, services, scopes, sessions, user managers. Fed one
 * element at a time, until the first container. Private to lib/who. */
#include "who/cgroup.h"

typedef struct UnitWalk {
	CgroupKind kind;  /* CGROUP_NONE while nothing is recognised */
	Span unit;        /* raw; the innermost one that systemd manages */
	Span system_unit; /* the system manager's, "user@7.service" for all of a user's */
	uint32_t uid;
	bool slice_only; /* nothing but slices so far: a weak answer */
	bool anchored;   /* a slice or the path's start stands before the unit */
	bool user_manager;
	bool done;
	size_t n_elements;
} UnitWalk;

#define UNIT_WALK_NULL ((UnitWalk){ .uid = UINT32_MAX })

/* @relative: the path starts somewhere in the middle of the tree. */
void unit_walk_add(UnitWalk *w, Span element, bool relative);

/* "foo.service", "a@b.scope"; not "a@.service", not ".slice". */
bool unit_name_is_valid(Span name, const char *suffix);
