/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "evidence/serial.h"

/*
 * One bit per number of the window (highest - SERIAL_WINDOW, highest], at number modulo the window.
 * Numbers from before the start count as seen: nobody can say whether they were ours to see.
 */
#define WORD_BITS 64

static uint64_t bit_of(uint32_t serial)
{
	return UINT64_C(1) << (serial % WORD_BITS);
}

static uint64_t *word_of(SerialTracker *t, uint32_t serial)
{
	return &t->seen[serial % SERIAL_WINDOW / WORD_BITS];
}

static void start_at(SerialTracker *t, uint32_t serial)
{
	memset(t->seen, 0xff, sizeof(t->seen));
	t->started = true;
	t->highest = serial;
	t->has_suspect = false;
}

void serial_resume(SerialTracker *t, uint32_t last)
{
	start_at(t, last);
}

bool serial_was_seen(const SerialTracker *t, uint32_t serial)
{
	return t->started && t->highest - serial < SERIAL_WINDOW &&
	       (t->seen[serial % SERIAL_WINDOW / WORD_BITS] & bit_of(serial));
}

uint64_t serial_flush(SerialTracker *t)
{
	uint64_t n = 0;

	if (!t->started)
		return 0;
	for (size_t i = 0; i < ELEMENTSOF(t->seen); i++) {
		n += (uint64_t)__builtin_popcountll(~t->seen[i]);
		t->seen[i] = UINT64_MAX;
	}
	t->missing += n;
	return n;
}

/* Moves the window's upper end to @serial; what falls out at the lower end unseen is missing. */
static uint64_t advance(SerialTracker *t, uint32_t serial)
{
	uint32_t distance = serial - t->highest;
	uint64_t n = 0;

	if (distance >= SERIAL_WINDOW) {
		n = serial_flush(t);
		t->missing += distance - SERIAL_WINDOW;
		n += distance - SERIAL_WINDOW;
		memset(t->seen, 0, sizeof(t->seen));
	} else {
		for (uint32_t s = t->highest + 1; s != serial + 1; s++) {
			uint64_t *word = word_of(t, s);

			n += !(*word & bit_of(s));
			*word &= ~bit_of(s);
		}
		t->missing += n;
	}
	t->highest = serial;
	*word_of(t, serial) |= bit_of(serial);
	return n;
}

/*
 * A number from far behind is a straggler that was given up already, or the first of a new count (a
 * reboot). Only a second one that continues it makes it a new count: a lone straggler must not tear
 * a hole of thousands.
 */
static uint64_t add_from_far_behind(SerialTracker *t, uint32_t serial)
{
	uint32_t first = t->suspect;
	uint64_t n;

	if (!t->has_suspect || serial - first - 1 >= SERIAL_WINDOW) {
		t->has_suspect = true;
		t->suspect = serial;
		return 0;
	}
	n = serial_flush(t);
	t->jumps++;
	start_at(t, first);
	return n + advance(t, serial);
}

uint64_t serial_add(SerialTracker *t, uint32_t serial)
{
	if (!t->started) {
		start_at(t, serial);
		return 0;
	}
	if (t->highest - serial < SERIAL_WINDOW) {
		*word_of(t, serial) |= bit_of(serial);
		t->has_suspect = false;
		return 0;
	}
	if (serial - t->highest > INT32_MAX)
		return add_from_far_behind(t, serial);
	t->has_suspect = false;
	return advance(t, serial);
}

/* Who is killed has done what comes before in the program; only the compiler must not reorder. */
static void keep_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Other threads copy the file as a whole, word by word. */
static void store(uint64_t *to, uint64_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELAXED);
}

void serial_keep(const SerialTracker *t, SerialMark *m)
{
	uint64_t turn = m->turn + 1;
	size_t i = turn % ELEMENTSOF(m->copies);

	if (!t->started)
		return;
	keep_order();
	store(&m->copies[i].highest, t->highest);
	store(&m->copies[i].missing, t->missing);
	for (size_t k = 0; k < ELEMENTSOF(t->seen); k++)
		store(&m->copies[i].seen[k], t->seen[k]);
	keep_order();
	store(&m->turn, turn);
	keep_order();
}

bool serial_restore(SerialTracker *t, const SerialMark *m, uint32_t last)
{
	size_t i = m->turn % ELEMENTSOF(m->copies);
	uint32_t highest = (uint32_t)m->copies[i].highest;

	if (m->turn == 0 || highest - last >= SERIAL_WINDOW)
		return false;
	start_at(t, highest);
	memcpy(t->seen, m->copies[i].seen, sizeof(t->seen));
	t->missing = MAX(t->missing, m->copies[i].missing);
	return true;
}
