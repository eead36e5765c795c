/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Which parts of a count entries of the journal have told. Each entry tells of one stretch, "from
 * 40 to 65"; entries come in any order, some twice, some never. The set of what they cover is the
 * same however they come, and what lies in between was told by entries that are gone.
 *
 * As bytes: the distances from one end of a stretch to the next, 7 bits per byte, lowest first,
 * with the top bit set in all but the last.
 */
#include "util/buffer.h"

/* A journal from which so many pieces are gone is not told apart any further: the shortest hole is
 * then forgotten for good. */
#define TOLD_STRETCHES_MAX 512

typedef struct ToldStretch {
	uint64_t from, to; /* (from, to] */
} ToldStretch;

typedef struct ToldCounts ToldCounts;
struct ToldCounts {
	ToldStretch rows[TOLD_STRETCHES_MAX + 1]; /* in order, none adjoins the next */
	size_t n;
};

/* Adds a stretch that is not empty; says whether the set grew. */
bool told_counts_add(ToldCounts *t, uint64_t from, uint64_t to);

/* The greatest count that was told of, and how much below it was not. */
uint64_t told_counts_greatest(const ToldCounts *t) _pure_;
uint64_t told_counts_missing(const ToldCounts *t) _pure_;

/* Appends the bytes of the set. */
void told_counts_write(const ToldCounts *t, Buffer *out);

/* -EBADMSG for what told_counts_write() does not make. */
int told_counts_read(Span bytes, ToldCounts *ret);
