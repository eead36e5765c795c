/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Podman: GRAPHROOT/DRIVER-containers/containers.json (and volatile-containers.json) for the names,
 * ID/userdata/config.json beside it for what was applied. CRI-O shares the store. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "state/runtime.h"
#include "util/parse.h"

/* A store has one driver; several are left only by a change of it. */
#define DRIVERS_MAX 8

DEFINE_CLEANUP(DIR, closedir);

/* The image's name stands in a JSON text inside of the JSON. */
static void take_metadata(const char *text, Container *c)
{
	_cleanup_json_ json_object *meta = NULL;

	if (!text || state_json_parse(span_of(text), &meta, NULL) < 0)
		return;
	state_json_copy(meta, "image-name", c->names.image, sizeof(c->names.image));
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

static int read_list(int folder_fd, const char *driver, const char *file, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	char path[NAME_MAX + 64];
	Diag inner = { 0 };
	int r;

	snprintf(path, sizeof(path), "%s/%s", driver, file);
	r = state_json_read(folder_fd, path, &root, d);
	if (r < 0)
		return r;
	r = take_list(root, c, &inner);
	return r == -EBADMSG ? diag_set(d, r, "%s: %s", path, inner.text) : r;
}

/* The container's spec, from the store or, for a transient store, from the run root. */
static int read_spec(int graph_fd, int run_fd, const char *driver, Container *c, Diag *d)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	OciConfig oci;
	int r;

	snprintf(path, sizeof(path), "%s/%s/userdata/config.json", driver, c->id);
	r = oci_config_read(graph_fd, path, c, &oci, d);
	if (r == -ENOENT && run_fd >= 0)
		r = oci_config_read(run_fd, path, c, &oci, d);
	if (r == 0 && strcmp(oci.manager, "cri-o") == 0)
		return -ENOENT;
	return r == -ENOENT ? 0 : r;
}

static void read_pid(int run_fd, const char *driver, Container *c)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	_cleanup_free_ char *text = NULL;
	int32_t pid;
	Span digits;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s/userdata/pidfile", driver, c->id);
	if (run_fd < 0 || state_read(run_fd, path, &text, &n, NULL) < 0)
		return;
	digits = span_make(text, n);
	if (span_ends(digits, SPAN_LIT("\n")))
		digits.n--;
	if (parse_i32(digits, &pid) == 0 && pid > 0)
		c->init_pid = pid;
}

static int find_in_driver(int graph_fd, int run_fd, const char *driver, Container *c, Diag *d)
{
	int r;

	r = read_list(graph_fd, driver, "containers.json", c, d);
	if (r == -ENOENT)
		r = read_list(graph_fd, driver, "volatile-containers.json", c, d);
	if (r == -ENOENT && run_fd >= 0)
		r = read_list(run_fd, driver, "volatile-containers.json", c, d);
	if (r < 0)
		return r;
	r = read_spec(graph_fd, run_fd, driver, c, d);
	if (r == 0)
		read_pid(run_fd, driver, c);
	return r;
}

static int open_stream(int folder_fd, DIR **ret)
{
	_cleanup_close_ int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret = fdopendir(fd);
	if (!*ret)
		return -errno;
	steal_fd(&fd);
	return 0;
}

static int find_in_store(int graph_fd, int run_fd, Container *c, Diag *d)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	struct dirent *entry;
	unsigned n_drivers = 0;
	int r;

	r = open_stream(graph_fd, &stream);
	if (r < 0)
		return r;
	while ((entry = readdir(stream)) && n_drivers < DRIVERS_MAX) {
		if (!span_ends(span_of(entry->d_name), SPAN_LIT("-containers")))
			continue;
		n_drivers++;
		r = find_in_driver(graph_fd, run_fd, entry->d_name, c, d);
		if (r != -ENOENT)
			return r;
	}
	return -ENOENT;
}

int podman_find(const StateRoots *roots, const char *id, Container *c, Diag *d)
{
	_cleanup_close_ int graph_fd = -1, run_fd = -1;

	graph_fd = state_open_folder(roots->root_fd,
				     roots->podman_root ?: "var/lib/containers/storage");
	if (graph_fd < 0)
		return graph_fd;
	run_fd = state_open_folder(roots->root_fd,
				   roots->podman_run_root ?: "run/containers/storage");
	c->runtime = "podman";
	span_copy(span_of(id), c->id, sizeof(c->id));
	return find_in_store(graph_fd, run_fd, c, d);
}
