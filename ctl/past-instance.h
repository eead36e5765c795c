/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the ledger still knows of an instance of which no engine has anything any more. */
#include "ctl/instances.h"
#include "suggest/workload-lookup.h"

/* The newest lifetime of @w whose capabilities were seen, as an instance that has ended; its name
 * is borrowed from @w. -ENOENT when there is none. */
int past_instance(Ledger *l, const Workload *w, Instance *ret);

/* The bounding set of LedgerLifetime.capabilities. -EINVAL. */
int past_capabilities(const char *text, uint64_t *ret);
