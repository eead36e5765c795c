/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "who/cgroup-path.h"

void cgroup_identify_path(Span path, CgroupIdentity *ret)
{
	PathFacts f;

	path_facts_read(path, false, NULL, &f);
	path_facts_identity(&f, ret);
}

void cgroup_explain_path(Span path, const CgroupObserver *observer)
{
	PathFacts f;

	path_facts_read(path, false, observer, &f);
}

static bool is_unit_file(Span name)
{
	static const char *const suffixes[] = { ".service", ".slice", ".mount", ".socket",
						".swap" };

	for (size_t i = 0; i < ELEMENTSOF(suffixes); i++)
		if (span_ends(name, span_of(suffixes[i])))
			return true;
	return span_is(name, "init.scope") || span_starts(name, SPAN_LIT("session-"));
}

Span cgroup_strip_deleted(Span path)
{
	static const Span deleted = SPAN_LIT(" (deleted)");

	return span_ends(path, deleted) ? span_first(path, path.n - deleted.n) : path;
}

bool cgroup_is_open(const CgroupIdentity *id)
{
	ssize_t slash = span_rfind(id->path, SPAN_LIT("/"));
	Span name = slash < 0 ? SPAN_NULL : span_from(id->path, (size_t)slash + 1);

	switch (id->kind) {
	case CGROUP_NONE:
	case CGROUP_POD:
	case CGROUP_HOST_SERVICE:
	case CGROUP_USER_SESSION:
	case CGROUP_USER_SLICE:
		return name.n > 0 && !is_unit_file(name) && !cgroup_is_engine_folder(name);
	default:
		return false;
	}
}

static bool is_of_unit(const CgroupIdentity *id)
{
	return (id->kind == CGROUP_HOST_SERVICE || id->kind == CGROUP_MOUNT_UNIT) &&
	       !id->container && id->uid == UINT32_MAX && id->unit[0] &&
	       !span_ends(span_of(id->unit), SPAN_LIT(".slice"));
}

/* A service may call what it makes below its own cgroup like itself: there must be no unit above.
 */
bool cgroup_identify_unit(Span path, CgroupIdentity *ret)
{
	ssize_t slash = span_rfind(path, SPAN_LIT("/"));
	Span name = slash < 0 ? SPAN_NULL : span_from(path, (size_t)slash + 1);
	CgroupIdentity above;

	cgroup_identify_path(path, ret);
	/* '_' as in unit_walk_add() */
	if (!is_of_unit(ret) ||
	    !(span_is(name, ret->unit) ||
	      (name.n > 1 && name.p[0] == '_' && span_is(span_from(name, 1), ret->unit))))
		return false;
	if (slash == 0)
		return true;
	cgroup_identify_path(span_make(path.p, (size_t)slash), &above);
	return !above.container && !is_of_unit(&above);
}

const char *cgroup_kind_name(CgroupKind k)
{
	static const char *const names[_CGROUP_KIND_MAX] = {
		[CGROUP_NONE] = "none",
		[CGROUP_CONTAINER] = "container",
		[CGROUP_POD] = "pod",
		[CGROUP_POD_ROOT] = "pod-root",
		[CGROUP_CONMON] = "conmon",
		[CGROUP_MONITOR] = "monitor",
		[CGROUP_VM] = "vm",
		[CGROUP_HOST_SERVICE] = "host-service",
		[CGROUP_USER_SERVICE] = "user-service",
		[CGROUP_USER_SESSION] = "user-session",
		[CGROUP_USER_SLICE] = "user-slice",
		[CGROUP_MOUNT_UNIT] = "mount-unit",
		[CGROUP_JOB] = "job",
		[CGROUP_BUILD_STEP] = "build-step",
		[CGROUP_RELATIVE] = "relative",
		[CGROUP_CONFLICT] = "conflict",
		[CGROUP_INVALID] = "invalid",
		[CGROUP_UNKNOWN] = "unknown",
	};

	return (unsigned)k < _CGROUP_KIND_MAX ? names[k] : "unknown";
}
