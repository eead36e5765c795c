/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/asserted-workload.h"
#include "ctl/ctl.h"
#include "seccompd/exit-codes.h"
#include "who/workload.h"

static const struct {
	const char *prefix, *runtime, *dialect;
} runtimes[] = {
	{ "docker:", "docker", "docker" },  { "podman:", "podman", "podman" },
	{ "compose:", "docker", "docker" }, { "swarm:", "docker", "docker" },
	{ "unit:", "", "systemd" },
};

int asserted_workload_check(const char *verb, const char *option, const char *name)
{
	Diag d = { 0 };

	if (workload_check_name(span_of(name), &d) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, verb, "%s: %s", option, d.text);
	return 0;
}

void asserted_workload_kind(const char *name, const char **ret_runtime, const char **ret_dialect)
{
	*ret_runtime = *ret_dialect = "";
	for (size_t i = 0; i < ELEMENTSOF(runtimes); i++)
		if (span_starts(span_of(name), span_of(runtimes[i].prefix))) {
			*ret_runtime = runtimes[i].runtime;
			*ret_dialect = runtimes[i].dialect;
		}
}
