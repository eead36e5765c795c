/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The directories that lib/state reads below. It opens nothing by absolute path, so that a
 * privileged opener can hand the descriptors in. */
#include "util/span.h"

/* Told of each place that is looked at, for a person; any of them may be NULL. */
typedef struct StateTrace {
	void (*f)(const char *runtime, const char *place, const char *answer, void *userdata);
	void *userdata;
} StateTrace;

/*
 * Opens what we may not open ourselves. It opens what it finds right, whatever it is asked for, and
 * what it gives is checked as if we had opened it.
 */
typedef struct StateOpener {
	/* @path below the root, read-only; a folder or a regular file, of @uid (UINT32_MAX: of the
	 * system). An fd, -EACCES when it refuses or is not there, or -errno of the opening. */
	int (*open)(const char *path, uint32_t uid, bool folder, void *userdata);
	void *userdata;
} StateOpener;

typedef struct StateRoots {
	int proc_fd; /* /proc, or -1 */
	int root_fd; /* "/" or a copy of a host's state (--state-root), or -1 */
	/* Places below root_fd, without a leading slash; NULL means the default. Borrowed. */
	const char *docker_root;      /* var/lib/docker */
	const char *docker_exec_root; /* run/docker */
	const char *containerd_state; /* run/containerd */
	const char *podman_root;      /* var/lib/containers/storage */
	const char *podman_run_root;  /* run/containers/storage */
	const char *runc_root;        /* run/runc */
	const char *crun_root;        /* run/crun */
	const char *lxc_root;         /* var/lib/lxc */
	const char *machines_root;    /* run/systemd/machines */
	/* Set only for what a user runs on its own: the places above are below one of these two. */
	bool guarded;
	uint32_t uid;
	const char *home, *runtime_dir;
	const StateTrace *trace;   /* or NULL */
	const StateOpener *opener; /* NULL: what we may not open is not read */
} StateRoots;

/* The @i-th place and its name ("docker-root"); NULL behind the last one. */
const char *state_roots_name(size_t i) _const_;
const char **state_roots_place(StateRoots *roots, size_t i);
