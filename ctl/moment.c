/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "ctl/moment.h"
#include "util/buffer.h"

/* As clock_format_rfc3339() writes it. */
#define STAMP "2026-11-22T03:06:00.123456Z"
#define STAMP_LENGTH (sizeof(STAMP) - 1)

char *moment_between(usec_t first, usec_t last, usec_t now, char buf[static MOMENT_TEXT_MAX])
{
	char from[32], to[32];

	clock_format_ago(first, now, from, sizeof(from));
	clock_format_ago(last, now, to, sizeof(to));
	if (first == 0 || last == 0 || strcmp(from, to) == 0)
		snprintf(buf, MOMENT_TEXT_MAX, "%s", to);
	else
		snprintf(buf, MOMENT_TEXT_MAX, "from %s to %s", from, to);
	return buf;
}

/* What stands at the beginning of @s, with the "at " before it: "at 3 h ago" is no English. */
static bool take_stamp(Span *s, usec_t *ret)
{
	Span rest = *s, stamp;

	(void)span_skip(&rest, SPAN_LIT("at "));
	stamp = span_first(rest, STAMP_LENGTH);
	if (stamp.n < STAMP_LENGTH || stamp.p[10] != 'T' || clock_parse_time(stamp, ret) < 0)
		return false;
	*s = span_from(rest, STAMP_LENGTH);
	return true;
}

char *moment_sentence(const char *s, usec_t now, char *buf, size_t size)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Span rest = span_of(s);

	while (rest.n > 0) {
		char ago[32];
		usec_t t;

		if (take_stamp(&rest, &t)) {
			buffer_add_str(&b, clock_format_ago(t, now, ago, sizeof(ago)));
		} else {
			buffer_add_char(&b, rest.p[0]);
			rest = span_from(rest, 1);
		}
	}
	snprintf(buf, size, "%s", buffer_error(&b) < 0 || b.n == 0 ? s : b.p);
	return buf;
}
