/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config/workload-word.h"

int workload_word_read(const char *dir, const char *workload, usec_t now, WorkloadWord *ret,
		       Diag *d)
{
	int r = workload_file_open(dir, workload, false, &ret->file, d);

	if (r == 0)
		r = stage_history_read(&ret->file.parts, &ret->history);
	return r < 0 ? r : decision_list_read(&ret->file.parts, now, &ret->decisions);
}

void workload_word_done(WorkloadWord *w)
{
	decision_list_done(&w->decisions);
	stage_history_done(&w->history);
	workload_file_close(&w->file);
}
