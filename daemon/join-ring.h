/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Containers that a program was brought into (exec, a health probe): written by the reader's thread
 * as the history of processes tells of it, taken by the manager's. Such a program leaves no record
 * when its profile allows all that it does. Bounded: of very many at once the oldest are forgotten.
 */
#include "util/macro.h"
#include "util/span.h"

#define JOIN_RING_LENGTH 1024

typedef struct JoinRing JoinRing;

int join_ring_new(JoinRing **ret);
JoinRing *join_ring_free(JoinRing *r);
DEFINE_CLEANUP(JoinRing, join_ring_free);

/* A container is kept as a hash of its id. */
uint64_t join_ring_hash(Span id) _pure_;
void join_ring_note(JoinRing *r, uint64_t hash);

/* How many there were, ever. */
uint64_t join_ring_count(const JoinRing *r);

/* The one with number *@at, which is moved behind it, or behind what was forgotten; false when
 * there is none yet. */
bool join_ring_take(const JoinRing *r, uint64_t *at, uint64_t *ret_hash);
