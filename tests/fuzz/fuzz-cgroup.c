/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of a /proc/PID/cgroup, which whoever may create cgroups writes parts of. */
#include <assert.h>

#include "who/subject.h"
#include "who/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const CgroupIdentity *id, Span text)
{
	WorkloadName workload;
	SubjectKey key;

	assert(cgroup_kind_name(id->kind));
	assert(id->container == (id->kind == CGROUP_CONTAINER || id->kind == CGROUP_BUILD_STEP));
	assert(!id->container || id->runtime);
	assert(!id->path.p || (id->path.p >= text.p && id->path.p + id->path.n <= text.p + text.n));
	for (const char *c = id->id; *c; c++)
		assert(*c != '/' && (unsigned char)*c > ' ' && (unsigned char)*c < 0x7f);
	subject_of_identity(id, SPAN_LIT("/bin/true"), &key);
	assert((key.kind == SUBJECT_UNATTRIBUTED) == (key.cause != CAUSE_NONE));
	workload_name(&(WorkloadFacts){ .key = &key }, &workload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = { (const char *)data, size };
	CgroupIdentity id;

	cgroup_identify_file(text, &id);
	check(&id, text);
	cgroup_identify_path(text, &id);
	check(&id, text);
	return 0;
}
