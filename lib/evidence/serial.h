/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Audit serials over all record types: which numbers never arrived. Serials are u32 and wrap,
 * records of one event share one, and neighbours arrive out of order; a number counts as missing
 * only when the window has passed it by (or at a flush).
 */
#include "util/macro.h"

#define SERIAL_WINDOW 1024

typedef struct SerialTracker {
	bool started;
	uint32_t highest;
	uint64_t missing; /* total so far */
	uint64_t jumps;   /* the count began anew far behind: a reboot, or another stream */
	bool has_suspect;
	uint32_t suspect; /* one number from far behind: a straggler, or the start of a new count */
	uint64_t seen[SERIAL_WINDOW / 64];
} SerialTracker;

/*
 * What a tracker leaves in a mapped file, so that a process that is killed at any moment forgets
 * nothing it waits for. The two copies are written in turn: one is always whole.
 */
typedef struct SerialMark {
	uint64_t turn; /* copies[turn % 2] is whole; 0 = there is none yet */
	struct {
		uint64_t highest, missing;
		uint64_t seen[SERIAL_WINDOW / 64];
	} copies[2];
} SerialMark;

/* Starts behind @last, so that a first serial of last + 1 is no gap. The totals stay. */
void serial_resume(SerialTracker *t, uint32_t last);

/*
 * Takes one serial; returns how many numbers became missing by it. A lone number from before the
 * window changes nothing (it was given up already); when the next one goes on from there, the count
 * has begun anew: a jump.
 */
uint64_t serial_add(SerialTracker *t, uint32_t serial);

/* Whether @serial lies in the window and nobody waits for it: it came, or was before the start. */
bool serial_was_seen(const SerialTracker *t, uint32_t serial) _pure_;

/* Declares what is still open in the window missing (nothing arrived for a while, or the end). */
uint64_t serial_flush(SerialTracker *t);

/* Writes what @t knows over the older of the copies. */
void serial_keep(const SerialTracker *t, SerialMark *m);

/*
 * Goes on where the tracker of @m was, with its total: what it waited for comes now or is missing.
 * False, and @t unchanged, when it never was at @last or some numbers behind it.
 */
bool serial_restore(SerialTracker *t, const SerialMark *m, uint32_t last);
