/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/profile-path.h"
#include "util/span.h"

static bool is_good(const char *value)
{
	Span rest = span_of(value), place;
	unsigned n = 0;

	if (rest.n == 0)
		return true;
	while (span_split(&rest, ':', &place))
		if (place.n == 0 || place.p[0] != '/' || ++n > PROFILE_PATH_PLACES_MAX)
			return false;
	return true;
}

int profile_path_take(const ConfigLine *line, char **path, Diag *d)
{
	char *copy;

	if (strcmp(line->section, "seccompd") != 0 || !line->key ||
	    strcmp(line->key, "ProfilePath") != 0)
		return 0;
	if (!is_good(line->value))
		return diag_set(d, -EINVAL,
				"ProfilePath=%s is no good value: at most %d absolute paths with "
				"colons between them are needed",
				line->value, PROFILE_PATH_PLACES_MAX);
	copy = strdup(line->value);
	if (!copy)
		return diag_set(d, -ENOMEM, "out of memory");
	free(*path);
	*path = copy;
	return 1;
}
