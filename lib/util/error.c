/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>

#include "util/error.h"
#include "util/text.h"

void diag_write(Diag *d, unsigned line, unsigned column, const char *fmt, ...)
{
	char raw[DIAG_TEXT_MAX];
	va_list ap;

	if (!d)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	d->line = line;
	d->column = column;
	text_escape_to(span_of(raw), d->text, sizeof(d->text));
}
