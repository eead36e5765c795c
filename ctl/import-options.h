/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What "import" is told on the command line. */
#include "ctl/ctl.h"

typedef struct ImportOptions {
	const char *ledger, *workload;
	const char *runtime, *dialect; /* of the workload, "" = not known */
	const char **files;
	size_t n_files;
	uint32_t arch;
	bool json;
} ImportOptions;

void import_options_done(ImportOptions *o);
#define _cleanup_import_options_ _cleanup_(import_options_done)

/* 0, -1 when help was printed, or an exit code. */
int import_options_parse(const Ctl *ctl, int argc, char **argv, ImportOptions *ret);
