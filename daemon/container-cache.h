/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What the runtimes' state said of each container when its cgroup appeared, kept beyond its end:
 * a record of a container that is gone finds its names and its filter here. Bounded; a filter that
 * many containers have is held once.
 */
#include "state/container.h"
#include "util/clock.h"
#include "who/subject.h"

/* Containers, running and ended, and what their names and filters may take together. */
#define CONTAINER_CACHE_MAX 4096
#define CONTAINER_CACHE_BYTES ((size_t)8 << 20)

/* Ended containers stay at least this long, and until their calls are in the ledger, unless a bound
 * is reached. After that the newest CONTAINER_CACHE_ENDED stay, because a ledger that is opened
 * again must be told once more of what the tally holds. */
#define CONTAINER_CACHE_KEEP (60 * USEC_PER_SEC)
#define CONTAINER_CACHE_ENDED 256

typedef struct ContainerCacheStats {
	uint32_t running, ended;
	uint32_t filters;
	size_t bytes;
	uint64_t evicted; /* ended ones that went before their time */
	uint64_t refused; /* running ones that found no room */
} ContainerCacheStats;

typedef struct ContainerCache ContainerCache;

/* @seed for hashing. */
int container_cache_new(uint64_t seed, ContainerCache **ret);
ContainerCache *container_cache_free(ContainerCache *c);
DEFINE_CLEANUP(ContainerCache, container_cache_free);

/* Keeps a copy of what is known of the container that @key (of an open one: subject_open_key()) and
 * @cgroup name, in place of what was.
 * -ENOSPC when running containers fill the cache. */
int container_cache_put(ContainerCache *c, const SubjectKey *key, Span cgroup,
			const Container *container, usec_t now);

/* A copy, which the caller ends with container_done(). @cgroup is the container's own or one below
 * it; when it is empty the container that came last. -ENOENT. */
int container_cache_get(const ContainerCache *c, const SubjectKey *key, Span cgroup,
			Container *ret);

/* Is it there, and does it run? Marks it as still there, see container_cache_sweep(). */
bool container_cache_runs(ContainerCache *c, const SubjectKey *key, Span cgroup);

/* Its cgroup is gone. */
void container_cache_end(ContainerCache *c, const SubjectKey *key, Span cgroup, usec_t now);

/* Between the two calls each running container is marked by container_cache_runs() or put; the
 * second ends those that were not. */
void container_cache_unmark(ContainerCache *c);
void container_cache_sweep(ContainerCache *c, usec_t now);

/* All calls of before @since are in the ledger: drops the ended ones that nobody will ask for. */
void container_cache_settle(ContainerCache *c, usec_t since);

ContainerCacheStats container_cache_stats(const ContainerCache *c);
