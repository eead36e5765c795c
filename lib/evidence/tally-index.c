/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "evidence/tally-private.h"

#define INDEX_SIZE_MIN 1024

void tally_index_add(TallyIndex *x, uint64_t hash, uint32_t i)
{
	uint32_t pos = (uint32_t)hash;

	while (x->entries[pos & (x->size - 1)] != 0)
		pos++;
	x->entries[pos & (x->size - 1)] = (uint32_t)(hash >> 50) << TALLY_INDEX_TAG_SHIFT | (i + 1);
	x->n++;
}

/* Makes the table large enough for @n entries at most half full. A table that grows is empty
 * afterwards (positive result): an entry does not hold its whole hash. */
int tally_index_reserve(TallyIndex *x, uint32_t n)
{
	uint32_t size = MAX(x->size, (uint32_t)INDEX_SIZE_MIN), *entries;

	while (size / 2 < n)
		size *= 2;
	if (size == x->size)
		return 0;
	entries = calloc(size, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	free(x->entries);
	*x = (TallyIndex){ .entries = entries, .size = size };
	return 1;
}

void tally_index_clear(TallyIndex *x)
{
	if (x->size > 0)
		memset(x->entries, 0, x->size * sizeof(*x->entries));
	x->n = 0;
}

void tally_index_done(TallyIndex *x)
{
	free(x->entries);
	*x = (TallyIndex){ 0 };
}
