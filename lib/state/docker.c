/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Docker: DATA-ROOT/containers/ID/config.v2.json says what it is called, the bundle's config.json
 * below containerd's state (while the container runs) what was applied. */
#include <errno.h>

#include "state/runtime.h"
#include "who/cgroup-pattern.h"

#define BUNDLE "io.containerd.runtime.v2.task/moby/%s/config.json"

static void take_labels(json_object *labels, ContainerNames *n)
{
	state_json_copy(labels, "com.docker.compose.project", n->compose_project,
			sizeof(n->compose_project));
	state_json_copy(labels, "com.docker.compose.service", n->compose_service,
			sizeof(n->compose_service));
	state_json_copy(labels, "com.docker.swarm.service.name", n->swarm_service,
			sizeof(n->swarm_service));
	state_json_copy(labels, "io.kubernetes.pod.namespace", n->k8s_namespace,
			sizeof(n->k8s_namespace));
	state_json_copy(labels, "io.kubernetes.pod.name", n->k8s_pod, sizeof(n->k8s_pod));
	state_json_copy(labels, "io.kubernetes.container.name", n->k8s_container,
			sizeof(n->k8s_container));
}

static int32_t pid_of(json_object *state)
{
	json_object *pid = NULL;
	int64_t v;

	if (!state || !json_object_object_get_ex(state, "Pid", &pid) ||
	    !json_object_is_type(pid, json_type_int))
		return 0;
	v = json_object_get_int64(pid);
	return v > 0 && v <= INT32_MAX ? (int32_t)v : 0;
}

static int take_config(json_object *root, Container *c, Diag *d)
{
	json_object *config = state_json_object(root, "Config");
	const char *id = state_json_string(root, "ID");
	const char *name = state_json_string(root, "Name");

	if (!json_object_is_type(root, json_type_object) || !id || strcmp(id, c->id) != 0)
		return diag_set(d, -EBADMSG, "is about another container");
	if (name && name[0] == '/')
		name++;
	span_copy(span_of(name), c->names.name, sizeof(c->names.name));
	state_json_copy(config, "Image", c->names.image, sizeof(c->names.image));
	state_json_copy(root, "Image", c->names.image_digest, sizeof(c->names.image_digest));
	take_labels(state_json_object(config, "Labels"), &c->names);
	c->init_pid = pid_of(state_json_object(root, "State"));
	return 0;
}

int docker_config_parse(Span text, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r;

	r = state_json_parse(text, &root, d);
	return r < 0 ? r : take_config(root, c, d);
}

static int read_config(int folder_fd, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	char path[CGROUP_ID_MAX + 64];
	Diag inner = { 0 };
	int r;

	snprintf(path, sizeof(path), "containers/%s/config.v2.json", c->id);
	r = state_json_read(folder_fd, path, &root, d);
	if (r < 0)
		return r;
	r = take_config(root, c, &inner);
	return r < 0 ? diag_set(d, r, "%s: %s", path, inner.text) : 0;
}

/* -ENOENT when there is no bundle: the container does not run. */
static int read_bundle(int root_fd, const char *folder, const char *format_path, Container *c,
		       Diag *d)
{
	_cleanup_close_ int fd = state_open_folder(root_fd, folder);
	OciConfig oci;

	return fd < 0 ? fd : oci_config_read(fd, format_path, c, &oci, d);
}

static int read_spec(const StateRoots *roots, Container *c, Diag *d)
{
	const char *state = roots->containerd_state ?: "run/containerd";
	const char *exec_root = roots->docker_exec_root ?: "run/docker";
	char path[CGROUP_ID_MAX + 96];
	int r;

	snprintf(path, sizeof(path), BUNDLE, c->id);
	r = read_bundle(roots->root_fd, state, path, c, d);
	if (r != -ENOENT)
		return r;
	/* where dockerd has started a containerd of its own */
	snprintf(path, sizeof(path), "containerd/daemon/" BUNDLE, c->id);
	return read_bundle(roots->root_fd, exec_root, path, c, d);
}

static int docker_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_close_ int fd =
		state_open_folder(l->roots->root_fd, l->roots->docker_root ?: "var/lib/docker");
	int r;

	if (!cgroup_id_is_hex64(span_of(l->id)))
		return -ENOENT;
	if (fd < 0)
		return fd;
	r = read_config(fd, c, d);
	if (r < 0)
		return r;
	r = read_spec(l->roots, c, d);
	return r == -ENOENT ? 0 : r;
}

static int docker_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_close_ int fd =
		state_open_folder(roots->root_fd, roots->docker_root ?: "var/lib/docker");

	return fd < 0 ? fd
		      : runtime_each_entry(&runtime_docker, roots, fd, "containers", f, userdata,
					   d);
}

const Runtime runtime_docker = { "docker", docker_find, docker_each };
