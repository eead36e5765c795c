/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The lines of "decode" for people, each printed when it comes. On a terminal they take no more
 * than it has: the widest text is cut, then serial and pid are left out, and at last the columns
 * stand below each other. */
#include "util/span.h"

typedef struct DecodeRows {
	bool begun, stacked;
	size_t widths[9];
	size_t at;     /* the column that comes next */
	size_t blanks; /* held back until another cell follows */
} DecodeRows;

/* The next cell of the line; behind the last one the line ends. They are, in this order: time,
 * serial, pid, comm, exe, arch, syscall, action, status. */
void decode_rows_cell(DecodeRows *rows, Span text);
