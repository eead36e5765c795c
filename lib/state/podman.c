/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Podman: GRAPHROOT/DRIVER-containers/containers.json (and volatile-containers.json) for the names,
 * ID/userdata/config.json beside it for what was applied. Labels are only in its database. */
#include <errno.h>
#include <limits.h>

#include "state/runtime.h"
#include "state/store-list.h"

/* The image's name stands in a JSON text inside of the JSON. */
static void take_metadata(const char *text, Container *c)
{
	_cleanup_json_ json_object *meta = NULL;
	const char *image;

	if (!text || state_json_parse(span_of(text), &meta, NULL) < 0)
		return;
	state_json_copy(meta, "image-name", c->names.image, sizeof(c->names.image));
	image = state_json_string(meta, "image-id");
	if (image && cgroup_id_is_hex64(span_of(image)))
		snprintf(c->names.image_digest, sizeof(c->names.image_digest), "sha256:%s", image);
	if (c->names.name[0] == '\0')
		state_json_copy(meta, "name", c->names.name, sizeof(c->names.name));
}

static void take_entry(json_object *entry, Container *c)
{
	json_object *names = NULL, *name;

	if (json_object_object_get_ex(entry, "names", &names) &&
	    json_object_is_type(names, json_type_array) && json_object_array_length(names) > 0) {
		name = json_object_array_get_idx(names, 0);
		if (json_object_is_type(name, json_type_string))
			span_copy(span_of(json_object_get_string(name)), c->names.name,
				  sizeof(c->names.name));
	}
	take_metadata(state_json_string(entry, "metadata"), c);
}

static int take_list(json_object *root, Container *c, Diag *d)
{
	size_t n;

	if (!json_object_is_type(root, json_type_array))
		return diag_set(d, -EBADMSG, "is no array");
	n = json_object_array_length(root);
	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(root, i);
		const char *id = state_json_string(entry, "id");

		if (id && strcmp(id, c->id) == 0) {
			take_entry(entry, c);
			return 0;
		}
	}
	return -ENOENT;
}

int podman_list_parse(Span text, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r;

	r = state_json_parse(text, &root, d);
	return r < 0 ? r : take_list(root, c, d);
}

/*
 * The container's spec, from the store or, for a transient store, from the run root. Podman keeps
 * no name in its annotations, but copies those of the image, which may call itself anything.
 */
static int read_spec(const Store *p, json_object *entry, Container *c, Diag *d)
{
	const ContainerNames names = c->names;
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	OciConfig oci;
	int r;

	snprintf(path, sizeof(path), "%s/%s/userdata/config.json", p->driver, c->id);
	r = oci_config_read(&p->graph, path, c, &oci, d);
	if (r == -ENOENT && p->run.fd >= 0)
		r = oci_config_read(&p->run, path, c, &oci, d);
	if (store_is_crio(entry, span_of(c->cgroups_path), c->id))
		return -ENOENT;
	c->names = names;
	c->sandbox = false;
	return r == -ENOENT ? 0 : r;
}

static void read_pid(const Store *p, Container *c)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s/userdata/pidfile", p->driver, c->id);
	if (p->run.fd >= 0)
		state_read_pid(&p->run, path, &c->init_pid);
}

static int complete(const Store *p, json_object *entry, Container *c, Diag *d)
{
	int r;

	take_entry(entry, c);
	r = read_spec(p, entry, c, d);
	if (r == 0)
		read_pid(p, c);
	return r;
}

static int find_in_driver(const Store *p, Container *c, Diag *d)
{
	_cleanup_json_ json_object *list = NULL;
	json_object *entry;
	int r;

	r = store_list_find(p, c->id, &list, &entry, d);
	return r < 0 ? r : complete(p, entry, c, d);
}

static int podman_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_store_ Store p = STORE_NULL;
	int r;

	if (!cgroup_id_is_hex64(span_of(l->id)))
		return -ENOENT;
	r = store_open(l->roots, &p);
	if (r < 0)
		return r;
	while (store_next_driver(&p)) {
		r = find_in_driver(&p, c, d);
		if (r != -ENOENT)
			return r;
	}
	return -ENOENT;
}

typedef struct Listener {
	ContainerFn f;
	void *userdata;
} Listener;

static int on_entry(const Store *p, json_object *entry, Container *c, void *userdata, Diag *d)
{
	const Listener *to = userdata;
	int r = complete(p, entry, c, d);

	return r < 0 ? r : runtime_emit(&runtime_podman, c, to->f, to->userdata);
}

static int podman_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	StoreWalk w = { .f = on_entry, .userdata = &(Listener){ f, userdata } };

	return store_list_each(roots, &w, d);
}

const Runtime runtime_podman = {
	.name = "podman",
	.root_offset = offsetof(StateRoots, podman_root),
	.root_default = "var/lib/containers/storage",
	.file = "*-containers/containers.json",
	.find = podman_find,
	.each = podman_each,
};
