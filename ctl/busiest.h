/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Who makes most of the records just now: in this whole hour and the one before, as the ledger
 * counts them. With those that were not kept, because who floods with different calls keeps few. */
#include "ctl/offenders.h"

typedef struct Busiest {
	usec_t since;
	uint64_t all;
	Offenders top; /* its .dropped are records here */
} Busiest;

/* For busiest_add(). */
void busiest_init(Busiest *b, usec_t now);

/* 0, or -errno as of the ledger. */
int busiest_add(Busiest *b, Ledger *l, const History *h, const Workload *w);

/* The "busiest" object of the client's JSON. */
void busiest_json(const Busiest *b, JsonLine *j);

/* A heading and a line for each that made a tenth or more; nothing when there is none. */
void busiest_print(const Busiest *b, usec_t now, FILE *f);
