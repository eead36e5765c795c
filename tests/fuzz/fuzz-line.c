/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a line and as a netlink payload: always a verdict, with a reason where it is no
 * record, and what is in a record can be named. */
#include "audit/arch.h"
#include "audit/line.h"
#include "audit/record-memo.h"
#include "audit/syscall.h"
#include "tests/unit/record-random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_line(const Line *l)
{
	char name[SYSCALL_NAME_MAX];

	check(l->status < _LINE_STATUS_MAX);
	check((l->status == LINE_RECORD) == !l->reason);
	check(l->has_stamp == !!(l->record.has & RECORD_HAS_STAMP));
	check(l->has_stamp || line_time(l) == 0);
	if (l->status != LINE_RECORD)
		return;
	check(l->record.comm.p && (l->interpreted || l->record.comm.n > 0));
	check(l->interpreted || (l->record.has & RECORD_HAS_CODE));
	if (syscall_name(l->record.arch, l->record.nr, name) == 0)
		check(l->record.nr >= 0 && name[0] != '\0');
}

static void check_same(const Line *a, const Line *b)
{
	check(a->status == b->status && a->reason == b->reason && a->has_stamp == b->has_stamp);
	check(a->record.sec == b->record.sec && a->record.msec == b->record.msec);
	check(a->record.serial == b->record.serial && random_same(&a->record, &b->record));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static RecordMemo memo;
	Span text = span_make((const char *)data, size);
	Line line, again;

	line_decode(text, &line);
	check_line(&line);
	line_decode_memo(text, &memo, &again);
	check_same(&line, &again);
	line_decode_payload(1326, text, &line);
	check_line(&line);
	line_decode_payload_memo(1326, text, &memo, &again);
	check_same(&line, &again);
	check(!line.interpreted);
	line_decode_payload(1300, text, &line);
	check(line.status == LINE_SKIP);
	return 0;
}
