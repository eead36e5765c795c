/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Containers and the system's units as they come and go, by their cgroups: a short one is gone, and
 * its state with it, before anybody would think of looking. Follows every directory below the
 * hierarchies but those of users and those inside of containers and monitors, whose owners may make
 * what they like.
 */
#include "util/span.h"

typedef enum CgroupEvent {
	CGROUP_APPEARED,
	CGROUP_FOUND, /* was there already when it was looked for */
	CGROUP_VANISHED,
	CGROUP_SCAN_BEGINS, /* all that is there follows (it may have appeared before) */
	CGROUP_SCAN_ENDS,   /* and those that did not are gone; both without a path */
} CgroupEvent;

/* @path as in /proc/PID/cgroup, of the outermost container, of what may be one under a free name
 * (cgroup_is_open()), or of a unit (cgroup_identify_unit()). It may come more than once. */
typedef void (*CgroupEventFn)(CgroupEvent event, Span path, void *userdata);

typedef struct CgroupWatchSetup {
	int inotify_fd;       /* non-blocking; for nobody else; borrowed like the next */
	int cgroup_fd;        /* /sys/fs/cgroup, unified, v1 or hybrid */
	uint32_t watches_max; /* 0 = CGROUP_WATCHES_MAX */
	CgroupEventFn event;
	void *userdata;
} CgroupWatchSetup;

/* Directories with a watch; those below services, which services make, get half of them. */
#define CGROUP_WATCHES_MAX 8192

typedef struct CgroupWatchStats {
	uint32_t watches;
	uint64_t unwatched; /* directories without a watch: a bound was reached, ours or the
			       kernel's */
	uint64_t overflows; /* times that the kernel's queue ran over, so that all was scanned anew
			     */
} CgroupWatchStats;

typedef struct CgroupWatch CgroupWatch;

/* Adds the watches and reports what is there. -ENOENT when there is no cgroup hierarchy. */
int cgroup_watch_new(const CgroupWatchSetup *setup, CgroupWatch **ret);
CgroupWatch *cgroup_watch_free(CgroupWatch *w);
DEFINE_CLEANUP(CgroupWatch, cgroup_watch_free);

/* Takes one buffer of what the inotify descriptor has: 0, also when there was nothing; -errno. */
int cgroup_watch_read(CgroupWatch *w);

/* Tells of everything that is there, once more. */
int cgroup_watch_scan(CgroupWatch *w);

CgroupWatchStats cgroup_watch_stats(const CgroupWatch *w);
