/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How much the filter of a workload allows. */
#include "ctl/evidence.h"

typedef struct Allowed {
	int calls;  /* of this host's architecture; -1: its filter is not known, or there is none */
	int docker; /* that Docker's default allows to a container with the same capabilities */
} Allowed;

/* By the filter that it ran under last. -errno as of the ledger. */
int allowed_read(const Evidence *e, const Workload *w, Allowed *ret);
