/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a file that strace wrote. */
#include "audit/arch.h"
#include "audit/strace-log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(StraceLog *log)
{
	const StraceCounts *c = strace_log_counts(log);
	size_t n = 0;
	const StraceCall *calls = strace_log_calls(log, &n);
	uint64_t reasons = 0;

	for (int i = 0; i < _STRACE_REJECT_MAX; i++)
		reasons += c->by_reason[i];
	if (reasons != c->rejected || c->records + c->skipped + c->rejected != c->lines)
		abort();
	if (n > STRACE_CALLS_MAX || n > c->records || !calls)
		abort();
	for (size_t i = 0; i < n; i++)
		if (calls[i].nr < 0 || calls[i].first > calls[i].last || calls[i].arch == 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(strace_log_freep) StraceLog *log = NULL;
	Span rest = span_make((const char *)data, size), line;

	if (strace_log_new(ARCH_WORD_X86_64, &log) < 0)
		return 0;
	while (rest.n > 0) {
		bool ended = memchr(rest.p, '\n', rest.n);

		span_split(&rest, '\n', &line);
		if (strace_log_take(log, line, !ended) < 0)
			return 0;
	}
	check(log);
	return 0;
}
