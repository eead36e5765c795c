/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The seccomp filters that a process runs under, read from the kernel. That takes ptrace: the
 * process is stopped for a moment, so nobody does it without being asked to. Only for the client.
 */
#include <linux/filter.h>

#include "util/span.h"

#define LIVE_FILTERS_MAX 64 /* more than one program stacks; the kernel bounds their sum */

typedef struct LiveFilter {
	struct sock_filter *insns;
	size_t n;
	bool logs; /* loaded with SECCOMP_FILTER_FLAG_LOG */
} LiveFilter;

typedef struct LiveFilters {
	LiveFilter rows[LIVE_FILTERS_MAX]; /* the first that was loaded comes first */
	size_t n;
} LiveFilters;

void live_filters_done(LiveFilters *f);
#define _cleanup_live_filters_ _cleanup_(live_filters_done)

/*
 * Of the first thread of @pid, which must have started at @start (ticks since boot; 0: any). Stops
 * it with PTRACE_SEIZE and PTRACE_INTERRUPT, waits for that at most @patience_ms, and lets it go
 * on; signals to the caller wait so long. Returns 0, without rows when the process is unconfined;
 * -ESRCH it has ended, or is another one by now
 * -EPERM it may not be traced by the caller, or another one traces it
 * -EACCES the caller has no CAP_SYS_ADMIN, or runs under a seccomp filter itself
 * -ELOOP it is the caller or one of its ancestors, who might be waited for
 * -ETIMEDOUT it did not stop (frozen, or waiting for a device); it is let go when the caller ends
 * -EOPNOTSUPP the kernel does not give filters out, -E2BIG too many of them, -ENOMEM.
 */
int live_filters_read(int proc_fd, int32_t pid, uint64_t start, unsigned patience_ms,
		      LiveFilters *ret);
