/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "ctl/figures.h"
#include "util/text.h"

void figures_print(const Figure *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].n > 0)
			printf("%-12" PRIu64 " %s\n", rows[i].n,
			       text_plural(rows[i].n, rows[i].one, rows[i].many));
}
