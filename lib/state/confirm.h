/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Is it really this container whose cgroup was seen? Private to lib/state. */
#include "state/container.h"

typedef enum PathFit {
	FIT_NO,
	FIT_TAIL,  /* behind something that the runtime did not write */
	FIT_WHOLE, /* from the top of the hierarchy on */
} PathFit;

/*
 * Does the cgroup path that was seen bear the cgroupsPath that the runtime was given? Both forms:
 * "/docker/ID", and systemd's "slice:prefix:name". What stands below it is the container's own.
 */
PathFit cgroups_path_fit(const char *cgroups_path, Span seen);

/*
 * Sets .basis and .confirmed from what is recorded in @c. Whoever is inside of a container or in a
 * user's own tree may make a directory of any name there: what the system's runtimes recorded
 * confirms neither. Without @roots->proc_fd nobody can be asked, and an entry that does not
 * contradict is enough. @open: the cgroup's name does not have to name the container.
 */
void container_confirm(const StateRoots *roots, Container *c, Span cgroup, bool open);
