/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Keeps the history of processes (who/lineage.h) fed: from the kernel's events, and with looks at
 * /proc where the history asks for them. For one thread. */
#include "daemon/exit-ring.h"
#include "daemon/join-ring.h"
#include "who/lineage.h"

typedef struct Ancestry Ancestry;

/* @proc_fd is /proc (borrowed), @connector a socket of the events that it takes over when it
 * succeeds. @kept: it was listened to before us, and holds what happened meanwhile. -ENOMEM. */
int ancestry_new(int proc_fd, uint64_t seed, int connector, bool kept, Ancestry **ret);
Ancestry *ancestry_free(Ancestry *a);
DEFINE_CLEANUP(Ancestry, ancestry_free);

/* Readable when there are events. */
int ancestry_fd(const Ancestry *a);

/* Takes in all that happened until now. The first call, and one behind a loss of events, scans
 * /proc. 0, or -errno when there will be no more events. */
int ancestry_update(Ancestry *a);

/* When the next update is due even without an event (CLOCK_MONOTONIC, ns); 0 = with the next event.
 */
uint64_t ancestry_due(const Ancestry *a);

/* Notes in @exits (borrowed) how processes end. */
void ancestry_note_exits(Ancestry *a, ExitRing *exits);
/* And in @joins into which containers programs are brought. */
void ancestry_note_joins(Ancestry *a, JoinRing *joins);

/* The service manager keeps the socket of the events for the next daemon: the kernel is not told to
 * stop when this one ends. */
void ancestry_stays(Ancestry *a);

Lineage *ancestry_lineage(Ancestry *a);
