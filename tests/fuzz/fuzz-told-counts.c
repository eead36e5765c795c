/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a set of what was told: refused, or in order, and the same bytes once written again;
 * what is added to it is in it. */
#include "evidence/told-counts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Span bytes = span_make((const char *)data, size);
	ToldCounts t;

	if (told_counts_read(bytes, &t) < 0)
		return 0;
	for (size_t i = 0; i < t.n; i++) {
		must(t.rows[i].from < t.rows[i].to);
		must(i == 0 || t.rows[i - 1].to < t.rows[i].from);
	}
	must(told_counts_missing(&t) <= told_counts_greatest(&t));
	told_counts_write(&t, &b);
	must(buffer_error(&b) == 0 && span_eq(buffer_span(&b), bytes));
	(void)told_counts_add(&t, size, size + 100);
	must(!told_counts_add(&t, size, size + 100));
	must(t.n <= TOLD_STRETCHES_MAX);
	return 0;
}
