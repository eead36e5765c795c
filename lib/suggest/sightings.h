/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A workload's sightings, copied out of the ledger with their names and examples. */
#include "audit/syscall.h"
#include "evidence/ledger.h"
#include "profile/json-line.h"
#include "suggest/suggest.h"

typedef struct Sighting {
	int64_t id;
	char *profile_hash; /* or "" */
	uint32_t arch;
	int64_t nr;
	char name[SYSCALL_NAME_MAX]; /* "" when nothing knows the number */
	Action action;
	Origin origin;
	uint64_t count, own_filter;
	usec_t first, last;
	uint32_t subjects;
	uint32_t lifetimes, serial; /* as LedgerSightingRow's */
	uint32_t hosts; /* that it was made on */
	LedgerMaking makings[LEDGER_MAKINGS_MAX];
	size_t n_makings;
	Suspicion suspicion;                          /* the caller's: see suspect.h */
	SuggestExample examples[LEDGER_EXAMPLES_MAX]; /* texts owned */
	size_t n_examples;
} Sighting;

typedef struct Sightings {
	Sighting *rows;
	size_t n, allocated;
} Sightings;

void sightings_done(Sightings *s);
#define _cleanup_sightings_ _cleanup_(sightings_done)

int sightings_read(Ledger *l, int64_t workload, Sightings *ret);

/* As evidence for lib/suggest; texts are those of @s. @applied_hash is the filter of now, or "".
 * NULL when out of memory; free it. */
Observed *sightings_observed(const Sightings *s, const char *applied_hash);

/* The "examples" array of the client's JSON. */
void examples_json(const SuggestExample *examples, size_t n, JsonLine *j);
