/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as the fields of a record: what is taken is whole and lies within the input. */
#include "audit/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_inside(Span s, Span all)
{
	check(!s.p || (s.p >= all.p && s.p + s.n <= all.p + all.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint32_t needed = RECORD_HAS_PID | RECORD_HAS_COMM | RECORD_HAS_SIG | RECORD_HAS_NR |
				RECORD_HAS_IP | RECORD_HAS_CODE;
	Span body = span_make((const char *)data, size);
	const char *reason = NULL;
	char text[64];
	Record r;

	if (record_parse(body, &r, &reason) < 0) {
		check(reason && *reason);
		return 0;
	}
	check((r.has & needed) == needed && !(r.has & RECORD_HAS_STAMP));
	check_inside(r.subj, body);
	check_inside(r.comm, body);
	check_inside(r.exe, body);
	check(record_text(r.comm, text, sizeof(text)) < (int)sizeof(text));
	check(record_text(r.exe, text, 1) <= 0);
	return 0;
}
