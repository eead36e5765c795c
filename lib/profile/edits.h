/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The shortest way from one list to another: which items go, and which are new. */
#include "util/span.h"

typedef struct Edits {
	bool *deleted;  /* one for each item of the first list */
	bool *inserted; /* one for each item of the second; the others are the same, in order */
} Edits;

/* Lists that differ in very many items are told as one replaced block. -ENOMEM. */
int edits_find(const Span *a, size_t n, const Span *b, size_t m, Edits *ret);
void edits_done(Edits *e);
#define _cleanup_edits_ _cleanup_(edits_done)
