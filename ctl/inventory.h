/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What runs now, whether it made a call outside its profile or not: the containers that the
 * runtimes' state knows, and the units with a filter of their own. */
#include "ctl/ctl.h"
#include "ctl/instances.h"
#include "suggest/workload-lookup.h"

typedef struct Inventory {
	Workloads workloads; /* by name, each once, without an id and without figures */
	Instances instances; /* all that runs of them */
	Instances ended;     /* containers of which an engine still has the configuration */
	bool partial;        /* some of the runtimes' state could not be read: */
	int error;           /* why, -errno */
	Diag fault;          /* in a sentence, or empty */
	int units_error;     /* why systemd could not be asked, -errno */
} Inventory;

void inventory_done(Inventory *i);
#define _cleanup_inventory_ _cleanup_(inventory_done)

/*
 * Names are the administrator's first. State is read where the daemon that wrote @l reads it; @l
 * may be NULL, then where the configuration says. What cannot be read is said on standard error, in
 * a sentence for each part that is missing; with @verb NULL only .partial and the errors say it.
 * -ENOMEM.
 */
int inventory_read(const Ctl *ctl, Ledger *l, const char *verb, Inventory *ret);

/* The same without units but with what has ended, and in silence: .partial says it. */
int inventory_read_containers(const Ctl *ctl, Ledger *l, Inventory *ret);

/* A container of @workload whose capabilities are known, one that runs if there is one; or NULL. */
const Instance *inventory_example(const Inventory *i, const char *workload);

/*
 * The filter under which an instance of @workload runs: OCI JSON that the caller frees, NULL when
 * it runs without one. -ENOENT when no container of it runs, or none whose filter is known;
 * -ENOMEM.
 */
int inventory_filter(const Ctl *ctl, Ledger *l, const char *verb, const char *workload,
		     char **ret_json);
