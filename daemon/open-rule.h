/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which paths seccompd-open opens: patterns below the places where runtimes keep their state. Pure.
 */
#include <stdbool.h>
#include <stddef.h>

#include "daemon/open-protocol.h"

typedef enum OpenPlace {
	PLACE_DOCKER,
	PLACE_DOCKER_EXEC,
	PLACE_CONTAINERD,
	PLACE_K3S,
	PLACE_STORE,
	PLACE_STORE_RUN,
	PLACE_RUNC,
	PLACE_CRUN,
	PLACE_LXC,
	PLACE_INCUS,
	PLACE_LXD,
	PLACE_LXD_SNAP,
	PLACE_BUNDLES,
	_OPEN_PLACE_MAX,
} OpenPlace;

/* Where the system's are, as its root has said: without a leading slash, NULL = the default. */
typedef struct OpenPlaces {
	const char *path[_OPEN_PLACE_MAX];
} OpenPlaces;

/* "NAME=/FOLDER": false when there is no such place or it is no plain absolute path. @arg is
 * borrowed, and changed. */
bool open_places_set(OpenPlaces *p, char *arg);

/* 0 when the request is well formed and its path allowed: the first *ret_base bytes of it are the
 * place or the user's own folder, and all behind them is known by its pattern. -EINVAL, -EACCES. */
int open_rule_check(const OpenPlaces *p, const OpenRequest *r, size_t *ret_base);
