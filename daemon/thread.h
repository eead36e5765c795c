/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <pthread.h>

/* Starts @f(@userdata) in a thread that gets no signals, which are for the manager's loop alone,
 * but that of a page that is gone. 0 or -errno. */
int thread_start(pthread_t *ret, void *(*f)(void *userdata), void *userdata);
