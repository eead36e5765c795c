/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Does a workload run right now? By the cgroups of its known containers or unit. */
#include "evidence/ledger.h"

/* 1, 0, or -ENODATA when nothing that is known of it could tell: host processes, unattributed. */
int workload_is_running(Ledger *ledger, int cgroup_fd, int64_t workload);
