/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A unified diff as diff -u writes it: `patch -p0` and `git apply` take it. */
#include "util/buffer.h"

#define DIFF_CONTEXT 3

/* Appends nothing when both are equal. Line ends are kept as they are, a missing last one is
 * marked. -EINVAL for a label with control characters, which no reader of diffs would find again;
 * -ENOMEM. */
int diff_unified(Span before, Span after, const char *label_before, const char *label_after,
		 Buffer *out);
