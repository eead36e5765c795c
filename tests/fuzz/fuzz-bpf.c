/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a program: what passes the check runs to an answer, and so do its boundaries. */
#include "profile/points.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seccomp_data call = { .nr = 1, .arch = 2, .args = { 1, 2, 3, 4, 5, 6 } };
	_cleanup_bpf_ Bpf b = { 0 };
	_cleanup_free_ PointSet *set = calloc(1, sizeof(*set));
	bool beyond;

	if (!set || bpf_load(span_make((const char *)data, size), &b) < 0)
		return 0;
	bpf_run(&b, &call, &beyond);
	if (points_collect(&b, 2, 1, set) < 0)
		return 0;
	for (uint64_t i = 0; i < MIN(points_count(set, 64), (uint64_t)64); i++) {
		points_get(set, i, &call);
		bpf_run(&b, &call, NULL);
	}
	return 0;
}
