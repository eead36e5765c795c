/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What came of taking something into a ledger: a count a line, with the words behind it. */
#include <stddef.h>
#include <stdint.h>

typedef struct Figure {
	uint64_t n;
	const char *one, *many; /* safe to show */
} Figure;

/* Those that are not 0, to standard output. */
void figures_print(const Figure *rows, size_t n);
