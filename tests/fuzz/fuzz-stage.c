/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as an applied filter: stage, visibility and a hash, or a sentence. */
#include "profile/stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AppliedProfile a;
	Diag d = { 0 };
	int r = applied_profile_read(span_make(size ? (const char *)data : "", size), &a, &d);

	if (r == 0 && strlen(a.hash) != PROFILE_HASH_SIZE - 1)
		abort();
	return 0;
}
