/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Whose a ledger's rows are. What a daemon writes is of one host: its name, and the id of its
 * machine. In a ledger that is made from others, or from what they told, each of them has a host
 * row of its own, known by its origin: the id of the ledger and that of the machine, and the name
 * where there is no such id. Errors are those of ledger.h.
 */
#include "evidence/ledger.h"

#define LEDGER_MACHINE_SIZE 33 /* 32 hex digits, or "" */

typedef struct LedgerHost {
	int64_t id;
	const char *name;             /* as it is shown; no two are alike */
	const char *hostname;         /* what it calls itself */
	const char *ledger, *machine; /* ids; "" = not known */
	usec_t named;                 /* it called itself so then; of a ledger that is made */
	usec_t heard;                 /* it told something of that time, or had a daemon then */
	usec_t retired;               /* a person said that nothing will come behind this */
	bool doubled;                 /* two daemons wrote under one ledger's id */
} LedgerHost;

int ledger_each_host(Ledger *l, int (*f)(const LedgerHost *row, void *userdata), void *userdata);

/* A workload on one host: the newest of its filters there. */
typedef struct LedgerShare {
	int64_t host;
	const char *name; /* of the host */
	const char *stage, *visibility, *profile_hash;
	uint64_t sightings, records;
	usec_t first, last;
	uint64_t running; /* instances that no end is known of */
} LedgerShare;

/* Each host that has a workload of the name of this one. */
int ledger_each_share(Ledger *l, int64_t workload, int (*f)(const LedgerShare *row, void *userdata),
		      void *userdata);

/* How many hosts the ledger tells of. What a reader asks by a workload's id is of all of them that
 * have one of its name. */
unsigned ledger_hosts(const Ledger *l) _pure_;

/* A writer's, behind ledger_open_writer(): the id of the machine that it writes of, also after each
 * ledger_reopen(). A host that was renamed keeps its rows. */
int ledger_know_machine(Ledger *l, const char *machine);
