/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/duplicate.h"

bool duplicate_mark(DuplicateWindow *w, Line *line)
{
	const Record *r = &line->record;
	__typeof__(&w->seen[0]) s = &w->seen[r->serial % DUPLICATE_WINDOW];
	uint64_t time = line_time(line);

	if (line->status != LINE_RECORD || time == 0)
		return false;
	if (s->time == time && s->serial == r->serial && s->pid == r->pid) {
		line->status = LINE_SKIP;
		line->reason = DUPLICATE_REASON;
		return true;
	}
	s->time = time;
	s->serial = r->serial;
	s->pid = r->pid;
	return false;
}
