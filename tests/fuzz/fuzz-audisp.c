/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as what auditd writes to a plugin in its binary format: each frame lies within its
 * bounds, and how the bytes are cut changes nothing. */
#include "source/audisp.h"
#include "util/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static uint64_t sum_frame(const AudispFrame *f, Span all, uint64_t sum)
{
	Line line;

	if (f->damage)
		return hash_u64(sum + 1);
	check(f->text.p >= all.p && f->text.p + f->text.n <= all.p + all.n);
	check(f->text.n > 0 && f->text.n <= AUDISP_BODY_MAX);
	audisp_decode(f, NULL, &line);
	check((line.status == LINE_RECORD) == !line.reason);
	return hash_bytes(f->text, sum) + f->type;
}

static uint64_t split(Span all, size_t step)
{
	Span rest = span_first(all, 0);
	uint64_t sum = 0;
	AudispFrame f;
	Audisp a = { 0 };

	for (size_t end = 0; end < all.n;) {
		end = MIN(end + step, all.n);
		rest = span_make(rest.p, (size_t)(all.p + end - rest.p));
		while (audisp_next(&a, &rest, &f))
			sum = sum_frame(&f, all, sum);
		check(rest.n < AUDISP_HEADER + AUDISP_BODY_MAX);
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span all = span_make((const char *)data, size);

	check(split(all, size + 1) == split(all, 5));
	return 0;
}
