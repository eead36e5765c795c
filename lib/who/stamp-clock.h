/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From the wall clock of audit stamps to the monotonic clock of process events. Somebody may set
 * the wall clock: for a while then a stamp may be of before or after, and has two meanings.
 */
#include "util/clock.h"

/* What two clocks that are read one after the other may differ by: less is no step. */
#define STAMP_STEP_MIN (5 * USEC_PER_MSEC)

/* So long after a step, records with stamps of before it may still wait to be read. */
#define STAMP_DOUBT (10 * USEC_PER_SEC)

typedef struct StampClock {
	bool known;
	int64_t offset;     /* wall clock minus monotonic, us */
	int64_t before;     /* the same before the last step */
	usec_t doubt_until; /* monotonic */
} StampClock;

/* Both clocks at one moment; says whether the wall clock was set since the last call. */
bool stamp_clock_note(StampClock *c, usec_t wall, usec_t monotonic);

/* The monotonic times that @stamp may mean at @now (monotonic): 1, or 2 in doubt. Times before the
 * host's start are 0. */
unsigned stamp_clock_times(const StampClock *c, usec_t stamp, usec_t now, usec_t ret[static 2]);

/* How far the wall clock may have been set back, so that a stamp may seem to be later than it is.
 */
usec_t stamp_clock_set_back(const StampClock *c, usec_t now) _pure_;
