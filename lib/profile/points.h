/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Where a filter's answer to one call may change with the arguments: the constants that the program
 * compares each 32-bit word of seccomp_data with, found by following every path that this number
 * and architecture can take.
 */
#include "profile/bpf.h"

#define POINTS_WORDS 14      /* instruction pointer (2), six arguments (2 each) */
#define POINTS_VALUES_MAX 96 /* per word */

typedef struct PointSet {
	uint32_t values[POINTS_WORDS][POINTS_VALUES_MAX];
	unsigned n[POINTS_WORDS];
	bool incomplete; /* more values than there was room for */
} PointSet;

/* Adds what @b compares for this number and architecture. -ENOMEM. */
int points_collect(const Bpf *b, uint32_t arch, uint32_t nr, PointSet *set);

/* How many combinations there are, at most @max + 1. */
uint64_t points_count(const PointSet *set, uint64_t max) _pure_;

/* Combination @i of points_count(); the words behind number and architecture are set. */
void points_get(const PointSet *set, uint64_t i, struct seccomp_data *data);

/* A combination chosen by @seed, for sets that are too large to exhaust. */
void points_sample(const PointSet *set, uint64_t seed, struct seccomp_data *data);
