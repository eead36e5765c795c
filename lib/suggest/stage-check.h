/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "suggest/workload-lookup.h"
#include "suggest/contradiction.h"

/* Do the ledger's records of @w fit the stage that its applied filter has? 1 with what does not, 0,
 * or -errno as of the ledger. */
int stage_check(Ledger *l, const Workload *w, Contradiction *ret);

/* One sentence on it. */
void stage_check_print(const Workload *w, const Contradiction *c, FILE *f);
