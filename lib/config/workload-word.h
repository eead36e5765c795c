/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What people did with a workload and decided of it: all that its file says. */
#include "config/decision-section.h"
#include "config/stage-history.h"
#include "config/workload-file.h"

typedef struct WorkloadWord {
	WorkloadFile file;
	StageHistory history;
	DecisionList decisions;
} WorkloadWord;

#define WORKLOAD_WORD_NULL                 \
	{                                  \
		.file = {.folder_fd = -1 } \
	}

/* Reads the file below @dir; none says nothing. @ret is a null one before, and to be done with
 * after a failure, too: -EBADMSG and others of workload_file_open(), with a sentence; -ENOMEM. */
int workload_word_read(const char *dir, const char *workload, usec_t now, WorkloadWord *ret,
		       Diag *d);
void workload_word_done(WorkloadWord *w);
#define _cleanup_workload_word_ _cleanup_(workload_word_done)
