/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What /proc says of a process, read through a directory fd of the process: a recycled pid cannot
 * answer through it. */
#include "util/clock.h"
#include "util/span.h"

#define PROC_CGROUP_MAX 16384

typedef struct ProcInfo {
	uint64_t start_ticks; /* field 22 of stat: since boot */
	char state;	      /* 'R' 'S' ... 'Z' 'X' */
	size_t cgroup_n;
	char cgroup[PROC_CGROUP_MAX]; /* text of /proc/PID/cgroup, NUL-terminated */
} ProcInfo;

/* Opens /proc/@pid below @proc_fd. Returns an fd that the caller owns, -ENOENT or -ESRCH when the
 * process is gone. */
int proc_open(int proc_fd, int32_t pid);

/* Reads stat and cgroup. -ESRCH when the process ended meanwhile. */
int proc_read(int pid_fd, ProcInfo *ret);

/* Only the start time: the cheap question "is it still the same process". */
int proc_read_start(int pid_fd, uint64_t *ret_ticks);

/* Wall-clock time of @ticks since boot. @boot is the wall-clock time of the boot (now minus
 * CLOCK_BOOTTIME), @hz from sysconf(_SC_CLK_TCK). */
usec_t proc_start_time(uint64_t ticks, usec_t boot, long hz) _const_;
