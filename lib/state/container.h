/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What a runtime's state on disk says about a container id. All of it is hostile text. */
#include "state/roots.h"
#include "util/error.h"
#include "who/cgroup.h"
#include "who/workload.h"

typedef struct Container {
	const char *runtime; /* "docker", "podman"; static */
	char id[CGROUP_ID_MAX];
	bool confirmed;	     /* state holds the id and does not contradict the cgroup path */
	ContainerNames names;
	Labels labels; /* Docker's labels, OCI annotations */
	char cgroups_path[CGROUP_PATH_MAX]; /* linux.cgroupsPath of the applied config; "" unknown */
	int32_t init_pid;    /* 0 unknown */
	bool spec_found;     /* the OCI config.json was there */
	char *seccomp;	     /* its .linux.seccomp as JSON text; NULL with spec_found = unconfined */
	char *profile_source; /* profile path as asked for, where the runtime keeps it, or NULL */
} Container;

void container_done(Container *c);
#define _cleanup_container_ _cleanup_(container_done)

/*
 * Looks @runtime's id up (a NULL runtime: every runtime that we know). @cgroup is the path that
 * named it, or empty. Returns 0, -ENOENT when no state knows the id, -EACCES when the state cannot
 * be read, -EAGAIN when a file was half written (try again). A symbolic link, a FIFO, a file over
 * the bound or invalid JSON is -EBADMSG, with a sentence in @d.
 */
int container_find(const StateRoots *roots, const char *runtime, const char *id, Span cgroup,
		   Container *ret, Diag *d);
