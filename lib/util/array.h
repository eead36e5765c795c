/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Growing an array by doubling. */
#include <stdlib.h>

#include "util/macro.h"

/* @rows, which has room for *allocated of @size bytes and holds @n, with room for one more; NULL,
 * and
 * @rows stays, when out of memory. */
static inline void *array_room(void *rows, size_t n, size_t *allocated, size_t size)
{
	size_t want = *allocated ? 2 * *allocated : 16;
	void *more;

	if (n < *allocated)
		return rows;
	more = reallocarray(rows, want, size);
	if (more)
		*allocated = want;
	return more;
}
