/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which workload of the ledger a person means by a word. */
#include "evidence/ledger.h"

typedef struct Workload {
	int64_t id;
	char *name, *runtime, *container_name, *image, *stage, *visibility;
	char *profile_hash, *profile_source, *dialect; /* each may be "" */
	uint64_t sightings, records, dropped;
	usec_t first, last;
	bool heuristic;  /* instances were joined by a guess from their names */
	bool asserted;   /* somebody said that a log's calls are its own: */
	bool imported;   /* a log of strace's */
	uint32_t hosts;  /* that have it */
	uint32_t others; /* of them run it under another filter now */
} Workload;

typedef struct Workloads {
	Workload *rows;
	size_t n, allocated;
} Workloads;

void workload_done(Workload *w);
void workloads_done(Workloads *w);
#define _cleanup_workloads_ _cleanup_(workloads_done)

/* Copies a row to the end; -ENOMEM. */
int workloads_add(Workloads *w, const LedgerWorkloadRow *row);

/* All of them, by name. */
int workloads_read(Ledger *l, Workloads *ret);

/*
 * The one workload that @word means: its exact name, also as the verbs show it; else the only one
 * whose name behind the first
 * ':' or whose container's name or image it is; else the only one whose name starts with it.
 * -ENOTUNIQ and -ENOENT with a sentence in @d that names the candidates or the closest.
 */
int workload_lookup(const Workloads *all, const char *word, const Workload **ret, Diag *d);
