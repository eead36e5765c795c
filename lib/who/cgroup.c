/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "who/cgroup-path.h"

void cgroup_identify_path(Span path, CgroupIdentity *ret)
{
	PathFacts f;

	path_facts_read(path, false, &f);
	path_facts_identity(&f, ret);
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
