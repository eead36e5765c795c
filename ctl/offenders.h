/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Workloads that make more different calls than are kept, and so lose their own evidence. */
#include "ctl/evidence.h"
#include "profile/json-line.h"

/* Records of @w that were not kept: its room in the ledger, or that of one of its containers among
 * the live counters, was full. */
uint64_t workload_dropped(const History *h, const Workload *w);

#define OFFENDERS_MAX 8

typedef struct Offender {
	char name[WORKLOAD_NAME_MAX];
	uint64_t dropped;
} Offender;

/* Those with most, in this order. */
typedef struct Offenders {
	Offender rows[OFFENDERS_MAX];
	size_t n;
} Offenders;

void offenders_add(Offenders *o, const char *name, uint64_t dropped);

/* The "dropped" array of the client's JSON. */
void offenders_json(const Offenders *o, JsonLine *j);

/* A line for each, behind an empty one. */
void offenders_print(const Offenders *o, FILE *f);

/* A line for each container of @w that has filled its part of the live counters. 0, or -errno as of
 * the ledger. */
int offenders_print_containers(const Evidence *e, const Workload *w, FILE *f);
