/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any words as a unit's filters: what is rendered is a filter that the stage is read from. Lines:
 * two letters of flags, the error number, then the words of the three lists, which "--" ends. */
#include "profile/stage.h"
#include "util/unit-filter.h"
#include "util/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(UnitNames *names, Span word, size_t max)
{
	char **more;

	if (names->n == max)
		return;
	more = reallocarray(names->names, names->n + 1, sizeof(*more));
	if (!more)
		abort();
	names->names = more;
	more[names->n] = span_dup(word);
	if (!more[names->n++])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span rest = span_make((const char *)data, size), line;
	_cleanup_unit_filter_ UnitFilter f = { 0 };
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	UnitNames *const lists[] = { &f.filter, &f.log, &f.arches };
	size_t list = 0;
	AppliedProfile a;

	if (span_split(&rest, '\n', &line)) {
		f.filter.inclusive = span_starts(line, SPAN_LIT("a"));
		f.log.inclusive = span_ends(line, SPAN_LIT("a"));
	}
	if (span_split(&rest, '\n', &line) && parse_i32(line, &f.error_number) < 0)
		f.error_number = UNIT_ERROR_KILL;
	while (span_split(&rest, '\n', &line)) {
		if (span_is(line, "--") && list + 1 < ELEMENTSOF(lists))
			list++;
		else
			add(lists[list], line, list == 2 ? UNIT_ARCHES_MAX : UNIT_NAMES_MAX);
	}
	if (unit_filter_render(&f, &out) == 0 &&
	    applied_unit_profile_read(buffer_span(&out), &a, NULL) < 0)
		abort();
	return 0;
}
