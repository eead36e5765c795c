/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What doctor judges: of the host, and of each container that runs. */
#include "ctl/audit-rules.h"
#include "ctl/evidence.h"
#include "ctl/inventory.h"
#include "ctl/profile-in-use.h"
#include "suggest/doctor.h"

/* What a filter that containers have comes to. */
typedef struct FilterFacts {
	AppliedProfile applied;
	DoctorFilter filter;
} FilterFacts;

typedef struct DoctorFacts {
	DoctorHost host;
	char *actions, *cmdline, *ledger_fault, *daemon_fault;
	char source[64], lineage[128];
	AuditRules rules;
	Ledger *ledger; /* or NULL */
	Inventory now;
	FilterFacts *filters; /* of each of .now.instances.filters */
} DoctorFacts;

/* -ENOMEM; what else cannot be read is a fact. */
int doctor_facts_new(const Ctl *ctl, DoctorFacts **ret);
DoctorFacts *doctor_facts_free(DoctorFacts *f);
DEFINE_CLEANUP(DoctorFacts, doctor_facts_free);

/* Is it a container, of which the rest speaks? */
bool doctor_is_container(const Instance *i);

/* The facts of one; texts are borrowed from @f and @i. */
void doctor_facts_of(const Ctl *ctl, const DoctorFacts *f, int proc_fd, const Instance *i,
		     DoctorContainer *ret);

/* "/proc", or what stands for it. */
int doctor_open_proc(const Ctl *ctl);
