/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/running.h"
#include "state/cgroup-dir.h"

typedef struct Search {
	int cgroup_fd;
	bool known; /* there was a cgroup to look for */
} Search;

/* Ends the walk at the first subject that runs. */
static int look_at(const LedgerSubjectRow *row, void *userdata)
{
	Search *s = userdata;
	int r;

	if (row->kind != SUBJECT_CONTAINER && row->kind != SUBJECT_UNIT)
		return 0;
	r = cgroup_dir_is_populated(s->cgroup_fd, span_of(row->cgroup));
	s->known |= r >= 0;
	return r > 0;
}

int workload_is_running(Ledger *ledger, int cgroup_fd, int64_t workload)
{
	Search s = { .cgroup_fd = cgroup_fd };
	int r;

	if (cgroup_fd < 0)
		return -ENODATA;
	r = ledger_each_subject(ledger, workload, look_at, &s);
	return r != 0 ? r : (s.known ? 0 : -ENODATA);
}
