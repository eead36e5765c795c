/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Reads what the runtimes' state says of a container as soon as its cgroup appears, into the cache.
 * On the manager's loop, because it waits for disks.
 */
#include <systemd/sd-event.h>

#include "daemon/container-cache.h"
#include "evidence/tally.h"
#include "state/cgroup-watch.h"

typedef struct ContainerWatch ContainerWatch;

typedef struct ContainerWatchStats {
	CgroupWatchStats cgroups;
	uint64_t appeared;
	uint64_t unknown; /* no state named them, however often it was read */
	uint64_t dropped; /* too many at once: not looked up */
} ContainerWatchStats;

/* @cache and the descriptors of @roots are borrowed; @cgroup_fd is /sys/fs/cgroup. The containers
 * that run already are read behind this call. */
int container_watch_new(sd_event *event, const StateRoots *roots, int cgroup_fd,
			ContainerCache *cache, ContainerWatch **ret);
ContainerWatch *container_watch_free(ContainerWatch *w);
DEFINE_CLEANUP(ContainerWatch, container_watch_free);

ContainerWatchStats container_watch_stats(const ContainerWatch *w);

/* Tells those who look on; @w may be NULL. */
void container_watch_count(const ContainerWatch *w, const ContainerCache *cache,
			   TallyContainers *t);
