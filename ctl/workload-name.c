/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config/workload-file.h"
#include "ctl/evidence.h"
#include "ctl/workload-name.h"
#include "seccompd/exit-codes.h"

int workload_name_find(const Ctl *ctl, const char *verb, const char *dir, const char *word,
		       char **ret)
{
	_cleanup_workload_file_ WorkloadFile f = { .folder_fd = -1 };
	_cleanup_evidence_ Evidence e = { 0 };
	const Workload *row = NULL;
	Diag d = { 0 };
	bool exact;
	int r;

	exact = workload_file_open(dir, word, false, &f, &d) < 0 || f.text.n > 0;
	if (!exact) {
		r = evidence_open(ctl, verb, &e);
		if (r != 0)
			return r;
		row = evidence_find(&e, verb, word);
		if (!row)
			return SECCOMPD_EXIT_USAGE;
	}
	*ret = strdup(row ? row->name : word);
	return *ret ? 0 : ctl_fail_memory(verb);
}
