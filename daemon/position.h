/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * How far a source that keeps its records has been read: what the reader has counted, and what of
 * it a transaction of the ledger holds.
 *
 * The tally says how many entries were taken (.consumed), and survives the daemon. The ledger
 * keeps, in the transaction that holds the counts, a cursor, how many entries had been taken there,
 * and how many of their records this transaction has not got. So a daemon that goes on with the
 * tally goes on behind the cursor and passes over what the tally has beyond it; one that lost the
 * tally (a reboot) goes on behind the cursor, and knows what went with it.
 */
#include <pthread.h>

#include "evidence/ledger.h"
#include "evidence/tally.h"

#define POSITION_CURSOR_MAX 256
#define POSITION_BOOT_MAX 33

typedef struct PositionMark {
	char cursor[POSITION_CURSOR_MAX]; /* "" = none yet */
	char boot[POSITION_BOOT_MAX];     /* of the entry there, as its serial */
	uint32_t serial;
	bool has_serial;
	bool log; /* what the kernel's log had, see daemon/journal-audit.h */
	uint64_t consumed;
} PositionMark;

/* Where to go on. */
typedef struct PositionStart {
	PositionMark mark;
	bool same_tally;
	uint64_t skip;   /* entries behind the cursor that the tally has */
	uint32_t serial; /* of this boot, the last that the tally has */
	bool has_serial;
	uint64_t unfolded; /* records in front of it that went with the tally */
} PositionStart;

typedef struct Position {
	pthread_mutex_t lock; /* of all below; the reader holds it while it counts */
	PositionMark mark;
	bool passing; /* over what the tally has already: counts and cursor are not of one moment */
} Position;

int position_new(Position **ret);
Position *position_free(Position *p);
DEFINE_CLEANUP(Position, position_free);

/* Both take NULL. */
void position_lock(Position *p);
void position_unlock(Position *p);

/* What a daemon before us left; an empty cursor when it left none. */
int position_load(Ledger *l, Tally *t, PositionStart *ret);

/* Within a transaction: @mark, of which @unfolded records are not in the ledger. */
int position_store(const PositionMark *mark, Ledger *l, const Tally *t, uint64_t unfolded);
