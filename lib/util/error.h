/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The error algebra of the whole project:
 *
 *   0         done
 *   -errno    a failure; the caller forwards it unchanged or handles it
 *   positive  a documented condition that the function's header comment names
 *
 * Library code never logs. Where a person must be told what is wrong with their input, a function
 * takes a Diag and fills it with one clear sentence (what, where, what to do) before it returns
 * the negative errno; the edge (daemon/, ctl/) prints it once.
 */
#include "util/macro.h"

#define DIAG_TEXT_MAX 512

typedef struct Diag {
	unsigned line;	 /* 1-based, 0 = not about a line */
	unsigned column; /* 1-based byte column, 0 = not known */
	char text[DIAG_TEXT_MAX];
} Diag;

/* Sets the sentence (cut at DIAG_TEXT_MAX, hostile bytes escaped) and returns @r. @d may be NULL. */
int diag_set(Diag *d, int r, const char *fmt, ...) _printf_(3, 4);

/* The same with a place in a file. */
int diag_set_at(Diag *d, int r, unsigned line, unsigned column, const char *fmt, ...)
	_printf_(5, 6);
