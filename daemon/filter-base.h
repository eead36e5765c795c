/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * How many seccomp filters a container's first process had when it was first looked at: what its
 * runtime loaded. A process inside that has more has loaded one of its own, or its ancestors have.
 * Who installs filters in the first process itself is not found so.
 */
#include "who/lineage.h"

typedef struct FilterBases FilterBases;

/* -ENOMEM. @proc_fd is /proc (borrowed). */
int filter_bases_new(int proc_fd, FilterBases **ret);
FilterBases *filter_bases_free(FilterBases *b);
DEFINE_CLEANUP(FilterBases, filter_bases_free);

/* Has a process of the container that @answer names, with @filters of them, one of its own? False
 * when that is not known. Reads /proc once for a container. */
bool filter_bases_exceeds(FilterBases *b, const LineageAnswer *answer, uint32_t filters);
