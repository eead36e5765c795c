/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a rule of the kernel's audit system. */
#include "audit/exclude-rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span rule = span_make((const char *)data, size);
	_cleanup_buffer_ Buffer command = BUFFER_NULL;
	ExcludeReach reach;
	int judged = exclude_rule_judge(rule, &reach), written;

	written = exclude_rule_deletion(rule, &command);
	if (judged < 0 && written == 0)
		abort();
	if (judged == 0 && reach > EXCLUDE_ALL)
		abort();
	for (size_t i = 0; written == 0 && i < command.n; i++)
		if ((unsigned char)command.p[i] < ' ' || command.p[i] == 0x7f)
			abort();
	return 0;
}
