/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/shown-lines.h"
#include "util/text.h"

int shown_lines(Span text, FILE *f)
{
	_cleanup_buffer_ Buffer safe = BUFFER_NULL;

	for (Span rest = text; rest.n > 0;) {
		size_t n = 0;

		while (n < rest.n && !strchr("\\\t\r\n", rest.p[n]))
			n++;
		text_escape(&safe, span_first(rest, n));
		if (n < rest.n && rest.p[n] != '\r')
			buffer_add_char(&safe, rest.p[n]);
		rest = span_from(rest, n + 1);
	}
	if (buffer_error(&safe) < 0)
		return buffer_error(&safe);
	return safe.n == 0 || fwrite(safe.p, 1, safe.n, f) == safe.n ? 0 : -EIO;
}
