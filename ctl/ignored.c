/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/ignored.h"
#include "util/text.h"

#define SHOWN 8

void ignored_print(const char *path, Dialect dialect, const ProfileIgnored *ignored, size_t n,
		   FILE *f)
{
	char safe[512];

	if (n == 0)
		return;
	fprintf(f, "%s: readers of the dialect \"%s\" do not see",
		text_escape_to(span_of(path), safe, sizeof(safe)), dialect_name(dialect));
	for (size_t i = 0; i < MIN(n, (size_t)SHOWN); i++)
		fprintf(f, "%s \"%s\" in line %u", i > 0 ? "," : "", ignored[i].key,
			ignored[i].line);
	if (n > SHOWN)
		fprintf(f, " and %zu more", n - SHOWN);
	fputs(".\n", f);
}
