/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Waiting for the next look, or for the end: by a signal (INT, HUP, TERM), or because nobody reads
 * standard output any more, or writes the input. */
#include "util/clock.h"

typedef struct Waiter {
	int signals;
} Waiter;

#define WAITER_NULL ((Waiter){ .signals = -1 })

/* -errno. From now on the signals do not end the program. */
int waiter_open(Waiter *ret);
void waiter_close(Waiter *w);
#define _cleanup_waiter_ _cleanup_(waiter_close)

typedef enum WaitResult {
	WAIT_TIME,  /* it is over */
	WAIT_INPUT, /* @input can be read, or a signal was handled (the terminal has another size)
		     */
	WAIT_END,
} WaitResult;

/* Monotonic, to measure with. */
usec_t waiter_clock(void);

/* @input may be -1. */
WaitResult waiter_wait(const Waiter *w, int input, unsigned ms);
