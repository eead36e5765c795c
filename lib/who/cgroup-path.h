/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What one path says; cgroup-file.c weighs several of them. Private to lib/who. */
#include "who/cgroup-pattern.h"
#include "who/cgroup-unit.h"

typedef struct PathFacts {
	Span path;
	bool invalid, near_miss, relative, deleted, cut;
	unsigned depth; /* containers in the chain */
	CgroupMatch outer, inner;
	CgroupMatch special;      /* a monitor, virtual machine or job, when .depth is 0 */
	const CgroupPattern *pod; /* the last pod directory or pod root outside of containers */
	char pod_uid[40];
	Span kept_unit;
	UnitWalk unit;
} PathFacts;

/* @strict: the kernel's own text, which starts with a slash. @observer may be NULL. */
void path_facts_read(Span path, bool strict, const CgroupObserver *observer, PathFacts *ret);

/* Which of a file's lines to believe: the higher, the more it says. */
int path_facts_rank(const PathFacts *f);

CgroupKind path_facts_kind(const PathFacts *f);
void path_facts_identity(const PathFacts *f, CgroupIdentity *ret);
