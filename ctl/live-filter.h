/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The filter that the first process of a container has loaded, for --live. */
#include "ctl/instances.h"
#include "profile/filter.h"

typedef struct LiveInput {
	Filter filter; /* of no use when .n is 0: unconfined */
	size_t n;      /* how many programs are stacked */
	bool logs;     /* one of them has SECCOMP_FILTER_FLAG_LOG */
} LiveInput;

/* Says on standard error which process is stopped for a moment, and reads. 0, or an exit code after
 * a sentence. */
int live_input_read(const char *verb, const Instance *i, LiveInput *ret);
