/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* containerd without Docker (CRI, k3s, nerdctl, ctr): the task's bundle, STATE/TASKS/NAMESPACE/ID.
 * Its labels are in a database that it keeps locked. */
#include <errno.h>
#include <limits.h>

#include "state/runtime.h"
#include "util/parse.h"

#define TASKS "io.containerd.runtime.v2.task"
#define NAMESPACES_MAX 256

static const char *const state_folders[] = { NULL, "run/k3s/containerd" };

static int open_state(const StateRoots *roots, size_t i, StateFolder *ret)
{
	if (state_folders[i] && roots->guarded)
		return -ENOENT;
	return state_open_folder(
		roots, state_folders[i] ?: roots->containerd_state ?: "run/containerd", ret);
}

static int open_tasks(const StateFolder *state, DIR **ret)
{
	return state_open_stream(state, TASKS, ret);
}

/* Docker's own namespace is docker.c's. */
static bool next_namespace(DIR *stream, unsigned *n, Span *ret)
{
	struct dirent *e;

	while (*n < NAMESPACES_MAX && (e = readdir(stream))) {
		*ret = span_of(e->d_name);
		if (ret->p[0] == '.' || span_is(*ret, "moby"))
			continue;
		++*n;
		return true;
	}
	return false;
}

/* ctr and nerdctl: what was recorded; without a spec, the rule that they name cgroups by. */
static void complete(const StateFolder *state, Span namespace, Container *c)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];

	if (c->names.name[0] == '\0' && !cgroup_id_is_hex64(span_of(c->id)))
		span_copy(span_of(c->id), c->names.name, sizeof(c->names.name));
	if (!c->spec_found)
		snprintf(c->cgroups_path, sizeof(c->cgroups_path), "/%.*s/%s", (int)namespace.n,
			 namespace.p, c->id);
	snprintf(path, sizeof(path), "runc/%.*s", (int)namespace.n, namespace.p);
	runc_init_read(state, path, c);
	snprintf(path, sizeof(path), TASKS "/%.*s/%s/init.pid", (int)namespace.n, namespace.p,
		 c->id);
	if (c->init_pid == 0)
		state_read_pid(state, path, &c->init_pid);
}

static int read_entry(const StateFolder *state, Span namespace, Container *c, Diag *d)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	_cleanup_(closedirp) DIR *bundle = NULL;
	OciConfig oci;
	int r;

	snprintf(path, sizeof(path), TASKS "/%.*s/%s/config.json", (int)namespace.n, namespace.p,
		 c->id);
	r = oci_config_read(state, path, c, &oci, d);
	if (r == -ENOENT) {
		/* some sandboxes have a bundle and no spec in it */
		path[strlen(path) - strlen("/config.json")] = '\0';
		r = state_open_beneath(state, path, &bundle);
	}
	if (r == 0)
		complete(state, namespace, c);
	return r;
}

/* How well an entry answers: an id may stand in two namespaces, and only one of them is meant. */
static int rank(const Lookup *l, const Container *c)
{
	return l->cgroup.n == 0 ? 0 : (int)cgroups_path_fit(c->cgroups_path, l->cgroup);
}

typedef struct Best {
	Container container;
	int rank;
	bool found, tie;
} Best;

static void best_done(Best *b)
{
	container_done(&b->container);
}

static void offer(Best *b, Container *c, int r)
{
	b->tie = b->found && r == b->rank;
	if (b->found && r <= b->rank) {
		container_done(c);
		return;
	}
	container_done(&b->container);
	b->container = *c;
	b->rank = r;
	b->found = true;
}

static int find_in_state(const Lookup *l, const StateFolder *state, Best *best, Diag *d)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	unsigned n = 0;
	Span namespace;
	int r, first_error = -ENOENT;

	r = open_tasks(state, &stream);
	if (r < 0)
		return r;
	while (next_namespace(stream, &n, &namespace)) {
		Container c = { 0 };

		if (l->namespace.p && !span_eq(l->namespace, namespace))
			continue;
		span_copy(span_of(l->id), c.id, sizeof(c.id));
		r = read_entry(state, namespace, &c, d);
		if (r == 0)
			offer(best, &c, rank(l, &c));
		else
			container_done(&c);
		if (r < 0 && r != -ENOENT)
			first_error = r;
	}
	return first_error;
}

static int containerd_find(const Lookup *l, Container *c, Diag *d)
{
	_cleanup_(best_done) Best best = { 0 };
	int first_error = -ENOENT;

	for (size_t i = 0; i < ELEMENTSOF(state_folders); i++) {
		_cleanup_folder_ StateFolder state = STATE_FOLDER_NULL;
		int r = open_state(l->roots, i, &state);

		if (r == 0)
			r = find_in_state(l, &state, &best, d);

		if (r != -ENOENT)
			first_error = r;
	}
	if (!best.found)
		return first_error;
	if (best.tie && l->cgroup.n > 0)
		return diag_set(d, -EBADMSG, "two namespaces of containerd have a container %s",
				l->id);
	*c = best.container;
	best.container = (Container){ 0 };
	return 0;
}

typedef struct Walk {
	ContainerFn f;
	void *userdata;
	unsigned n;
	int first_error;
} Walk;

static int each_in_namespace(const StateFolder *state, Span namespace, Walk *w, Diag *d)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	char path[NAME_MAX + 64];
	struct dirent *e;

	snprintf(path, sizeof(path), TASKS "/%.*s", (int)namespace.n, namespace.p);
	if (state_open_beneath(state, path, &stream) < 0)
		return 0;
	while (w->n < CONTAINER_EACH_MAX && (e = readdir(stream))) {
		_cleanup_container_ Container c = { 0 };
		int r;

		if (!runtime_is_id(span_of(e->d_name)))
			continue;
		w->n++;
		span_copy(span_of(e->d_name), c.id, sizeof(c.id));
		r = read_entry(state, namespace, &c, w->first_error ? NULL : d);
		if (r < 0 && r != -ENOENT && w->first_error == 0)
			w->first_error = r;
		r = r < 0 ? 0 : runtime_emit(&runtime_containerd, &c, w->f, w->userdata);
		if (r > 0)
			return r;
	}
	return 0;
}

static int each_in_state(const StateFolder *state, Walk *w, Diag *d)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	unsigned n = 0;
	Span namespace;
	int r;

	r = open_tasks(state, &stream);
	if (r < 0)
		return r;
	while (next_namespace(stream, &n, &namespace)) {
		r = each_in_namespace(state, namespace, w, d);
		if (r > 0)
			return r;
	}
	return 0;
}

static int containerd_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	Walk w = { .f = f, .userdata = userdata };

	for (size_t i = 0; i < ELEMENTSOF(state_folders); i++) {
		_cleanup_folder_ StateFolder state = STATE_FOLDER_NULL;
		int r = open_state(roots, i, &state);

		if (r == 0)
			r = each_in_state(&state, &w, d);

		if (r > 0)
			return r;
		if (r < 0 && r != -ENOENT && w.first_error == 0)
			w.first_error = r;
	}
	return w.first_error;
}

const Runtime runtime_containerd = {
	.name = "containerd",
	.root_offset = offsetof(StateRoots, containerd_state),
	.root_default = "run/containerd",
	.file = "io.containerd.runtime.v2.task/*/ID/config.json",
	.find = containerd_find,
	.each = containerd_each,
};
