/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* runc by hand, and what runc knows of an engine's containers: ROOT/ID/state.json. Its own copy of
 * the filter has numbers for names, so the filter is read from the bundle. */
#include <errno.h>

#include "state/runtime.h"

/* "/sys/fs/cgroup/memory/a/b" under the key "memory" is the path "/a/b"; the v2 hierarchy has an
 * empty key and on hybrid hosts a folder of its own. */
static Span path_in_hierarchy(const char *key, const char *folder)
{
	static const Span mount = SPAN_LIT("/sys/fs/cgroup"), unified = SPAN_LIT("/unified/");
	Span rest = span_of(folder), part;

	if (!span_skip(&rest, mount) || rest.n < 2 || rest.p[0] != '/')
		return SPAN_NULL;
	if (key[0] == '\0')
		return span_starts(rest, unified) ? span_from(rest, unified.n - 1) : rest;
	part = span_from(rest, 1);
	rest = part;
	if (!span_split(&rest, '/', &part) || !rest.p)
		return SPAN_NULL;
	return span_make(rest.p - 1, rest.n + 1);
}

/* Hierarchies need not agree: the one that was seen decides. */
static void take_cgroups(json_object *paths, Span seen, Container *c)
{
	json_object_object_foreach(paths, key, value)
	{
		Span path;

		if (!json_object_is_type(value, json_type_string))
			continue;
		path = path_in_hierarchy(key, json_object_get_string(value));
		if (path.n < 2 || path.n >= sizeof(c->cgroups_path))
			continue;
		span_copy(path, c->cgroups_path, sizeof(c->cgroups_path));
		if (cgroups_path_fit(c->cgroups_path, seen) == FIT_WHOLE)
			return;
	}
}

static void take_init(json_object *root, Container *c)
{
	json_object *start = NULL;

	c->init_pid = state_json_pid(root, "init_process_pid");
	if (json_object_object_get_ex(root, "init_process_start", &start) &&
	    json_object_is_type(start, json_type_int))
		c->init_start = json_object_get_uint64(start);
}

/* "bundle=/path" and the annotations as "key=value". */
static int take_labels(json_object *config, Container *c, char **ret_bundle)
{
	_cleanup_json_ json_object *annotations = json_object_new_object();
	json_object *labels = NULL;
	size_t n = 0;

	if (json_object_is_type(config, json_type_object) &&
	    json_object_object_get_ex(config, "labels", &labels) &&
	    json_object_is_type(labels, json_type_array))
		n = json_object_array_length(labels);
	for (size_t i = 0; i < n && annotations; i++) {
		Span value = span_of(json_object_get_string(json_object_array_get_idx(labels, i)));
		char key[128];
		Span part;

		if (!value.p || !span_split(&value, '=', &part) || !value.p ||
		    !span_copy(part, key, sizeof(key)))
			continue;
		if (strcmp(key, "bundle") == 0 && ret_bundle && !*ret_bundle)
			*ret_bundle = span_dup(value);
		else
			json_object_object_add(annotations, key, json_object_new_string(value.p));
	}
	if (!annotations)
		return -ENOMEM;
	container_take_names(annotations, NULL, &c->names);
	return 0;
}

static int take_state(json_object *root, Span seen, Container *c, char **ret_bundle, Diag *d)
{
	json_object *paths = state_json_object(root, "cgroup_paths");
	const char *id = state_json_string(root, "id");

	if (!id || strcmp(id, c->id) != 0)
		return diag_set(d, -EBADMSG, "is about another container");
	take_init(root, c);
	if (paths)
		take_cgroups(paths, seen, c);
	return take_labels(state_json_object(root, "config"), c, ret_bundle);
}

int runc_state_parse(Span text, Span seen, Container *c, char **ret_bundle, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r = state_json_parse(text, &root, d);

	return r < 0 ? r : take_state(root, seen, c, ret_bundle, d);
}

void runc_init_read(const StateFolder *folder, const char *root, Container *c)
{
	_cleanup_json_ json_object *state = NULL;
	char path[NAME_MAX + CGROUP_ID_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s/state.json", root, c->id);
	/* What says nothing must not make a container that runs look like one that has ended. */
	if (state_json_read(folder, path, &state, NULL) == 0 &&
	    state_json_pid(state, "init_process_pid") > 0)
		take_init(state, c);
}

static bool is_older(const StateFolder *folder, const char *path, const StateFolder *than,
		     const char *than_path)
{
	struct stat a, b;

	if (state_stat(folder, path, &a) < 0 || state_stat(than, than_path, &b) < 0)
		return false;
	return a.st_mtim.tv_sec < b.st_mtim.tv_sec ||
	       (a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec <= b.st_mtim.tv_nsec);
}

/* The bundle is the owner's to edit: what is newer than the container is for the next one. */
static int read_bundle(const StateRoots *roots, const char *bundle, const StateFolder *root,
		       Container *c, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	_cleanup_container_ Container spec = { 0 };
	char state[CGROUP_ID_MAX + 32];
	OciConfig oci;
	int r;

	if (!bundle || bundle[0] != '/')
		return 0;
	snprintf(state, sizeof(state), "%s/state.json", c->id);
	if (state_open_folder(roots, bundle + 1, &folder) < 0 ||
	    !is_older(&folder, "config.json", root, state))
		return 0;
	r = oci_config_read(&folder, "config.json", &spec, &oci, d);
	if (r < 0) /* whoever made the bundle may have made it badly: the container is known all the
		      same */
		return r == -EAGAIN ? r : 0;
	c->spec_found = true;
	c->seccomp = STEAL(spec.seccomp);
	c->capabilities = STEAL(spec.capabilities);
	c->no_new_privs = spec.no_new_privs;
	c->privileged = spec.privileged;
	memcpy(c->engine_socket, spec.engine_socket, sizeof(c->engine_socket));
	c->profile_source = STEAL(spec.profile_source);
	return 0;
}

/* An engine's container is the engine's to tell. */
static bool is_an_engines(const char *bundle)
{
	Span s = span_of(bundle);

	return span_find(s, SPAN_LIT("-containers/")) >= 0 ||
	       span_find(s, SPAN_LIT("/io.containerd.runtime.v")) >= 0;
}

static int runc_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	_cleanup_free_ char *bundle = NULL;
	_cleanup_json_ json_object *root = NULL;
	char path[CGROUP_ID_MAX + 32];
	int r = state_open_folder(l->roots, l->roots->runc_root ?: "run/runc", &folder);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/state.json", c->id);
	r = state_json_read(&folder, path, &root, d);
	if (r == 0)
		r = take_state(root, l->cgroup, c, &bundle, d);
	if (r < 0)
		return r;
	if (is_an_engines(bundle))
		return -ENOENT;
	if (c->names.name[0] == '\0' && !cgroup_id_is_hex64(span_of(c->id)))
		span_copy(span_of(c->id), c->names.name, sizeof(c->names.name));
	return read_bundle(l->roots, bundle, &folder, c, d);
}

static int runc_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	int r = state_open_folder(roots, roots->runc_root ?: "run/runc", &folder);

	return r < 0 ? r : runtime_each_entry(&runtime_runc, &folder, ".", f, userdata, d);
}

const Runtime runtime_runc = {
	.name = "runc",
	.root_offset = offsetof(StateRoots, runc_root),
	.root_default = "run/runc",
	.file = "ID/state.json",
	.find = runc_find,
	.each = runc_each,
};
