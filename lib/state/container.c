/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "state/rootless.h"
#include "state/runtime.h"
#include "util/parse.h"

/* Engines before the runtimes that they call: both know the id, the engine more of it. */
static const Runtime *const runtimes[] = {
	&runtime_docker, &runtime_podman, &runtime_crio, &runtime_containerd,
	&runtime_runc,   &runtime_crun,   &runtime_lxc,  &runtime_machine,
};

void container_done(Container *c)
{
	labels_done(&c->labels);
	free(c->seccomp);
	free(c->capabilities);
	free(c->profile_source);
	*c = (Container){ 0 };
}

bool runtime_is_id(Span id)
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

static void trace(const Runtime *runtime, const Lookup *l, const Container *c, int r, const Diag *d)
{
	static const char *const reasons[] = {
		[CONTAINER_UNCONFIRMED] = "has it, with another cgroup",
		[CONTAINER_BY_ID] = "has it; no cgroup is recorded, or one of the same end",
		[CONTAINER_BY_CGROUP] = "has it, with this cgroup",
		[CONTAINER_BY_INIT] = "has it, and its init process is in this cgroup",
	};
	const StateRoots *roots = l->roots;
	const char *root = *(const char *const *)((const char *)roots + runtime->root_offset);
	Span file = span_of(runtime->file);
	ssize_t at = span_find(file, SPAN_LIT("ID"));
	char place[1024];

	if (!roots->trace)
		return;
	snprintf(place, sizeof(place), "/%s/%.*s%s%s", root ?: runtime->root_default,
		 (int)(at < 0 ? (ssize_t)file.n : at), file.p, at < 0 ? "" : l->id,
		 at < 0 ? "" : file.p + at + 2);
	roots->trace->f(runtime->name, place,
			r == 0         ? reasons[c->basis]
			: r == -ENOENT ? "does not know it"
			: d->text[0]   ? d->text
				       : strerrordesc_np(-r),
			roots->trace->userdata);
}

static int ask(const Runtime *runtime, const Lookup *l, Container *ret, Diag *d)
{
	_cleanup_container_ Container c = { 0 };
	int r;

	span_copy(span_of(l->id), c.id, sizeof(c.id));
	r = runtime->find(l, &c, d);
	if (r < 0) {
		trace(runtime, l, &c, r, d);
		return r;
	}
	name_runtime(&c, runtime);
	if (l->roots->guarded)
		snprintf(c.names.user, sizeof(c.names.user), "%u", l->roots->uid);
	container_confirm(l->roots, &c, l->cgroup, l->open);
	trace(runtime, l, &c, 0, d);
	*ret = c;
	c = (Container){ 0 };
	return 0;
}

int runtime_lookup(const Lookup *l, const char *runtime, Container *ret, Diag *d)
{
	_cleanup_container_ Container best = { 0 };
	int first_error = -ENOENT;

	for (size_t i = 0; i < ELEMENTSOF(runtimes) && !best.confirmed; i++) {
		_cleanup_container_ Container c = { 0 };
		Diag inner = { 0 };
		int r;

		if (!runtime_fits(runtime, runtimes[i]->name))
			continue;
		r = ask(runtimes[i], l, &c, &inner);
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
	container_done(ret);
	*ret = best;
	best = (Container){ 0 };
	return 0;
}

/* The user in whose tree a container is, or none: what a user runs only its own state knows. */
static bool is_users(Span cgroup, uint32_t *ret_uid)
{
	CgroupIdentity seen;

	cgroup_identify_path(cgroup, &seen);
	*ret_uid = seen.uid;
	return seen.uid != UINT32_MAX && seen.uid != 0;
}

int container_find(const StateRoots *roots, const char *runtime, const char *id, Span cgroup,
		   Container *ret, Diag *d)
{
	Container c = { 0 };
	Rootless rootless;
	uint32_t uid;
	int r;

	if (!runtime_is_id(span_of(id)) || roots->root_fd < 0)
		return -ENOENT;
	if (is_users(cgroup, &uid)) {
		rootless_roots(roots, uid, &rootless);
		roots = &rootless.roots;
	}
	r = runtime_lookup(&(Lookup){ .roots = roots, .id = id, .cgroup = cgroup }, runtime, &c, d);
	if (r == 0)
		*ret = c;
	return r;
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

int runtime_each_entry(const Runtime *runtime, const StateFolder *folder, const char *path,
		       ContainerFn f, void *userdata, Diag *d)
{
	_cleanup_(closedirp) DIR *stream = NULL;
	struct dirent *e;
	int first_error = 0, r;

	r = state_open_stream(folder, path, &stream);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (unsigned i = 0; i < CONTAINER_EACH_MAX && (e = readdir(stream));) {
		const Lookup l = { .roots = folder->roots, .id = e->d_name };

		if (!runtime_is_id(span_of(e->d_name)))
			continue;
		i++;
		r = visit(runtime, &l, f, userdata, d, &first_error);
		if (r != 0)
			return r;
	}
	return first_error;
}

/* Users whose own containers are listed. */
#define USERS_MAX 256

typedef struct UserWalk {
	ContainerFn f;
	void *userdata;
	uint32_t uid;
} UserWalk;

static int emit_users(const Container *c, void *userdata)
{
	const UserWalk *w = userdata;
	Container copy = *c; /* borrowed pointers */

	snprintf(copy.names.user, sizeof(copy.names.user), "%u", w->uid);
	return w->f(&copy, w->userdata);
}

static int each_runtime(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	int first_error = 0;

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

static int each_user(const StateRoots *roots, ContainerFn f, void *userdata)
{
	_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
	_cleanup_(closedirp) DIR *stream = NULL;
	struct dirent *e;

	if (state_open_folder(roots, "run/user", &folder) < 0 ||
	    state_open_stream(&folder, ".", &stream) < 0)
		return 0;
	for (unsigned n = 0; n < USERS_MAX && (e = readdir(stream));) {
		UserWalk w = { .f = f, .userdata = userdata };
		Rootless rootless;
		int r;

		if (parse_u32(span_of(e->d_name), &w.uid) < 0 || w.uid == 0)
			continue;
		n++;
		rootless_roots(roots, w.uid, &rootless);
		/* what is wrong in a user's tree is the user's business */
		r = each_runtime(&rootless.roots, emit_users, &w, NULL);
		if (r > 0)
			return r;
	}
	return 0;
}

int container_each(const StateRoots *roots, ContainerFn f, void *userdata, Diag *d)
{
	int r, user;

	if (roots->root_fd < 0)
		return -ENOENT;
	r = each_runtime(roots, f, userdata, d);
	if (r > 0)
		return r;
	user = each_user(roots, f, userdata);
	return user > 0 ? user : r;
}
