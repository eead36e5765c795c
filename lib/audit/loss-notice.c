/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/loss-notice.h"
#include "util/parse.h"

LossNotice loss_notice_read(Span text, uint32_t *ret_total)
{
	static const Span dropped[] = {
		{ "backlog limit exceeded", 22 },
		{ "rate limit exceeded", 19 },
		{ "out of memory in audit_", 23 },
	};
	Span total;

	if (!span_skip(&text, SPAN_LIT("audit: ")))
		return LOSS_NOTICE_NONE;
	for (size_t i = 0; i < ELEMENTSOF(dropped); i++)
		if (span_starts(text, dropped[i]))
			return LOSS_NOTICE_DROPPED;
	if (!span_skip(&text, SPAN_LIT("audit_lost=")))
		return LOSS_NOTICE_NONE;
	if (!span_split(&text, ' ', &total) || parse_u32(total, ret_total) < 0)
		return LOSS_NOTICE_DROPPED;
	return LOSS_NOTICE_TOTAL;
}
