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
#include <errno.h>

#include "util/macro.h"

/* -errno of a call that has just failed, said so that the analysers know it to be negative: for
 * what is returned to callers that go on with a result unless it is. */
static inline int negative_errno(void)
{
	int r = -errno;

	return r < 0 ? r : -EINVAL;
}

#define DIAG_TEXT_MAX 512

typedef struct Diag {
	unsigned line;   /* 1-based, 0 = not about a line */
	unsigned column; /* 1-based byte column, 0 = not known */
	char text[DIAG_TEXT_MAX];
} Diag;

/* Sets the sentence (cut at DIAG_TEXT_MAX, hostile bytes escaped) and is @r. @d may be NULL. A
 * macro, so that the compiler and the analysers see that a failure stays one. */
#define diag_set(d, r, ...) diag_set_at(d, r, 0, 0, __VA_ARGS__)

/* The same with a place in a file. */
#define diag_set_at(d, r, line, column, ...)              \
	({                                                \
		int diag_result_ = (r);                   \
		diag_write(d, line, column, __VA_ARGS__); \
		diag_result_;                             \
	})

void diag_write(Diag *d, unsigned line, unsigned column, const char *fmt, ...) _printf_(4, 5);
