/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From a subject of the tally (an id, a unit) to the workload, the container's names and the
 * applied profile, by runtime state on disk. Runs on the writer's side: it may wait for a disk.
 * What was found is remembered per subject; a container's id never changes its filter, a unit may
 * be restarted with another.
 */
#include "daemon/container-cache.h"
#include "daemon/unit-bus.h"
#include "evidence/ledger.h"
#include "evidence/tally.h"
#include "profile/stage.h"
#include "state/container.h"
#include "state/roots.h"
#include "who/workload-rule.h"

typedef struct Resolver Resolver;

typedef struct Resolved {
	int64_t workload, subject; /* row ids of the ledger */
	SubjectKind kind;          /* a unit's part may have turned out to be a container */
	char profile_hash[PROFILE_HASH_SIZE];
} Resolved;

/* The client looks for what runs where we do: notes the places in the ledger. */
int resolver_note_roots(StateRoots *roots, Ledger *ledger);

int resolver_new(const StateRoots *roots, Resolver **ret);
Resolver *resolver_free(Resolver *r);
DEFINE_CLEANUP(Resolver, resolver_free);

/* The administrator's rules and this host's name, both borrowed; without them the default names. */
void resolver_use_names(Resolver *r, const WorkloadRules *rules, const char *node);
/* Other places; what they hold is the caller's. */
void resolver_set_roots(Resolver *r, const StateRoots *roots);
/* Asked before the state on disk, which a container that ended has none of. Borrowed; NULL = none.
 */
void resolver_set_cache(Resolver *r, const ContainerCache *cache);

/* Asked for the filters of units. Borrowed; NULL = none. */
void resolver_set_units(Resolver *r, UnitBus *units);

/* Within a transaction of @ledger. @index is the subject's place in the tally. 0; RESOLVE_LATER
 * when the state is not there yet (ask again soon); -ENOSPC when the ledger holds no more
 * workloads. */
enum { RESOLVE_LATER = 1 };
int resolver_get(Resolver *r, Ledger *ledger, uint32_t index, const TallySubject *subject,
		 usec_t now, Resolved *ret);

/* The workload of a container that runs, whether it made a call or not; .subject is not set. @path
 * is its cgroup. Within a transaction; -ENOSPC when there is no room for workloads without a
 * record. */
int resolver_put_container(const Resolver *r, Ledger *ledger, const char *path, const Container *c,
			   usec_t now, Resolved *ret);

/* The same of a unit that runs under this filter. */
int resolver_put_unit(const Resolver *r, Ledger *ledger, const char *unit, const UnitFilter *filter,
		      usec_t now, Resolved *ret);

/* The transaction was rolled back: the row ids are of no use. */
void resolver_forget(Resolver *r);

/* From now on what cannot be found at once is taken as unconfirmed: the last pass before the end.
 */
void resolver_hurry(Resolver *r);

/* How often state could not be read for lack of permission, was malformed or cut off. */
uint64_t resolver_unreadable(const Resolver *r);
