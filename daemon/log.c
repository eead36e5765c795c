/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>

#include "daemon/log.h"
#include "util/text.h"

void log_line(int priority, const char *fmt, ...)
{
	char raw[1024], safe[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_escape_to(span_of(raw), safe, sizeof(safe));
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", priority, safe);
	else
		fprintf(stderr, "seccompd: %s\n", safe);
}
