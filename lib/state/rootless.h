/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Where a user's own Docker, Podman, containerd, crun and runc keep their state. Private to
 * lib/state. */
#include "state/roots.h"

#define ROOTLESS_PLACES 7

typedef struct Rootless {
	StateRoots roots;
	char home[256], runtime_dir[32]; /* home: "" when the passwd file does not say */
	char places[ROOTLESS_PLACES][320];
} Rootless;

/* Fills @ret, whose .roots point into it, with the places of @uid below @system. */
void rootless_roots(const StateRoots *system, uint32_t uid, Rootless *ret);

/* The home of @uid in a passwd file's text, without its leading slash. False when it has none. */
bool rootless_home_parse(Span passwd, uint32_t uid, char *ret, size_t size);
