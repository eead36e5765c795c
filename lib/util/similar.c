/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "util/similar.h"

/* The optimal string alignment: each pair of neighbours is swapped once at most. */
size_t similar_distance(const char *a, const char *b)
{
	size_t rows[3][SIMILAR_LENGTH_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];
	size_t la = strnlen(a, SIMILAR_LENGTH_MAX), lb = strnlen(b, SIMILAR_LENGTH_MAX);

	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *free_row = before;

		before = above;
		above = row;
		row = free_row;
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			row[j] = MIN(above[j - 1] + (a[i - 1] != b[j - 1]),
				     MIN(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
	}
	return row[lb];
}

Similar similar_begin(const char *word)
{
	return (Similar){ .word = word, .limit = strnlen(word, SIMILAR_LENGTH_MAX) / 3 + 2 };
}

bool similar_offer(Similar *s, const char *name)
{
	size_t typed = strlen(s->word), n = similar_distance(s->word, name);

	if (typed > 1 && strncmp(s->word, name, typed) == 0)
		n = MIN(n, 1U);
	if (n >= s->limit)
		return false;
	s->limit = n;
	return true;
}
