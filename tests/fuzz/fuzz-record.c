/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as the fields of a record: what is taken is whole and lies within the input, and the
 * three ways to read it (the usual form's, any form's, the memo's) find the same. */
#include "audit/record-memo.h"
#include "tests/unit/record-random.h"

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

/* A field of no meaning in front makes it no usual record any more. */
static void check_one_answer(Span body, int e, const Record *r, const char *reason)
{
	static RecordMemo memo;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const char *other_reason = NULL;
	Record other;

	buffer_add_str(&b, "x=1 ");
	buffer_add(&b, body);
	check(record_parse(buffer_span(&b), &other, &other_reason) == e);
	check(e == 0 ? random_same(r, &other) : !strcmp(reason, other_reason));
	for (unsigned i = 0; i < 2; i++) {
		check(record_memo_parse(&memo, body, &other, &other_reason) == e);
		check(e == 0 ? random_same(r, &other) && r->comm.p == other.comm.p
			     : !strcmp(reason, other_reason));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint32_t needed = RECORD_HAS_PID | RECORD_HAS_COMM | RECORD_HAS_SIG | RECORD_HAS_NR |
				RECORD_HAS_IP | RECORD_HAS_CODE;
	Span body = span_make((const char *)data, size);
	const char *reason = NULL;
	char text[64];
	Record r;
	int e = record_parse(body, &r, &reason);

	check(e == 0 || (reason && *reason));
	check_one_answer(body, e, &r, reason);
	if (e < 0)
		return 0;
	check((r.has & needed) == needed && !(r.has & RECORD_HAS_STAMP));
	check_inside(r.subj, body);
	check_inside(r.comm, body);
	check_inside(r.exe, body);
	check(record_text(r.comm, text, sizeof(text)) < (int)sizeof(text));
	check(record_text(r.exe, text, 1) <= 0);
	return 0;
}
