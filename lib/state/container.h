/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What a runtime's state on disk says about a container. All of it is hostile text. */
#include "state/roots.h"
#include "util/error.h"
#include "who/cgroup.h"
#include "who/workload.h"

/* Why an id is believed; the higher the better. */
typedef enum ContainerBasis {
	CONTAINER_UNCONFIRMED,
	CONTAINER_BY_ID, /* state has an entry of this id, and nothing there contradicts the path */
	CONTAINER_BY_CGROUP, /* and was recorded with this very cgroup */
	CONTAINER_BY_INIT,   /* its init process (pid and start time) is in this cgroup now */
} ContainerBasis;

typedef struct Container {
	const char *runtime; /* "docker", "podman", "containerd", "crio", "runc"...; static */
	char id[CGROUP_ID_MAX];
	ContainerBasis basis;
	bool confirmed; /* .basis is enough: for a live process (StateRoots.proc_fd) BY_CGROUP */
	bool sandbox;   /* a pod's pause container */
	ContainerNames names;
	Labels labels;                      /* Docker's labels, OCI annotations */
	char cgroups_path[CGROUP_PATH_MAX]; /* recorded: linux.cgroupsPath or its like; "" unknown
					     */
	int32_t init_pid;                   /* 0 unknown, or it does not run */
	uint64_t init_start; /* ticks since boot, field 22 of /proc/PID/stat; 0 unknown */
	bool spec_found; /* the OCI config.json was there: only then the next five say anything */
	char *seccomp;   /* its .linux.seccomp as JSON text; NULL = unconfined */
	char *capabilities; /* the bounding set: "CAP_CHOWN CAP_KILL ..."; "" = none, NULL unknown
			     */
	bool no_new_privs;
	bool privileged;         /* all devices, nothing hidden, and CAP_SYS_ADMIN */
	char engine_socket[256]; /* a host's path by which it reaches an engine's socket, or "" */
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

/*
 * For a cgroup whose name does not say whose it is (cgroup_is_open()): "/NAMESPACE/ID" of ctr, what
 * runc or crun was given by hand, an odd leaf below a pod. Only a container that its runtime
 * recorded with this very cgroup is returned, always confirmed; otherwise as container_find().
 * @thorough: an id that does not stand in the path is looked for among all that there are.
 */
int container_find_open(const StateRoots *roots, const CgroupIdentity *seen, bool thorough,
			Container *ret, Diag *d);

/* At most so many containers of one runtime are listed. */
#define CONTAINER_EACH_MAX 16384

/*
 * Calls @f with every container, running or not, that some runtime's state knows: without a
 * cgroup, so .basis is not set. What @f wants to keep it copies. A positive return ends the walk
 * and is returned. Otherwise 0, or the first error (as of container_find()) after all that
 * could be read was: an entry that cannot be parsed is left out.
 */
typedef int (*ContainerFn)(const Container *c, void *userdata);
int container_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d);

/* Does its init process run, as far as .init_pid and .init_start can tell? Needs proc_fd. */
bool container_runs(const StateRoots *roots, const Container *c);

/* "runc" or "crun": who started it, and so who loaded its filter, as far as the state of these two
 * tells where the engine has it; NULL when not. Static. */
const char *container_oci_runtime(const StateRoots *roots, const Container *c);
