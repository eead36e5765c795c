/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "state/roots.h"

static const struct {
	const char *name;
	size_t offset;
} places[] = {
	{ "docker-root", offsetof(StateRoots, docker_root) },
	{ "docker-exec-root", offsetof(StateRoots, docker_exec_root) },
	{ "containerd-state", offsetof(StateRoots, containerd_state) },
	{ "podman-root", offsetof(StateRoots, podman_root) },
	{ "podman-run-root", offsetof(StateRoots, podman_run_root) },
	{ "runc-root", offsetof(StateRoots, runc_root) },
	{ "crun-root", offsetof(StateRoots, crun_root) },
	{ "lxc-root", offsetof(StateRoots, lxc_root) },
	{ "machines-root", offsetof(StateRoots, machines_root) },
};

const char *state_roots_name(size_t i)
{
	return i < ELEMENTSOF(places) ? places[i].name : NULL;
}

const char **state_roots_place(StateRoots *roots, size_t i)
{
	return i < ELEMENTSOF(places) ? (const char **)((char *)roots + places[i].offset) : NULL;
}
