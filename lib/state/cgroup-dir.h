/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Does anything run in a cgroup? Readable by everybody, unlike the runtimes' own state. */
#include "util/span.h"

/*
 * @cgroup_fd is /sys/fs/cgroup; @path as in /proc/PID/cgroup. The path is looked for in the unified
 * hierarchy and in each of the v1 hierarchies. 1 when a process is in it or below it, 0 when there
 * is none or no such cgroup, -EINVAL for a path that could lead elsewhere.
 */
int cgroup_dir_is_populated(int cgroup_fd, Span path);
