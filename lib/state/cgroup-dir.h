/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What runs in a cgroup. Readable by everybody, unlike the runtimes' own state. */
#include "util/span.h"

/*
 * @cgroup_fd is /sys/fs/cgroup; @path as in /proc/PID/cgroup. The path is looked for in the unified
 * hierarchy and in each of the v1 hierarchies. 1 when a process is in it or below it, 0 when there
 * is none or no such cgroup, -EINVAL for a path that could lead elsewhere.
 */
int cgroup_dir_is_populated(int cgroup_fd, Span path);

/*
 * The first process of the container whose cgroup @path is, as the host numbers it, and when it was
 * started, in ticks since boot. @proc_fd is /proc. 0 when it is the first of a pid namespace;
 * CGROUP_DIR_OLDEST when there is none such and it is the oldest there (which, while a runtime is
 * at work, may be the runtime's). -ESRCH when nothing runs there; the errors of
 * cgroup_dir_is_populated().
 */
enum { CGROUP_DIR_OLDEST = 1 };
int cgroup_dir_first_process(int cgroup_fd, int proc_fd, Span path, int32_t *ret_pid,
			     uint64_t *ret_start);
