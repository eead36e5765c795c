/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "state/store-list.h"
#include "who/cgroup-pattern.h"

static const struct {
	bool in_run_root;
	const char *name;
} files[] = {
	{ false, "containers.json" },
	{ false, "volatile-containers.json" },
	{ true, "volatile-containers.json" }, /* of a transient store */
};

static int read_list(const Store *s, size_t file, json_object **ret, Diag *d)
{
	const StateFolder *folder = files[file].in_run_root ? &s->run : &s->graph;
	char path[NAME_MAX + 64];
	int r;

	if (folder->fd < 0)
		return -ENOENT;
	snprintf(path, sizeof(path), "%s/%s", s->driver, files[file].name);
	r = state_json_read(folder, path, ret, d);
	if (r == 0 && !json_object_is_type(*ret, json_type_array)) {
		json_object_put(*ret);
		*ret = NULL;
		return diag_set(d, -EBADMSG, "%s: is no array", path);
	}
	return r;
}

static json_object *find_entry(json_object *list, const char *id)
{
	size_t n = json_object_array_length(list);

	for (size_t i = 0; i < n; i++) {
		json_object *entry = json_object_array_get_idx(list, i);
		const char *found = state_json_string(entry, "id");

		if (found && strcmp(found, id) == 0)
			return entry;
	}
	return NULL;
}

int store_list_find(const Store *s, const char *id, json_object **ret_list, json_object **ret_entry,
		    Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(files); i++) {
		_cleanup_json_ json_object *list = NULL;
		int r = read_list(s, i, &list, d);

		if (r < 0 && r != -ENOENT)
			return r;
		*ret_entry = list ? find_entry(list, id) : NULL;
		if (*ret_entry) {
			*ret_list = STEAL(list);
			return 0;
		}
	}
	return -ENOENT;
}

static int visit(const Store *s, json_object *entry, StoreWalk *w, Diag *d)
{
	const char *id = state_json_string(entry, "id");
	_cleanup_container_ Container c = { 0 };
	int r;

	if (!id || !cgroup_id_is_hex64(span_of(id)) || w->n >= CONTAINER_EACH_MAX)
		return 0;
	w->n++;
	span_copy(span_of(id), c.id, sizeof(c.id));
	r = w->f(s, entry, &c, w->userdata, w->first_error ? NULL : d);
	if (r < 0 && r != -ENOENT && w->first_error == 0)
		w->first_error = r;
	return MAX(r, 0);
}

static int each_in_driver(const Store *s, StoreWalk *w, Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(files); i++) {
		_cleanup_json_ json_object *list = NULL;
		int r = read_list(s, i, &list, w->first_error ? NULL : d);

		if (r < 0 && r != -ENOENT && w->first_error == 0)
			w->first_error = r;
		for (size_t k = 0; list && k < json_object_array_length(list); k++) {
			r = visit(s, json_object_array_get_idx(list, k), w, d);
			if (r > 0)
				return r;
		}
	}
	return 0;
}

int store_list_each(const StateRoots *roots, StoreWalk *w, Diag *d)
{
	_cleanup_store_ Store s = STORE_NULL;
	int r;

	r = store_open(roots, &s);
	if (r < 0)
		return r;
	while (store_next_driver(&s)) {
		r = each_in_driver(&s, w, d);
		if (r > 0)
			return r;
	}
	return w->first_error;
}

/* The metadata is a JSON text inside of the JSON. */
static bool names_pod(json_object *entry)
{
	const char *text = entry ? state_json_string(entry, "metadata") : NULL;
	_cleanup_json_ json_object *metadata = NULL;

	return text && state_json_parse(span_of(text), &metadata, NULL) == 0 &&
	       state_json_string(metadata, "pod-id");
}

/* "crio-ID.scope", "/crio-ID", "SLICE:crio:ID". */
static bool has_crio_form(Span cgroup, const char *id)
{
	ssize_t at = span_find(cgroup, span_of(id));
	Span before = span_make(cgroup.p, (size_t)MAX(at, 0));

	return span_ends(before, SPAN_LIT("crio-")) || span_ends(before, SPAN_LIT("crio:"));
}

bool store_is_crio(json_object *entry, Span cgroup, const char *id)
{
	return names_pod(entry) || has_crio_form(cgroup, id);
}
