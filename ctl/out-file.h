/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A file that somebody names for the output: never one that seccompd itself lives on. */
#include "ctl/ctl.h"
#include "util/span.h"

/* Asked before anything is read. 0 when @path (NULL: none was named) may be written, else an exit
 * code after the sentence was printed for @verb: it is the ledger or what belongs to it, the tally,
 * the configuration, @profile (NULL: none is named), a file with decisions (where they are kept, or
 * in the folder @workloads that was named instead, or NULL), or a database of whatever kind, under
 * this name or through a link. */
int out_file_check(const Ctl *ctl, const char *verb, const char *path, const char *profile,
		   const char *workloads);

/* The profile that is read, when only the files of a workload tell which it is: --apply would keep
 * what it replaces, -o does not. Both may be NULL. */
int out_file_check_profile(const char *verb, const char *path, const char *profile);

/* file_replace(). 0, or an exit code after the sentence was printed for @verb. */
int out_file_write(const char *verb, const char *path, Span data);
