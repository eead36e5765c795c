/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What runs now, whether it made a call outside its profile or not: the containers that the
 * runtimes' state knows, and the units with a filter of their own. */
#include "ctl/ctl.h"
#include "ctl/workload-lookup.h"

/*
 * By name (the administrator's first), each workload once, however many instances of it run;
 * without an id, and without figures. State is read where the daemon that wrote @l reads it. What
 * cannot be read is said on standard error, in a sentence for each part that is missing. -ENOMEM.
 */
int inventory_read(const Ctl *ctl, Ledger *l, const char *verb, Workloads *ret);

/*
 * The filter under which an instance of @workload runs: OCI JSON that the caller frees, NULL when
 * it runs without one. -ENOENT when no container of it runs, or none whose filter is known;
 * -ENOMEM.
 */
int inventory_filter(const Ctl *ctl, Ledger *l, const char *verb, const char *workload,
		     char **ret_json);
