/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crun by hand: ROOT/ID/status, with a copy of the spec beside it. */
#include <errno.h>

#include "state/runtime.h"

static int take_status(json_object *root, Container *c, Diag *d)
{
	json_object *start = NULL;
	const char *path = state_json_string(root, "cgroup-path");

	if (!json_object_is_type(root, json_type_object))
		return diag_set(d, -EBADMSG, "is no object");
	c->init_pid = state_json_pid(root, "pid");
	if (json_object_object_get_ex(root, "process-start-time", &start) &&
	    json_object_is_type(start, json_type_int))
		c->init_start = json_object_get_uint64(start);
	if (path && strlen(path) < sizeof(c->cgroups_path))
		span_copy(span_of(path), c->cgroups_path, sizeof(c->cgroups_path));
	return 0;
}

int crun_status_parse(Span text, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r = state_json_parse(text, &root, d);

	return r < 0 ? r : take_status(root, c, d);
}

/* What crun did, and not what it was asked for, is where the container is. */
static int read_status(const StateFolder *folder, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	char path[CGROUP_ID_MAX + 32];
	int r;

	snprintf(path, sizeof(path), "%s/status", c->id);
	r = state_json_read(folder, path, &root, d);
	return r < 0 ? r : take_status(root, c, d);
}

static bool is_an_engines(const OciConfig *oci)
{
	return strcmp(oci->manager, "libpod") == 0 || strcmp(oci->manager, "cri-o") == 0;
}

static int crun_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	char path[CGROUP_ID_MAX + 32];
	OciConfig oci;
	int r = state_open_folder(l->roots, l->roots->crun_root ?: "run/crun", &folder);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/config.json", c->id);
	r = oci_config_read(&folder, path, c, &oci, d);
	if (r < 0 && r != -ENOENT)
		return r;
	if (is_an_engines(&oci))
		return -ENOENT;
	r = read_status(&folder, c, d);
	if (r < 0)
		return r;
	if (c->names.name[0] == '\0' && !cgroup_id_is_hex64(span_of(c->id)))
		span_copy(span_of(c->id), c->names.name, sizeof(c->names.name));
	return 0;
}

static int crun_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	int r = state_open_folder(roots, roots->crun_root ?: "run/crun", &folder);

	return r < 0 ? r : runtime_each_entry(&runtime_crun, &folder, ".", f, userdata, d);
}

const Runtime runtime_crun = {
	.name = "crun",
	.root_offset = offsetof(StateRoots, crun_root),
	.root_default = "run/crun",
	.file = "ID/status",
	.find = crun_find,
	.each = crun_each,
};
