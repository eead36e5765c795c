/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Podman: GRAPHROOT/DRIVER-containers/containers.json (and volatile-containers.json) for the names,
 * ID/userdata/config.json beside it for what was applied. Labels are only in its database. */
#include <errno.h>
#include <limits.h>

#include "state/runtime.h"
#include "state/store.h"

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

typedef struct ListFile {
	bool in_run_root;
	const char *name;
} ListFile;

static const ListFile list_files[] = {
	{ false, "containers.json" },
	{ false, "volatile-containers.json" },
	{ true, "volatile-containers.json" }, /* of a transient store */
};

static int read_list(const Store *p, const ListFile *file, json_object **ret, Diag *d)
{
	int fd = file->in_run_root ? p->run_fd : p->graph_fd;
	char path[NAME_MAX + 64];
	int r;

	if (fd < 0)
		return -ENOENT;
	snprintf(path, sizeof(path), "%s/%s", p->driver, file->name);
	r = state_json_read(fd, path, ret, d);
	if (r == 0 && !json_object_is_type(*ret, json_type_array)) {
		json_object_put(*ret);
		*ret = NULL;
		return diag_set(d, -EBADMSG, "%s: is no array", path);
	}
	return r;
}

/*
 * The container's spec, from the store or, for a transient store, from the run root. Podman keeps
 * no name in its annotations, but copies those of the image, which may call itself anything.
 */
static int read_spec(const Store *p, Container *c, Diag *d)
{
	const ContainerNames names = c->names;
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	OciConfig oci;
	int r;

	snprintf(path, sizeof(path), "%s/%s/userdata/config.json", p->driver, c->id);
	r = oci_config_read(p->graph_fd, path, c, &oci, d);
	if (r == -ENOENT && p->run_fd >= 0)
		r = oci_config_read(p->run_fd, path, c, &oci, d);
	if (r == 0 && strcmp(oci.manager, "cri-o") == 0)
		return -ENOENT;
	c->names = names;
	c->sandbox = false;
	return r == -ENOENT ? 0 : r;
}

static void read_pid(const Store *p, Container *c)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s/userdata/pidfile", p->driver, c->id);
	if (p->run_fd >= 0)
		state_read_pid(p->run_fd, path, &c->init_pid);
}

static int complete(const Store *p, Container *c, Diag *d)
{
	int r = read_spec(p, c, d);

	if (r == 0)
		read_pid(p, c);
	return r;
}

static int find_in_driver(const Store *p, Container *c, Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(list_files); i++) {
		_cleanup_json_ json_object *list = NULL;
		int r = read_list(p, &list_files[i], &list, d);

		if (r == 0)
			r = take_list(list, c, d);
		if (r != -ENOENT)
			return r < 0 ? r : complete(p, c, d);
	}
	return -ENOENT;
}

typedef struct Walk {
	ContainerFn f;
	void *userdata;
	unsigned n;
	int first_error;
} Walk;

static int emit(const Store *p, json_object *entry, Walk *w, Diag *d)
{
	const char *id = state_json_string(entry, "id");
	_cleanup_container_ Container c = { 0 };
	int r;

	if (!id || !cgroup_id_is_hex64(span_of(id)) || w->n >= CONTAINER_EACH_MAX)
		return 0;
	w->n++;
	span_copy(span_of(id), c.id, sizeof(c.id));
	take_entry(entry, &c);
	r = complete(p, &c, w->first_error ? NULL : d);
	if (r == 0)
		return runtime_emit(&runtime_podman, &c, w->f, w->userdata);
	if (r != -ENOENT && w->first_error == 0)
		w->first_error = r;
	return 0;
}

static int each_in_driver(const Store *p, Walk *w, Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(list_files); i++) {
		_cleanup_json_ json_object *list = NULL;
		int r = read_list(p, &list_files[i], &list, w->first_error ? NULL : d);

		if (r < 0 && r != -ENOENT && w->first_error == 0)
			w->first_error = r;
		for (size_t k = 0; list && k < json_object_array_length(list); k++) {
			r = emit(p, json_object_array_get_idx(list, k), w, d);
			if (r > 0)
				return r;
		}
	}
	return 0;
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

static int podman_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_store_ Store p = STORE_NULL;
	Walk w = { .f = f, .userdata = userdata };
	int r;

	r = store_open(roots, &p);
	if (r < 0)
		return r;
	while (store_next_driver(&p)) {
		r = each_in_driver(&p, &w, d);
		if (r > 0)
			return r;
	}
	return w.first_error;
}

const Runtime runtime_podman = {
	.name = "podman",
	.root_offset = offsetof(StateRoots, podman_root),
	.root_default = "var/lib/containers/storage",
	.file = "*-containers/containers.json",
	.find = podman_find,
	.each = podman_each,
};
