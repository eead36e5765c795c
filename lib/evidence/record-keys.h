/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Which lines of logs were taken in already: sets of what tells one line from another, in as few
 * bytes as the ledger can keep of millions. A set holds the keys of one stretch of time
 * (RECORD_KEYS_STRETCH), each once, in order; the same keys always make the same bytes, in
 * whichever order they came.
 *
 * Format: one entry for each key, against the one before (at first the beginning of the stretch,
 * serial 0 and pid 0). 1pdddddd: d ms later, the next serial, the same pid or, with p set, another
 * pid. Else 000ddddd ddddddd: d ms later, then the serial's distance and the pid's. A distance is
 * 7 bits per byte, lowest first, with the top bit set in all but the last; the pid's is folded so
 * that small ones of either sign are small.
 */
#include "util/buffer.h"

#define RECORD_KEYS_STRETCH 4096  /* ms */
#define RECORD_KEYS_MAX (1 << 20) /* five times what a kernel writes in a stretch */

/* pid is 0 for a line that is no record, and RECORD_KEY_REJECTED for one that is damaged. */
typedef struct RecordKey {
	uint64_t time; /* ms since the epoch */
	uint32_t serial;
	int32_t pid;
} RecordKey;

#define RECORD_KEY_REJECTED (-1)

int record_key_compare(const RecordKey *a, const RecordKey *b) _pure_;

static inline uint64_t record_key_stretch(const RecordKey *k)
{
	return k->time / RECORD_KEYS_STRETCH;
}

typedef struct RecordKeys {
	RecordKey *rows;
	size_t n, allocated;
} RecordKeys;

void record_keys_done(RecordKeys *keys);
#define _cleanup_record_keys_ _cleanup_(record_keys_done)

/* Adds a key to the end, wherever it belongs. -ENOMEM. */
int record_keys_append(RecordKeys *keys, const RecordKey *k);

/* Joins @more, of the same stretch, into @keys. Both are in order; @more may hold one key several
 * times. Says in @ret_new for each of @more whether it made the set grow. -E2BIG beyond
 * RECORD_KEYS_MAX, -ENOMEM. */
int record_keys_join(RecordKeys *keys, const RecordKey *more, size_t n, bool *ret_new);

/* Appends the bytes of the set. */
void record_keys_write(const RecordKeys *keys, uint64_t stretch, Buffer *out);

/* Appends to @keys what record_keys_write() made of keys of @stretch; -EBADMSG for anything that no
 * set in order is, -ENOMEM. */
int record_keys_read(Span bytes, uint64_t stretch, RecordKeys *keys);
