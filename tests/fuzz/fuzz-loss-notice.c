/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a message of the kernel's log: only one that begins as the kernel's does counts. */
#include "audit/loss-notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = span_make((const char *)data, size);
	uint32_t total = 0;
	LossNotice kind = loss_notice_read(text, &total);

	if (kind > LOSS_NOTICE_DROPPED)
		abort();
	if (kind != LOSS_NOTICE_NONE && !span_starts(text, SPAN_LIT("audit: ")))
		abort();
	if (kind != LOSS_NOTICE_TOTAL && total != 0)
		abort();
	return 0;
}
