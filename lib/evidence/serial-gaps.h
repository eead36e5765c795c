/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which stretches of time audit serials are missing from, of lines that come by time, as a log that
 * was put in order has them. What counts as missing is serial.h's. */
#include "evidence/serial.h"
#include "util/clock.h"

typedef struct SerialGap {
	usec_t from, to; /* of the lines before and behind it */
	uint64_t count;
} SerialGap;

/* Called for each, by time. Its non-zero answer ends the walk and is returned. */
typedef int (*SerialGapFunction)(const SerialGap *gap, void *userdata);

/* A step forward of more than one: the numbers in between are missing until they come. */
typedef struct SerialStep {
	uint32_t after, before;
	usec_t from, to;
} SerialStep;

/* Starts zeroed, but for the function. */
typedef struct SerialGaps {
	SerialGapFunction f;
	void *userdata;
	SerialTracker tracker;
	usec_t last;                     /* time of the highest */
	SerialStep steps[SERIAL_WINDOW]; /* those that the window still holds, in a ring */
	size_t first, n;
	bool has_again; /* a number came once more, long after: perhaps the first of another boot */
	uint32_t again;
	usec_t again_at;
	SerialGap gap; /* not told yet: the next may belong to it */
} SerialGaps;

int serial_gaps_add(SerialGaps *g, uint32_t serial, usec_t time);

/* The end: what is missing now stays so. */
int serial_gaps_finish(SerialGaps *g);
