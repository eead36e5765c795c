/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "evidence/serial-gaps.h"

/* The kernel gives a line time and number together, so what comes out of order does so by less. */
#define STRAGGLER_MAX (10 * USEC_PER_SEC)

static SerialStep *step_at(SerialGaps *g, size_t i)
{
	return &g->steps[(g->first + i) % ELEMENTSOF(g->steps)];
}

static int tell(SerialGaps *g)
{
	SerialGap gap = g->gap;

	g->gap = (SerialGap){ 0 };
	return gap.count > 0 ? g->f(&gap, g->userdata) : 0;
}

/* Has the window's lower end, which is not in it, come to @serial? */
static bool is_behind(const SerialGaps *g, uint32_t serial)
{
	return (int32_t)(g->tracker.highest - SERIAL_WINDOW - serial) >= 0;
}

/* The window has left these behind; a step that still reaches into it stays. */
static void forget_steps(SerialGaps *g)
{
	while (g->n > 0 && is_behind(g, step_at(g, 0)->before - 1)) {
		g->first = (g->first + 1) % ELEMENTSOF(g->steps);
		g->n--;
	}
}

/* Which of several steps @count numbers are missing from is not told apart: of those that the
 * window has begun to leave behind, or of all, when it was closed. */
static int add_missing(SerialGaps *g, uint64_t count, bool all)
{
	SerialGap gap = { .from = g->last, .to = g->last, .count = count };
	int r = 0;

	for (size_t i = 0; i < g->n && (all || is_behind(g, step_at(g, i)->after + 1)); i++) {
		gap.from = i == 0 ? step_at(g, i)->from : gap.from;
		gap.to = step_at(g, i)->to;
	}
	if (g->gap.count > 0 && gap.from > g->gap.to)
		r = tell(g);
	if (g->gap.count == 0)
		g->gap.from = gap.from;
	g->gap.to = MAX(g->gap.to, gap.to);
	g->gap.count += count;
	return r;
}

/*
 * A boot of few lines begins again within the window of the one before, where the tracker takes its
 * numbers for stragglers. Two of them in a row, that were there long before, are none.
 */
static bool is_next_boot(SerialGaps *g, uint32_t serial, usec_t time)
{
	bool again = serial_was_seen(&g->tracker, serial) && time >= g->last + STRAGGLER_MAX;

	if (again && g->has_again && serial - g->again <= INT32_MAX)
		return serial != g->again;
	g->has_again = again;
	g->again = serial;
	g->again_at = time;
	return false;
}

static int begin_anew(SerialGaps *g)
{
	uint64_t missing = serial_flush(&g->tracker);
	int r = missing > 0 ? add_missing(g, missing, true) : 0;

	serial_resume(&g->tracker, g->again);
	g->last = g->again_at;
	g->has_again = false;
	g->n = 0;
	return r;
}

static int add(SerialGaps *g, uint32_t serial, usec_t time)
{
	uint32_t highest = g->tracker.highest;
	uint64_t jumps = g->tracker.jumps, missing;
	bool ahead = g->tracker.started && serial != highest && serial - highest <= INT32_MAX;
	bool jumped;
	int r = 0;

	if (ahead && serial - highest > 1 && g->n < ELEMENTSOF(g->steps))
		*step_at(g, g->n++) = (SerialStep){ highest, serial, g->last, time };
	missing = serial_add(&g->tracker, serial);
	jumped = g->tracker.jumps != jumps;
	if (missing > 0)
		r = add_missing(g, missing, jumped);
	if (jumped)
		g->n = 0;
	forget_steps(g);
	if (ahead || jumped || g->last == 0)
		g->last = time;
	return r;
}

int serial_gaps_add(SerialGaps *g, uint32_t serial, usec_t time)
{
	int r = is_next_boot(g, serial, time) ? begin_anew(g) : 0;

	return r == 0 ? add(g, serial, time) : r;
}

int serial_gaps_finish(SerialGaps *g)
{
	uint64_t missing = serial_flush(&g->tracker);
	int r = 0;

	if (missing > 0)
		r = add_missing(g, missing, true);
	return r == 0 ? tell(g) : r;
}
