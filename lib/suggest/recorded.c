/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/action.h"
#include "audit/arch.h"
#include "profile/points.h"
#include "suggest/recorded.h"

#define POINTS_MAX 256 /* what a few rules for one call can ask for */

static int answer(uint32_t word, bool logs)
{
	switch (action_of_code(word)) {
	case ACTION_ALLOW:
		return PASSED_SILENTLY;
	case ACTION_LOG:
	case ACTION_KILL_THREAD:
	case ACTION_KILL_PROCESS:
		return RECORDED;
	default:
		return logs ? RECORDED : DENIED_SILENTLY;
	}
}

static int answers_at_points(const Filter *f, bool logs, struct seccomp_data *data)
{
	_cleanup_free_ PointSet *set = calloc(1, sizeof(*set));
	uint64_t count;
	int all = 0, r;

	if (!set)
		return -ENOMEM;
	r = points_collect(&f->bpf, data->arch, (uint32_t)data->nr, set);
	if (r < 0)
		return r;
	count = points_count(set, POINTS_MAX);
	for (uint64_t i = 0; i < MIN(count, (uint64_t)POINTS_MAX); i++) {
		if (count > POINTS_MAX)
			points_sample(set, i, data);
		else
			points_get(set, i, data);
		all |= answer(bpf_run(&f->bpf, data, NULL), logs);
	}
	return all;
}

int recorded_answers(const Filter *f, bool logs, uint32_t arch, int64_t nr)
{
	struct seccomp_data data = { .nr = (int)nr,
				     .arch = arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64 : arch };
	bool beyond;
	uint32_t word = bpf_run(&f->bpf, &data, &beyond);

	return beyond ? answers_at_points(f, logs, &data) : answer(word, logs);
}
