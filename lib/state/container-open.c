/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Containers whose cgroup's name does not say that it is one: the name is free, and only what the
 * runtime recorded tells. */
#include <errno.h>

#include "state/runtime.h"

/* A path of more elements is none that a runtime makes by itself. */
#define ELEMENTS_MAX 8

/* Where the walk over all containers has got to. */
typedef struct Search {
	const StateRoots *roots;
	Span cgroup;
	Container *ret;
	bool found;
	int error;
} Search;

static size_t split_path(Span path, Span *elements)
{
	Span part;
	size_t n = 0;

	path = cgroup_strip_deleted(path);
	while (span_starts(path, SPAN_LIT("/../")))
		path = span_from(path, 3);
	path = span_from(path, 1);
	while (n < ELEMENTS_MAX && span_split(&path, '/', &part))
		elements[n++] = part;
	return path.p ? 0 : n;
}

static int try_id(const StateRoots *roots, const char *runtime, Span namespace, Span id,
		  Span cgroup, Container *ret, Diag *d)
{
	char text[CGROUP_ID_MAX];
	const Lookup l = {
		.roots = roots, .id = text, .cgroup = cgroup, .namespace = namespace, .open = true
	};

	if (!runtime_is_id(id) || !span_copy(id, text, sizeof(text)))
		return -ENOENT;
	return runtime_lookup(&l, runtime, ret, d);
}

/* "/NAMESPACE/ID" of containerd, then any element as runc's and crun's id. */
static int try_elements(const StateRoots *roots, Span cgroup, Container *ret, Diag *d)
{
	Span elements[ELEMENTS_MAX];
	size_t n = split_path(cgroup, elements);
	int r = -ENOENT;

	if (n >= 2)
		r = try_id(roots, "containerd", elements[0], elements[1], cgroup, ret, d);
	for (size_t i = n; i > 0 && (r < 0 || !ret->confirmed); i--)
		for (unsigned k = 0; k < 2 && (r < 0 || !ret->confirmed); k++)
			r = try_id(roots, k ? "crun" : "runc", SPAN_NULL, elements[i - 1], cgroup,
				   ret, d);
	return r;
}

/* An odd leaf below a pod's directory: its id is the element behind. */
static int try_pod_leaf(const StateRoots *roots, Span cgroup, Container *ret, Diag *d)
{
	Span elements[ELEMENTS_MAX];
	size_t n = split_path(cgroup, elements);
	char uid[40];

	for (size_t i = 0; i + 1 < n; i++)
		if (cgroup_pod_uid(elements[i], uid))
			return try_id(roots, NULL, SPAN_NULL, elements[i + 1], cgroup, ret, d);
	return -ENOENT;
}

static int compare(const Container *c, void *userdata)
{
	Search *s = userdata;
	Container probe = *c; /* borrowed pointers: not to be ended */

	container_confirm(s->roots, &probe, s->cgroup, true);
	if (probe.basis < CONTAINER_BY_CGROUP)
		return 0;
	s->error = try_id(s->roots, c->runtime, SPAN_NULL, span_of(c->id), s->cgroup, s->ret, NULL);
	s->found = s->error == 0;
	return 1;
}

/* An id may have nothing to do with the path that was chosen for it. */
static int try_all(const StateRoots *roots, Span cgroup, Container *ret)
{
	static const Runtime *const by_hand[] = { &runtime_containerd, &runtime_runc, &runtime_crun,
						  &runtime_machine };
	Search s = { .roots = roots, .cgroup = cgroup, .ret = ret, .error = -ENOENT };

	for (size_t i = 0; i < ELEMENTSOF(by_hand) && !s.found; i++)
		by_hand[i]->each(roots, compare, &s, NULL);
	return s.error;
}

int container_find_open(const StateRoots *roots, const CgroupIdentity *seen, bool thorough,
			Container *ret, Diag *d)
{
	_cleanup_container_ Container c = { 0 };
	int r;

	if (roots->root_fd < 0 || !cgroup_is_open(seen))
		return -ENOENT;
	r = seen->kind == CGROUP_POD ? try_pod_leaf(roots, seen->path, &c, d)
				     : try_elements(roots, seen->path, &c, d);
	if (r != -EAGAIN && (r < 0 || !c.confirmed)) {
		container_done(&c);
		r = thorough ? try_all(roots, seen->path, &c) : -ENOENT;
	}
	if (r < 0)
		return r;
	if (!c.confirmed)
		return -ENOENT;
	*ret = c;
	c = (Container){ 0 };
	return 0;
}
