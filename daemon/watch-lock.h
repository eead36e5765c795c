/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What the thread that follows containers shares with the writer: the cache of containers, the
 * lifetimes, and the way to the runtimes' state. The writer holds it while it asks one of these,
 * and never while it waits for a disk's commit, the journal or systemd: a container may be gone by
 * then.
 *
 * It is fair: who waits for it gets it next, so that neither a storm of cgroups nor a long pass
 * keeps the other out.
 */
#include <pthread.h>

typedef struct WatchLock {
	pthread_mutex_t turn, held;
} WatchLock;

static inline void watch_lock_init(WatchLock *l)
{
	pthread_mutex_init(&l->turn, NULL);
	pthread_mutex_init(&l->held, NULL);
}

static inline void watch_lock_done(WatchLock *l)
{
	pthread_mutex_destroy(&l->turn);
	pthread_mutex_destroy(&l->held);
}

/* NULL: there is no other thread. */
static inline void watch_lock(WatchLock *l)
{
	if (!l)
		return;
	pthread_mutex_lock(&l->turn);
	pthread_mutex_lock(&l->held);
	pthread_mutex_unlock(&l->turn);
}

static inline void watch_unlock(WatchLock *l)
{
	if (l)
		pthread_mutex_unlock(&l->held);
}
