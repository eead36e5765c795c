/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "state/runtime.h"

static const struct {
	const char *name;
	int (*find)(const StateRoots *roots, const char *id, Container *c, Diag *d);
} runtimes[] = {
	{ "docker", docker_find },
	{ "podman", podman_find },
};

void container_done(Container *c)
{
	labels_done(&c->labels);
	free(c->seccomp);
	free(c->profile_source);
	*c = (Container){ 0 };
}

/* The id becomes part of a path: nothing but what these runtimes make. */
static bool is_id(const char *id)
{
	size_t n = strspn(id, "0123456789abcdef");

	return n == 64 && id[n] == '\0';
}

/* "cri-unknown", "oci-unknown": the path does not say, so ask them all. */
static bool runtime_fits(const char *asked, const char *name)
{
	return !asked || strcmp(asked, name) == 0 ||
	       span_ends(span_of(asked), SPAN_LIT("-unknown"));
}

/*
 * Whoever is inside of a container or in a user's own tree may make a directory of any name there:
 * what the system's runtimes recorded can confirm neither.
 */
static bool may_confirm(const Container *c, Span cgroup)
{
	CgroupIdentity seen;

	if (cgroup.n == 0)
		return true;
	cgroup_identify_path(cgroup, &seen);
	if (!seen.container || seen.uid != UINT32_MAX)
		return false;
	if (strcmp(seen.outer_runtime ? seen.outer_id : seen.id, c->id) != 0)
		return false;
	return c->cgroups_path[0] == '\0' || cgroups_path_fits(c->cgroups_path, cgroup);
}

int container_find(const StateRoots *roots, const char *runtime, const char *id, Span cgroup,
		   Container *ret, Diag *d)
{
	int first_error = -ENOENT;

	if (!is_id(id) || roots->root_fd < 0)
		return -ENOENT;
	for (size_t i = 0; i < ELEMENTSOF(runtimes); i++) {
		_cleanup_container_ Container c = { 0 };
		Diag inner = { 0 };
		int r;

		if (!runtime_fits(runtime, runtimes[i].name))
			continue;
		r = runtimes[i].find(roots, id, &c, &inner);
		if (r == 0) {
			c.confirmed = may_confirm(&c, cgroup);
			span_copy(span_of(c.runtime), c.names.runtime, sizeof(c.names.runtime));
			*ret = c;
			c = (Container){ 0 };
			return 0;
		}
		if (first_error == -ENOENT && r != -ENOENT) {
			first_error = r;
			if (d)
				*d = inner;
		}
	}
	return first_error;
}
