/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * How the last processes of the host ended: written by the reader's thread at each exit that the
 * kernel tells of, looked at by the manager's when a container has ended. Bounded: what was longer
 * ago than so many exits is forgotten.
 */
#include <sys/types.h>

#include "util/macro.h"

typedef struct ExitRing ExitRing;

int exit_ring_new(ExitRing **ret);
ExitRing *exit_ring_free(ExitRing *r);
DEFINE_CLEANUP(ExitRing, exit_ring_free);

/* @status as of wait(2). */
void exit_ring_note(ExitRing *r, pid_t pid, uint32_t status);

/* The newest exit of @pid: 0, or -ESRCH. */
int exit_ring_find(const ExitRing *r, pid_t pid, uint32_t *ret_status);
