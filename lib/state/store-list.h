/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The lists of containers in a store (store.h), whose entries the engine that made the container
 * writes: nothing in them but an image's name is the image's choice. Private to lib/state. */
#include "state/container.h"
#include "state/store.h"

/* The entry of @id, which lives as long as *ret_list (to be put). -ENOENT when no list has it. */
int store_list_find(const Store *s, const char *id, json_object **ret_list, json_object **ret_entry,
		    Diag *d);

/* @c has the entry's id. -ENOENT: it is another engine's; 1 and more ends the walk. */
typedef int (*StoreEntryFn)(const Store *s, json_object *entry, Container *c, void *userdata,
			    Diag *d);

typedef struct StoreWalk {
	StoreEntryFn f;
	void *userdata;
	unsigned n; /* at most CONTAINER_EACH_MAX */
	int first_error;
} StoreWalk;

/* All entries of all drivers: 0, what @w->f ended it with, or the first error behind all of them.
 */
int store_list_each(const StateRoots *roots, StoreWalk *w, Diag *d);

/*
 * Did CRI-O make it? Podman and CRI-O share a store, and Podman copies an image's annotations into
 * the container's config.json, io.container.manager included, so those do not tell. CRI-O's entry
 * (@entry may be NULL) names the pod, Podman's never does; and each has its own prefix before the
 * id in the cgroup that it asks for.
 */
bool store_is_crio(json_object *entry, Span cgroup, const char *id);
