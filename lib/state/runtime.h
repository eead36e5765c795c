/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The runtimes behind container_find(), and their parsers on bytes. Private to lib/state. */
#include "state/container.h"
#include "state/state-file.h"

typedef struct Lookup {
	const StateRoots *roots;
	const char *id;
	Span cgroup; /* that named it, or empty: picks one of several entries of this id */
} Lookup;

/*
 * One file per runtime. find() fills @c for a valid id: 0, -ENOENT when this runtime does not know
 * it, or as container_find(). What it cannot read besides the entry itself stays unset. each()
 * fills one Container after the other, see container_each().
 */
typedef struct Runtime {
	const char *name;
	int (*find)(const Lookup *l, Container *c, Diag *d);
	int (*each)(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d);
} Runtime;

extern const Runtime runtime_docker, runtime_podman;

/*
 * Calls find() for each entry of the folder @path below @folder_fd that could be an id, and @f with
 * what is found. At most CONTAINER_EACH_MAX; errors as container_each().
 */
int runtime_each_entry(const Runtime *runtime, const StateRoots *roots, int folder_fd,
		       const char *path, ContainerFn f, void *userdata, Diag *d);

/* Names the runtime and calls @f. */
int runtime_emit(const Runtime *runtime, Container *c, ContainerFn f, void *userdata);

/* Docker's config.v2.json. -EBADMSG when it is about another id. */
int docker_config_parse(Span text, Container *c, Diag *d);

/* What an OCI config.json says beyond the Container's own fields. */
typedef struct OciConfig {
	char manager[32]; /* io.container.manager: "libpod", "cri-o" */
} OciConfig;

/* An OCI config.json as the runtime was given it: cgroupsPath, seccomp, process. */
int oci_config_parse(Span text, Container *c, OciConfig *ret, Diag *d);

/* Reads and parses it: spec_found is set when it was there. */
int oci_config_read(int folder_fd, const char *path, Container *c, OciConfig *ret, Diag *d);

/* Podman's containers.json: 0 with the names in @c, -ENOENT when it has no such id. */
int podman_list_parse(Span text, Container *c, Diag *d);
