/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The thread in which containers are followed (container-watch.h): it waits for nothing but the
 * files of runtimes' state, so that a container that lives for some ten milliseconds is read while
 * the writer waits for its disk.
 */
#include "daemon/container-watch.h"

typedef struct WatchThread WatchThread;

/* Reads what runs already on the caller's thread. @setup without an event loop, with a lock, which
 * is held for all that it points to from watch_thread_start() on. */
int watch_thread_new(const ContainerWatchSetup *setup, WatchThread **ret);

/* Ends it as well. */
WatchThread *watch_thread_free(WatchThread *t);
DEFINE_CLEANUP(WatchThread, watch_thread_free);

int watch_thread_start(WatchThread *t);

/* For container_watch_stats() and the like, with the lock held. */
ContainerWatch *watch_thread_watch(WatchThread *t);

/* Other places of state: at once, with the lock held; what had none so far is looked for there
 * soon. */
void watch_thread_set_roots(WatchThread *t, const StateRoots *roots);
