/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/filter-base.h"
#include "daemon/sight.h"
#include "util/hash.h"

/* Containers whose number is kept; the latest displaces another. */
#define BASES 512

typedef struct Base {
	int32_t pid; /* 0 = free */
	uint64_t start;
	uint32_t filters;
} Base;

struct FilterBases {
	int proc_fd;
	Sight sight; /* scratch: too large for a stack */
	Base bases[BASES];
};

int filter_bases_new(int proc_fd, FilterBases **ret)
{
	FilterBases *b = calloc(1, sizeof(*b));

	if (!b)
		return -ENOMEM;
	b->proc_fd = proc_fd;
	*ret = b;
	return 0;
}

FilterBases *filter_bases_free(FilterBases *b)
{
	free(b);
	return NULL;
}

/* The pid may be another's by now: then it is hardly in this container. */
static int read_base(FilterBases *b, const LineageAnswer *answer, uint32_t *ret)
{
	_cleanup_close_ int fd = proc_open(b->proc_fd, answer->init);
	SubjectKey key;
	uint32_t filters;
	int r = fd < 0 ? fd : proc_read_filters(fd, &filters);

	/* Behind it: who was not about to end then had its filters before. */
	if (r == 0)
		r = sight_take(fd, &b->sight);
	if (r != 0 || b->sight.info.stat.exiting)
		return r < 0 ? r : -ESRCH;
	subject_of_identity(&b->sight.identity, SPAN_LIT(""), &key);
	if (!subject_equal(&key, &answer->key))
		return -ESRCH;
	*ret = filters;
	return 0;
}

bool filter_bases_exceeds(FilterBases *b, const LineageAnswer *answer, uint32_t filters)
{
	Base *base = &b->bases[hash_u64((uint64_t)answer->init ^ answer->init_start) % BASES];

	if (answer->init == 0 || filters == 0)
		return false;
	if (base->pid != answer->init || base->start != answer->init_start) {
		uint32_t first;

		if (read_base(b, answer, &first) < 0)
			return false;
		*base = (Base){ answer->init, answer->init_start, first };
	}
	return filters > base->filters;
}
