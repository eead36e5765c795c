/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>

#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "util/text.h"

void ctl_complain(const char *verb, const char *fmt, ...)
{
	char raw[DIAG_TEXT_MAX], text[2 * DIAG_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	progress_clear();
	fprintf(stderr, "seccompctl%s%s: %s\n", verb ? " " : "", verb ?: "",
		text_escape_to(span_of(raw), text, sizeof(text)));
}

/* A Diag's text has been escaped when it was set; once more would double its backslashes. */
int ctl_fail_diag(int code, const char *verb, const char *file, const Diag *d)
{
	char name[DIAG_TEXT_MAX];

	progress_clear();
	fprintf(stderr, "seccompctl %s: ", verb);
	if (file)
		fprintf(stderr, "%s:", text_escape_to(span_of(file), name, sizeof(name)));
	if (file && d->line > 0)
		fprintf(stderr, "%u:", d->line);
	fprintf(stderr, "%s%s\n", file ? " " : "", d->text);
	return code;
}
