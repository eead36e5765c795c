/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A look at a process in /proc: when it started, and whose its cgroups are. */
#include "state/proc.h"
#include "who/lineage.h"

typedef struct Sight {
	ProcInfo info;
	CgroupIdentity identity; /* its path lies in .info */
	bool nested;             /* has a pid namespace of its own; of a host's process only */
} Sight;

/* 0, or SIGHT_ZOMBIE when the process ends or has ended and its cgroups do not tell any more (.info
 * is good); -ENOENT or -ESRCH when it is gone. */
enum { SIGHT_ZOMBIE = 1 };
int sight_take(int pid_fd, Sight *ret);

/* What a history of processes (lineage.h) has to know of it; good as long as @s. */
void sight_for_lineage(const Sight *s, int32_t pid, LineageSight *ret);
