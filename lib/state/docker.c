/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Docker: DATA-ROOT/containers/ID/config.v2.json says what it is called, the bundle's config.json
 * below containerd's state (while the container runs) what was applied. */
#include <errno.h>

#include "state/docker-image.h"
#include "state/runtime.h"
#include "state/state-labels.h"

#define BUNDLE "io.containerd.runtime.v2.task/moby/%s/config.json"

/*
 * What an image says of itself names nobody: any image could call itself a service of somebody's
 * project. Compose, Swarm and the kubelet set their labels on the container. Its own come first, so
 * that an image with many cannot push them out.
 */
static int take_labels(json_object *labels, json_object *image, Container *c)
{
	int r;

	container_take_names(labels, image, &c->names);
	labels_done(&c->labels);
	r = state_labels_add(labels, image, &c->labels);
	return r < 0 ? r : state_labels_add_common(labels, image, &c->labels);
}

static int take_config(json_object *root, json_object *image_labels, Container *c, Diag *d)
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
	c->init_pid = state_json_pid(state_json_object(root, "State"), "Pid");
	return take_labels(state_json_object(config, "Labels"), image_labels, c);
}

int docker_config_parse(Span text, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r;

	r = state_json_parse(text, &root, d);
	return r < 0 ? r : take_config(root, NULL, c, d);
}

static int read_config(const StateFolder *folder, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL, *image_labels = NULL;
	char path[CGROUP_ID_MAX + 64];
	Diag inner = { 0 };
	int r;

	snprintf(path, sizeof(path), "containers/%s/config.v2.json", c->id);
	r = state_json_read(folder, path, &root, d);
	if (r < 0)
		return r;
	image_labels = docker_image_labels(folder, root);
	r = take_config(root, image_labels, c, &inner);
	return r < 0 ? diag_set(d, r, "%s: %s", path, inner.text) : 0;
}

/* -ENOENT when there is no bundle: the container does not run. */
static int read_bundle(const StateRoots *roots, const char *folder, const char *path, Container *c,
		       Diag *d)
{
	_cleanup_folder_ StateFolder in = STATE_FOLDER_NULL;
	OciConfig oci;
	int r = state_open_folder(roots, folder, &in);

	return r < 0 ? r : oci_config_read(&in, path, c, &oci, d);
}

static int read_spec(const StateRoots *roots, Container *c, Diag *d)
{
	const char *state = roots->containerd_state ?: "run/containerd";
	const char *exec_root = roots->docker_exec_root ?: "run/docker";
	char path[CGROUP_ID_MAX + 96];
	int r;

	snprintf(path, sizeof(path), BUNDLE, c->id);
	r = read_bundle(roots, state, path, c, d);
	if (r != -ENOENT)
		return r;
	/* where dockerd has started a containerd of its own */
	snprintf(path, sizeof(path), "containerd/daemon/" BUNDLE, c->id);
	return read_bundle(roots, exec_root, path, c, d);
}

static void read_init(const StateRoots *roots, Container *c)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;

	if (state_open_folder(roots, roots->docker_exec_root ?: "run/docker", &folder) == 0)
		runc_init_read(&folder, "runtime-runc/moby", c);
}

/*
 * A container that has ended has no bundle any more. Where it was follows from the rule by which
 * Docker names cgroups, and only Docker writes there.
 */
static void take_default_cgroup(Span seen, Container *c)
{
	static const char *const before[] = { "/docker/", "system.slice:docker:" };
	char path[CGROUP_ID_MAX + 32];

	for (size_t i = 0; i < ELEMENTSOF(before); i++) {
		snprintf(path, sizeof(path), "%s%s", before[i], c->id);
		if (cgroups_path_fit(path, seen) != FIT_WHOLE)
			continue;
		span_copy(span_of(path), c->cgroups_path, sizeof(c->cgroups_path));
		return;
	}
}

/* The data root is unreadable, or not where we look: the bundle alone still tells the filter. */
static int find_bundle_only(const Lookup *l, Container *c, Diag *d)
{
	int r = read_spec(l->roots, c, d);

	if (r == 0)
		read_init(l->roots, c);
	return r;
}

static int docker_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	int r;

	if (!cgroup_id_is_hex64(span_of(l->id)))
		return -ENOENT;
	r = state_open_folder(l->roots, l->roots->docker_root ?: "var/lib/docker", &folder);
	if (r == 0)
		r = read_config(&folder, c, d);
	if (r == -ENOENT)
		return find_bundle_only(l, c, d);
	if (r < 0)
		return r;
	r = read_spec(l->roots, c, d);
	if (r == 0)
		read_init(l->roots, c);
	else if (r == -ENOENT)
		take_default_cgroup(l->cgroup, c);
	return r == -ENOENT ? 0 : r;
}

static int docker_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	int r = state_open_folder(roots, roots->docker_root ?: "var/lib/docker", &folder);

	return r < 0 ? r
		     : runtime_each_entry(&runtime_docker, &folder, "containers", f, userdata, d);
}

const Runtime runtime_docker = {
	.name = "docker",
	.root_offset = offsetof(StateRoots, docker_root),
	.root_default = "var/lib/docker",
	.file = "containers/ID/config.v2.json",
	.find = docker_find,
	.each = docker_each,
};
