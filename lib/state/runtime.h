/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The runtimes behind container_find(), and their parsers on bytes. Private to lib/state. */
#include "state/confirm.h"
#include "state/container.h"
#include "state/state-file.h"
#include "who/cgroup-pattern.h"

typedef struct Lookup {
	const StateRoots *roots;
	const char *id;
	Span cgroup;    /* that named it, or empty: picks one of several entries of this id */
	Span namespace; /* containerd's, where it is known */
	bool open;      /* the cgroup's name does not say that it is a container's */
} Lookup;

/*
 * One file per runtime. find() fills @c for a valid id: 0, -ENOENT when this runtime does not know
 * it, or as container_find(). What it cannot read besides the entry itself stays unset. each()
 * fills one Container after the other, see container_each().
 */
typedef struct Runtime {
	const char *name;
	size_t root_offset;       /* in StateRoots: the place's folder */
	const char *root_default; /* when that is NULL */
	const char *file;         /* below it, with ID for the id: for explanations */
	int (*find)(const Lookup *l, Container *c, Diag *d);
	int (*each)(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d);
} Runtime;

extern const Runtime runtime_docker, runtime_podman, runtime_crio, runtime_containerd, runtime_runc,
	runtime_crun, runtime_lxc, runtime_machine;

/*
 * Calls find() for each entry of the folder @path below @folder that could be an id, and @f with
 * what is found. At most CONTAINER_EACH_MAX; errors as container_each().
 */
int runtime_each_entry(const Runtime *runtime, const StateFolder *folder, const char *path,
		       ContainerFn f, void *userdata, Diag *d);

/* Asks the runtimes that @runtime (as of container_find()) may mean, of one root folder. */
int runtime_lookup(const Lookup *l, const char *runtime, Container *ret, Diag *d);

/* Can it be part of a path? Letters, digits and what is harmless in a file's name. */
bool runtime_is_id(Span id);

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

/* Of the same, parsed: .privileged and .engine_socket. The capabilities are there before. */
void oci_take_privilege(json_object *root, Container *c);

/* Reads and parses it: spec_found is set when it was there. */
int oci_config_read(const StateFolder *folder, const char *path, Container *c, OciConfig *ret, Diag *d);

/* Podman's containers.json: 0 with the names in @c, -ENOENT when it has no such id. */
int podman_list_parse(Span text, Container *c, Diag *d);

/*
 * Labels or annotations: compose, swarm, Kubernetes, nerdctl. What is absent stays, and what is the
 * same in @image (may be NULL), the labels that the image brings, is no name.
 */
void container_take_names(json_object *labels, json_object *image, ContainerNames *n);

/* runc's state.json. @seen picks the hierarchy whose path is recorded in @c. *ret_bundle (may be
 * NULL) is to be freed. */
int runc_state_parse(Span text, Span seen, Container *c, char **ret_bundle, Diag *d);

/* Only the init process and its start time, from @root/ID/state.json. */
void runc_init_read(const StateFolder *folder, const char *root, Container *c);

/* crun's status. */
int crun_status_parse(Span text, Container *c, Diag *d);

/* CRI-O's state.json: the init process. */
int crio_state_parse(Span text, Container *c, Diag *d);

/* LXC's config: name and profile, and where its cgroups are when that is said. */
int lxc_config_parse(Span text, Container *c, Diag *d);

/* systemd-machined's /run/systemd/machines/NAME. -ENOENT for what is no container. */
int machine_parse(Span text, Container *c, Diag *d);
