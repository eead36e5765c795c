/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRI-O: DRIVER-containers/ID/userdata in the store that it shares with Podman: config.json with
 * all the names in its annotations, state.json with the init process. The store's list says whose a
 * container is. */
#include <errno.h>

#include "state/runtime.h"
#include "state/store-list.h"
#include "util/parse.h"

static int take_state(json_object *root, Container *c)
{
	json_object *start = NULL;

	c->init_pid = state_json_pid(root, "initPid");
	if (c->init_pid == 0)
		c->init_pid = state_json_pid(root, "pid");
	if (json_object_object_get_ex(root, "initStartTime", &start) &&
	    parse_u64(span_of(json_object_get_string(start)), &c->init_start) < 0)
		c->init_start = 0;
	return 0;
}

int crio_state_parse(Span text, Container *c, Diag *d)
{
	_cleanup_json_ json_object *root = NULL;
	int r = state_json_parse(text, &root, d);

	if (r < 0)
		return r;
	if (!json_object_is_type(root, json_type_object))
		return diag_set(d, -EBADMSG, "is no object");
	return take_state(root, c);
}

static void read_state(const StateFolder *folder, const char *path, Container *c)
{
	_cleanup_free_ char *text = NULL;
	size_t n;

	if (folder->fd >= 0 && c->init_pid == 0 && state_read(folder, path, &text, &n, NULL) == 0)
		crio_state_parse(span_make(text, n), c, NULL);
}

/* @entry is NULL where no list has it; then the cgroup alone tells, as recorded or else as @seen.
 */
static int complete(const Store *s, json_object *entry, Span seen, Container *c, Diag *d)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	OciConfig oci;
	int r;

	/* the run root's copy is of this boot */
	snprintf(path, sizeof(path), "%s/%s/userdata/config.json", s->driver, c->id);
	r = s->run.fd < 0 ? -ENOENT : oci_config_read(&s->run, path, c, &oci, d);
	if (r == -ENOENT)
		r = oci_config_read(&s->graph, path, c, &oci, d);
	if (r < 0)
		return r;
	if (!store_is_crio(entry, c->cgroups_path[0] ? span_of(c->cgroups_path) : seen, c->id))
		return -ENOENT;
	snprintf(path, sizeof(path), "%s/%s/userdata/state.json", s->driver, c->id);
	read_state(&s->graph, path, c);
	read_state(&s->run, path, c);
	return 0;
}

static int find_in_driver(const Store *s, Span seen, Container *c, Diag *d)
{
	_cleanup_json_ json_object *list = NULL;
	json_object *entry = NULL;

	/* a list that cannot be read knows nothing */
	store_list_find(s, c->id, &list, &entry, NULL);
	return complete(s, entry, seen, c, d);
}

static int crio_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_store_ Store s = STORE_NULL;
	int r;

	if (!cgroup_id_is_hex64(span_of(l->id)))
		return -ENOENT;
	r = store_open(l->roots, &s);
	if (r < 0)
		return r;
	while (store_next_driver(&s)) {
		r = find_in_driver(&s, l->cgroup, c, d);
		if (r != -ENOENT)
			return r;
		container_done(c);
		span_copy(span_of(l->id), c->id, sizeof(c->id));
	}
	return -ENOENT;
}

typedef struct Listener {
	ContainerFn f;
	void *userdata;
} Listener;

static int on_entry(const Store *s, json_object *entry, Container *c, void *userdata, Diag *d)
{
	const Listener *to = userdata;
	int r = complete(s, entry, SPAN_NULL, c, d);

	return r < 0 ? r : runtime_emit(&runtime_crio, c, to->f, to->userdata);
}

static int crio_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	StoreWalk w = { .f = on_entry, .userdata = &(Listener){ f, userdata } };

	return store_list_each(roots, &w, d);
}

const Runtime runtime_crio = {
	.name = "crio",
	.root_offset = offsetof(StateRoots, podman_root),
	.root_default = "var/lib/containers/storage",
	.file = "*-containers/ID/userdata/config.json",
	.find = crio_find,
	.each = crio_each,
};
