/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The folders of containers/storage, which Podman and CRI-O share: GRAPHROOT/DRIVER-containers/ID
 * and its like below the run root. Private to lib/state. */
#include <limits.h>

#include "state/state-file.h"

typedef struct Store {
	StateFolder graph, run; /* .fd of run is -1 when there is none */
	DIR *stream;
	unsigned n_drivers;
	char driver[NAME_MAX + 1]; /* "overlay-containers" */
} Store;

#define STORE_NULL ((Store){ .graph = { .fd = -1 }, .run = { .fd = -1 } })

int store_open(const StateRoots *roots, Store *s);
void store_done(Store *s);
#define _cleanup_store_ _cleanup_(store_done)

/* Moves on to the next driver; false at the end. */
bool store_next_driver(Store *s);
