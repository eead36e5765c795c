/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a datagram of the process connector: refused, or an event that makes sense. */
#include <errno.h>

#include "who/proc-event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ProcEvent e;
	int r = proc_event_parse(span_make((const char *)data, size), &e);

	if (r != 0 && r != -EBADMSG)
		abort();
	if (r == 0 && (e.kind > PROCESS_OTHER || (e.kind <= PROCESS_EXIT && e.pid <= 0)))
		abort();
	return 0;
}
