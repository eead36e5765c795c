/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The filter that a workload runs under, as its runtime loaded it here and the ledger keeps it. */
#include "evidence/ledger.h"
#include "profile/profile.h"

/* NULL in *ret when the ledger does not have it, or it cannot be read. -errno as of the ledger. */
int applied_read(Ledger *l, const char *hash, Profile **ret);
