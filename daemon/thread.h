/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The daemon's threads. */
#include <pthread.h>

/* Starts @f(@userdata) in a thread with all signals blocked, which are for the manager's loop, but
 * SIGBUS, which is the thread's own. 0 or -errno. */
int thread_start(pthread_t *ret, void *(*f)(void *userdata), void *userdata);
