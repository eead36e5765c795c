/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* ProfilePath= of seccompd.conf(5): where the owners of profiles keep them. */
#include "config/config-file.h"

#define PROFILE_PATH_PLACES_MAX 32

/* Where distributions, the kubelet and people put them; a single file may stand among the folders.
 */
#define PROFILE_PATH_DEFAULT                                                  \
	"/etc/seccompd/profiles:/etc/docker/seccomp:/etc/containers/seccomp:" \
	"/etc/containers/seccomp.json:/usr/share/containers/seccomp.json:"    \
	"/var/lib/kubelet/seccomp"

/* 1 when the line is this key, and its value is in *path now (the caller frees), 0 when it is not,
 * -EINVAL (-ENOMEM) with a sentence in @d. An empty value is no place at all. */
int profile_path_take(const ConfigLine *line, char **path, Diag *d);
