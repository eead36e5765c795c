/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Who reads a profile: the same keys mean different things to each of them. */
#include "util/span.h"

typedef enum Dialect {
	DIALECT_DOCKER, /* moby evaluates archMap, includes, excludes, minKernel */
	DIALECT_PODMAN, /* containers/common: Podman, Buildah, CRI-O's default; also errno names */
	DIALECT_OCI,    /* runc, crun, localhost profiles of containerd and CRI-O: none of these */
	DIALECT_SPO,    /* the Security Profiles Operator's SeccompProfile, as JSON */
	_DIALECT_JSON_MAX,
	DIALECT_SYSTEMD = _DIALECT_JSON_MAX, /* the settings of a unit: systemd-settings.h */
	_DIALECT_MAX,
} Dialect;

/* "docker", "podman", "oci", "spo", "systemd". */
const char *dialect_name(Dialect d) _const_;

/* The inverse; "kubernetes" is another word for "oci". -EINVAL. */
int dialect_from_name(Span name, Dialect *ret);
