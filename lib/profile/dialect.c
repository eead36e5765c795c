/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/dialect.h"

static const char *const names[_DIALECT_MAX] = {
	[DIALECT_DOCKER] = "docker",
	[DIALECT_PODMAN] = "podman",
	[DIALECT_OCI] = "oci",
	[DIALECT_SPO] = "spo",
	[DIALECT_SYSTEMD] = "systemd",
};

const char *dialect_name(Dialect d)
{
	return (unsigned)d < _DIALECT_MAX ? names[d] : "?";
}

int dialect_from_name(Span name, Dialect *ret)
{
	for (unsigned i = 0; i < _DIALECT_MAX; i++)
		if (span_is(name, names[i])) {
			*ret = (Dialect)i;
			return 0;
		}
	/* A node's localhost profile goes to runc or crun as it is. */
	if (span_is(name, "kubernetes")) {
		*ret = DIALECT_OCI;
		return 0;
	}
	return -EINVAL;
}
