/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "ctl/ctl.h"

/*
 * The whole name of the workload that a person means by @word: one that has a file below @dir, for
 * which no ledger is needed, else one of the ledger. The caller frees *ret. 0, or the exit code
 * after the sentence was printed for @verb.
 */
int workload_name_find(const Ctl *ctl, const char *verb, const char *dir, const char *word,
		       char **ret);
