/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>

#include "util/error.h"
#include "util/text.h"

_printf_(5, 0) static int diag_vset(Diag *d, int r, unsigned line, unsigned column, const char *fmt,
				    va_list ap)
{
	char raw[DIAG_TEXT_MAX];

	if (!d)
		return r;
	vsnprintf(raw, sizeof(raw), fmt, ap);
	d->line = line;
	d->column = column;
	text_escape_to(span_of(raw), d->text, sizeof(d->text));
	return r;
}

int diag_set(Diag *d, int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r = diag_vset(d, r, 0, 0, fmt, ap);
	va_end(ap);
	return r;
}

int diag_set_at(Diag *d, int r, unsigned line, unsigned column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r = diag_vset(d, r, line, column, fmt, ap);
	va_end(ap);
	return r;
}
