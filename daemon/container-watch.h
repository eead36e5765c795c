/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Reads what the runtimes' state says of a container as soon as its cgroup appears, into the cache.
 * On a loop of its own (watch-thread.h), because it must not wait for what the writer waits for.
 */
#include <systemd/sd-event.h>

#include "daemon/container-cache.h"
#include "daemon/lifetime.h"
#include "daemon/watch-lock.h"
#include "evidence/tally.h"
#include "state/cgroup-watch.h"

typedef struct ContainerWatch ContainerWatch;

typedef struct ContainerWatchSetup {
	sd_event *event;
	WatchLock *lock;         /* taken for each event; NULL when nobody else has a part in it */
	const StateRoots *roots; /* its descriptors are borrowed */
	int cgroup_fd;           /* /sys/fs/cgroup; borrowed, as the next two */
	ContainerCache *cache;
	Lifetimes *lifetimes; /* told of each container that state names, of each unit, and of
				 their ends; may be NULL */
} ContainerWatchSetup;

typedef struct ContainerWatchStats {
	CgroupWatchStats cgroups;
	uint64_t appeared;
	uint64_t unknown; /* no state named them, however often it was read */
	uint64_t dropped; /* too many at once: not looked up */
} ContainerWatchStats;

/* The containers that run already are read behind this call. */
int container_watch_new(const ContainerWatchSetup *setup, ContainerWatch **ret);
ContainerWatch *container_watch_free(ContainerWatch *w);
DEFINE_CLEANUP(ContainerWatch, container_watch_free);

/* Other places of state, with the lock held. */
void container_watch_set_roots(ContainerWatch *w, const StateRoots *roots);

/* What had no state so far is looked for anew: on the loop's thread, without the lock. */
void container_watch_rescan(ContainerWatch *w);

/* With the lock held, as the next. */
ContainerWatchStats container_watch_stats(const ContainerWatch *w);

/* Tells those who look on; @w may be NULL. */
void container_watch_count(const ContainerWatch *w, const ContainerCache *cache,
			   TallyContainers *t);
