/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "state/confirm.h"
#include "state/runtime.h"

/* Engines before the runtimes that they call: both know the id, the engine more of it. */
static const Runtime *const runtimes[] = {
	&runtime_docker,
	&runtime_podman,
};

void container_done(Container *c)
{
	free(c->seccomp);
	free(c->capabilities);
	free(c->profile_source);
	*c = (Container){ 0 };
}

/* The id becomes part of a path. */
static bool is_id(Span id)
{
	if (id.n == 0 || id.n >= CGROUP_ID_MAX ||
	    !strchr("0123456789abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
		    id.p[0]))
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] <= ' ' || id.p[i] > '~' || strchr("/\\:*?\"'", id.p[i]))
			return false;
	return true;
}

/* "cri-unknown", "oci-unknown": the path does not say, so ask them all. */
static bool runtime_fits(const char *asked, const char *name)
{
	return !asked || strcmp(asked, name) == 0 ||
	       span_ends(span_of(asked), SPAN_LIT("-unknown"));
}

static void name_runtime(Container *c, const Runtime *runtime)
{
	c->runtime = runtime->name;
	span_copy(span_of(c->runtime), c->names.runtime, sizeof(c->names.runtime));
}

int runtime_emit(const Runtime *runtime, Container *c, ContainerFn f, void *userdata)
{
	name_runtime(c, runtime);
	return f(c, userdata);
}

static int ask(const Runtime *runtime, const Lookup *l, Container *ret, Diag *d)
{
	_cleanup_container_ Container c = { 0 };
	int r;

	span_copy(span_of(l->id), c.id, sizeof(c.id));
	r = runtime->find(l, &c, d);
	if (r < 0)
		return r;
	name_runtime(&c, runtime);
	container_confirm(l->roots, &c, l->cgroup);
	container_done(ret);
	*ret = c;
	c = (Container){ 0 };
	return 0;
}

int container_find(const StateRoots *roots, const char *runtime, const char *id, Span cgroup,
		   Container *ret, Diag *d)
{
	_cleanup_container_ Container best = { 0 };
	const Lookup lookup = { roots, id, cgroup };
	int first_error = -ENOENT;

	if (!is_id(span_of(id)) || roots->root_fd < 0)
		return -ENOENT;
	for (size_t i = 0; i < ELEMENTSOF(runtimes) && !best.confirmed; i++) {
		_cleanup_container_ Container c = { 0 };
		Diag inner = { 0 };
		int r;

		if (!runtime_fits(runtime, runtimes[i]->name))
			continue;
		r = ask(runtimes[i], &lookup, &c, &inner);
		if (r == 0 && (!best.runtime || c.confirmed)) {
			container_done(&best);
			best = c;
			c = (Container){ 0 };
		} else if (r < 0 && r != -ENOENT && first_error == -ENOENT) {
			first_error = r;
			if (d)
				*d = inner;
		}
	}
	if (!best.runtime)
		return first_error;
	*ret = best;
	best = (Container){ 0 };
	return 0;
}

static int visit(const Runtime *runtime, const Lookup *l, ContainerFn f, void *userdata, Diag *d,
		 int *first_error)
{
	_cleanup_container_ Container c = { 0 };
	Diag inner = { 0 };
	int r;

	span_copy(span_of(l->id), c.id, sizeof(c.id));
	r = runtime->find(l, &c, &inner);
	if (r == 0)
		return runtime_emit(runtime, &c, f, userdata);
	if (r != -ENOENT && *first_error == 0) {
		*first_error = r;
		if (d)
			*d = inner;
	}
	return 0;
}

int runtime_each_entry(const Runtime *runtime, const StateRoots *roots, int folder_fd,
		       const char *path, ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	struct dirent *e;
	int first_error = 0, r;

	r = state_open_stream(folder_fd, path, &stream);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (unsigned i = 0; i < CONTAINER_EACH_MAX && (e = readdir(stream));) {
		const Lookup l = { roots, e->d_name, SPAN_NULL };

		if (!is_id(span_of(e->d_name)))
			continue;
		i++;
		r = visit(runtime, &l, f, userdata, d, &first_error);
		if (r != 0)
			return r;
	}
	return first_error;
}

int container_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	int first_error = 0;

	if (roots->root_fd < 0)
		return -ENOENT;
	for (size_t i = 0; i < ELEMENTSOF(runtimes); i++) {
		Diag inner = { 0 };
		int r = runtimes[i]->each(roots, f, userdata, &inner);

		if (r > 0)
			return r;
		if (r < 0 && r != -ENOENT && first_error == 0) {
			first_error = r;
			if (d)
				*d = inner;
		}
	}
	return first_error;
}
