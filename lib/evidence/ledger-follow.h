/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Looking again and again at a ledger that another process writes: what is new in it. Errors are
 * those of ledger.h. */
#include "evidence/ledger.h"

/* A number that changes whenever another process has changed the ledger: nothing is read until it
 * does. */
int ledger_changes(Ledger *l, int64_t *ret);

/* A sighting with the name of its workload. */
typedef struct LedgerFollowed {
	int64_t id; /* a later sighting's is greater; none is given twice */
	int64_t workload;
	const char *workload_name;
	const char *host;
	uint32_t arch;
	int64_t nr;
	Action action;
	Origin origin;
	uint64_t count;
	usec_t first, last;
} LedgerFollowed;

typedef int (*LedgerFollowedFunction)(const LedgerFollowed *row, void *userdata);

/* Those behind the id @after, and those made @since or later, by id. */
int ledger_each_recent(Ledger *l, int64_t after, usec_t since, LedgerFollowedFunction f,
		       void *userdata);

/* The @limit newest of those first made @since or later, by that time; of the workload with this
 * name, or NULL. */
int ledger_each_newest(Ledger *l, const char *workload, usec_t since, uint32_t limit,
		       LedgerFollowedFunction f, void *userdata);

/* The greatest id; 0 when there is no sighting. */
int ledger_last_sighting(Ledger *l, int64_t *ret);

/* For each workload that has any: how many of its sightings were first made @since or later. */
int ledger_each_fresh(Ledger *l, usec_t since,
		      int (*f)(int64_t workload, uint64_t n, void *userdata), void *userdata);

/* What a workload is under now. */
typedef struct LedgerStage {
	int64_t id;
	const char *name, *stage, *visibility, *profile_hash, *host;
} LedgerStage;

/* By id. */
int ledger_each_stage(Ledger *l, int (*f)(const LedgerStage *row, void *userdata), void *userdata);
