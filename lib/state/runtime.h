/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The runtimes behind container_find(), and their parsers on bytes. Private to lib/state. */
#include "state/container.h"
#include "state/state-file.h"

/*
 * Each fills @c for a valid 64-digit id. 0, -ENOENT when this runtime does not know the id, or as
 * container_find(). What they cannot read besides the entry itself stays unset.
 */
int docker_find(const StateRoots *roots, const char *id, Container *c, Diag *d);
int podman_find(const StateRoots *roots, const char *id, Container *c, Diag *d);

/* Docker's config.v2.json. -EBADMSG when it is about another id. */
int docker_config_parse(Span text, Container *c, Diag *d);

/* What an OCI config.json says beyond the Container's own fields. */
typedef struct OciConfig {
	char manager[32]; /* io.container.manager: "libpod", "cri-o" */
} OciConfig;

/* An OCI config.json as the runtime was given it: cgroupsPath and seccomp. */
int oci_config_parse(Span text, Container *c, OciConfig *ret, Diag *d);

/* Reads and parses it: spec_found is set when it was there. */
int oci_config_read(int folder_fd, const char *path, Container *c, OciConfig *ret, Diag *d);

/* Podman's containers.json: 0 with the names in @c, -ENOENT when it has no such id. */
int podman_list_parse(Span text, Container *c, Diag *d);

/* Does the cgroup path that was seen bear the cgroupsPath that the runtime was given? Both forms:
 * "/docker/ID" below any prefix, and systemd's "slice:prefix:name". */
bool cgroups_path_fits(const char *cgroups_path, Span seen);
