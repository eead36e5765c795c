/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What a filter leaves behind of a call: is the lack of a record evidence that it was not made? */
#include "profile/filter.h"

typedef enum RecordedAnswer {
	RECORDED = 1 << 0,        /* some answer leaves a record */
	PASSED_SILENTLY = 1 << 1, /* some answer allows without one */
	DENIED_SILENTLY = 1 << 2, /* some answer denies without one */
} RecordedAnswer;

/*
 * Of all answers that it may get by its arguments, as a sum of the above. Where there are too many
 * combinations they are sampled. @logs: the filter was loaded with SECCOMP_FILTER_FLAG_LOG.
 * -ENOMEM.
 */
int recorded_answers(const Filter *f, bool logs, uint32_t arch, int64_t nr);
