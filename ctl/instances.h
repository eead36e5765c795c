/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What runs of the workloads, one by one, with what decides how a profile would be read for it. */
#include "ctl/ctl.h"
#include "profile/stage.h"
#include "state/container.h"
#include "util/unit-filter.h"

/* A filter that was applied; one that many have is held once. */
typedef struct AppliedFilter {
	char hash[PROFILE_HASH_SIZE];
	char *json; /* in OCI form; NULL: unconfined */
} AppliedFilter;

typedef struct Instance {
	char *workload;
	char *name;           /* the container's or the unit's */
	char *profile_source; /* as asked for, where the runtime keeps it, or NULL */
	char id[CGROUP_ID_MAX];
	const char *engine;      /* "docker"... or "systemd"; static */
	const char *oci_runtime; /* container_oci_runtime() */
	bool ended;              /* what its engine still has of it */
	bool has_capabilities;
	uint64_t capabilities; /* its bounding set */
	bool has_filter;
	bool given; /* its runtime was given a filter, which may hold nothing */
	bool no_new_privs, privileged;
	char engine_socket[256]; /* Container's */
	size_t filter;           /* in Instances.filters */
	int32_t init_pid;
	uint64_t init_start;
} Instance;

typedef struct Instances {
	Instance *rows; /* by workload, then by name and id once they are sorted */
	size_t n, allocated;
	AppliedFilter *filters;
	size_t n_filters, allocated_filters;
} Instances;

void instances_done(Instances *all);
#define _cleanup_instances_ _cleanup_(instances_done)

/* Copies one to the end, with @hash as the identity of its filter ("" when that is not known).
 * -ENOMEM. */
int instances_add_container(Instances *all, const StateRoots *roots, const char *workload,
			    const Container *c, bool ended, const char *hash);
int instances_add_unit(Instances *all, const char *workload, const char *unit, const UnitFilter *f,
		       Span json, const char *hash);
void instances_sort(Instances *all);

/* The first one of @workload in a sorted list, and how many follow it; NULL when there is none. */
const Instance *instances_of(const Instances *all, const char *workload, size_t *ret_n);

/* Of those, the first whose capabilities are known; NULL when they are of none. */
const Instance *instances_with_capabilities(const Instances *all, const char *workload);
