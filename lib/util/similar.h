/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "Did you mean": which of many names is most like a word that is none of them. */
#include "util/span.h"

/* Of longer words only this much is compared. */
#define SIMILAR_LENGTH_MAX 64

/* Letters to add, leave out, exchange, or swap with their neighbour to make one of the other. */
size_t similar_distance(const char *a, const char *b) _pure_;

typedef struct Similar {
	const char *word; /* borrowed */
	size_t limit;     /* what is no nearer than this is none */
} Similar;

Similar similar_begin(const char *word);

/* Is @name nearer than all before it, and near enough for its length? A name that the word begins
 * is near. */
bool similar_offer(Similar *s, const char *name);
