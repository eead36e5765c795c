/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A unified diff as diff -u writes it: `patch -p0` and `git apply` take it, in the folder that the
 * names are relative to. Names are quoted as git does. Of one that is absolute or has "..", which
 * neither would follow, the last part is taken: then they are run in the file's own folder.
 */
#include "util/buffer.h"

#define DIFF_CONTEXT 3

/* Appends nothing when both are equal. What was empty before is a new file. Line ends are kept as
 * they are, a missing last one is marked. -ENOMEM. */
int diff_unified(Span before, Span after, const char *label_before, const char *label_after,
		 Buffer *out);
