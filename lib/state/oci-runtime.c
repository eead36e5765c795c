/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the two low-level runtimes started a container: each keeps a folder of its own for it,
 * runc with a state.json in it, crun with a status. */
#include "state/rootless.h"
#include "state/runtime.h"
#include "util/parse.h"

#define NAMESPACES_MAX 256

static const struct {
	const char *file, *name;
} marks[] = { { "state.json", "runc" }, { "status", "crun" } };

/* Where an engine has its runtimes keep that, before the id. */
static const struct {
	const char *engine; /* NULL: every one that has no row above */
	size_t root_offset;
	const char *root_default, *before;
} places[] = {
	{ "docker", offsetof(StateRoots, docker_exec_root), "run/docker", "runtime-runc/moby/" },
	{ "docker", offsetof(StateRoots, docker_exec_root), "run/docker", "runtime-crun/moby/" },
	{ NULL, offsetof(StateRoots, runc_root), "run/runc", "" },
	{ NULL, offsetof(StateRoots, crun_root), "run/crun", "" },
};

static const char *mark_in(const StateFolder *in, const char *folder)
{
	char path[NAME_MAX + CGROUP_ID_MAX + 64];
	struct stat st;

	for (size_t i = 0; i < ELEMENTSOF(marks); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, marks[i].file);
		if (state_stat(in, path, &st) == 0)
			return marks[i].name;
	}
	return NULL;
}

/* STATE/runc/NAMESPACE/ID, whichever runtime it is. */
static const char *ask_containerd(const StateRoots *roots, const char *id)
{
	_cleanup_folder_ StateFolder state = STATE_FOLDER_NULL;
	_cleanup_(closedirp) DIR *stream = NULL;
	char path[NAME_MAX + CGROUP_ID_MAX + 8];
	const char *found = NULL;
	struct dirent *e;

	if (state_open_folder(roots, roots->containerd_state ?: "run/containerd", &state) < 0 ||
	    state_open_beneath(&state, "runc", &stream) < 0)
		return NULL;
	for (unsigned n = 0; !found && n < NAMESPACES_MAX && (e = readdir(stream)); n++) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "runc/%s/%s", e->d_name, id);
		found = mark_in(&state, path);
	}
	return found;
}

static const char *ask(const StateRoots *roots, const Container *c)
{
	bool has_own = false;

	if (strcmp(c->runtime, "containerd") == 0)
		return ask_containerd(roots, c->id);
	for (size_t i = 0; i < ELEMENTSOF(places); i++) {
		const char *root =
			*(const char *const *)((const char *)roots + places[i].root_offset);
		_cleanup_folder_ StateFolder folder = STATE_FOLDER_NULL;
		char path[CGROUP_ID_MAX + 32];
		const char *found;

		if (places[i].engine ? strcmp(places[i].engine, c->runtime) != 0 : has_own)
			continue;
		has_own |= places[i].engine != NULL;
		if (state_open_folder(roots, root ?: places[i].root_default, &folder) < 0)
			continue;
		snprintf(path, sizeof(path), "%s%s", places[i].before, c->id);
		found = mark_in(&folder, path);
		if (found)
			return found;
	}
	return NULL;
}

const char *container_oci_runtime(const StateRoots *roots, const Container *c)
{
	Rootless rootless;
	uint32_t uid;

	if (roots->root_fd < 0 || !c->runtime || !runtime_is_id(span_of(c->id)))
		return NULL;
	if (parse_u32(span_of(c->names.user), &uid) == 0) {
		rootless_roots(roots, uid, &rootless);
		roots = &rootless.roots;
	}
	return ask(roots, c);
}
